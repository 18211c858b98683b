package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.daemon.chaos.Ending.Stored;
import io.github.raspberryspy.segments.SegmentManifest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Says what in a history breaks what is promised: that nothing is deleted which the master has not,
 * that what it shows is whole, once, that what is saved stays, that order is kept, and that each
 * loss is listed. Knows nothing but what was seen from outside.
 *
 * <p>Source: the idea is that of Jepsen's checkers: histories are judged afterwards, by a function.
 */
final class HistoryChecker {

  /** Between two segments as their manifests round, and less than a lost frame at 2 a second. */
  private static final Duration TOLERANCE = Duration.ofMillis(400);

  private final List<Seen> history;
  private final Ending ending;
  private final Map<String, Stored> stored = new HashMap<>();
  private final Map<String, SegmentManifest> recorded = new HashMap<>();
  private final Set<String> flipped = new HashSet<>();
  private final List<String> violations = new ArrayList<>();

  private HistoryChecker(List<Seen> history, Ending ending) {
    this.history = history;
    this.ending = ending;
  }

  /** Each breach in one sentence; empty where there is none. */
  static List<String> violations(List<Seen> history, Ending ending) {
    HistoryChecker checker = new HistoryChecker(history, ending);
    checker.check();
    return checker.violations;
  }

  private void check() {
    checkStoredOnceAndWhole();
    for (Seen seen : history) {
      if (seen instanceof Seen.Recorded r) {
        recorded.put(r.manifest().id().toString(), r.manifest());
      } else if (seen instanceof Seen.Flipped f) {
        flipped.add(f.id());
      }
    }
    checkVouchedFor();
    checkVisible();
    checkSaved();
    byCamera().forEach(this::checkTimeline);
    ending.spooled().stream()
        .filter(id -> !flipped.contains(id))
        .forEach(id -> breach("all is quiet, and " + id + " was never brought to the master"));
  }

  /** I2, I3 of the files. */
  private void checkStoredOnceAndWhole() {
    for (Stored segment : ending.stored()) {
      if (stored.put(segment.id(), segment) != null) {
        breach("I3: " + segment.id() + " lies twice in the footage folder");
      }
      if (!segment.sha256().equals(segment.manifest().content().sha256())) {
        breach("I2: " + segment.id() + " has other bytes than its manifest says");
      }
      if (!segment.plays()) {
        breach("I2: " + segment.id() + " does not play");
      }
      if (!ending.listed().contains(segment.id())) {
        breach("I2: " + segment.id() + " lies in the footage folder and is not listed");
      }
    }
    Set<String> once = new HashSet<>();
    for (String id : ending.listed()) {
      if (!once.add(id)) {
        breach("I3: " + id + " is listed twice");
      }
      if (!stored.containsKey(id)) {
        breach("I2: " + id + " is listed and not there");
      }
    }
  }

  /** I1: what has a receipt, or is gone from the camera, is on the master with the same bytes. */
  private void checkVouchedFor() {
    Set<String> told = new HashSet<>();
    for (Seen seen : history) {
      if (seen instanceof Seen.Acknowledged a && told.add("a" + a.id())) {
        requireHeld(a.id(), "was acknowledged");
      } else if (seen instanceof Seen.Deleted d && told.add("d" + d.id())) {
        if (!isAccountedFor(d.id())) {
          requireHeld(d.id(), "was deleted by its camera");
        }
      }
    }
  }

  private void requireHeld(String id, String why) {
    Stored here = stored.get(id);
    SegmentManifest there = recorded.get(id);
    if (here == null) {
      breach("I1: " + id + " " + why + " and is not on the master");
    } else if (there != null && !here.sha256().equals(there.content().sha256())) {
      breach("I1: " + id + " " + why + " and has other bytes on the master");
    }
  }

  /** Dropped for want of room, with a gap that says so; or damaged, and kept aside. */
  private boolean isAccountedFor(String id) {
    SegmentManifest manifest = recorded.get(id);
    return flipped.contains(id)
        || ending.quarantined().contains(id)
        || (manifest != null && !stored.containsKey(id) && isListedAsGap(manifest));
  }

  private boolean isListedAsGap(SegmentManifest manifest) {
    List<Span> gaps =
        ending.stored().stream()
            .map(Stored::manifest)
            .filter(m -> m.id().camera().equals(manifest.id().camera()))
            .flatMap(m -> m.gaps().stream())
            .map(gap -> new Span(gap.start(), gap.end()))
            .collect(Collectors.toCollection(ArrayList::new));
    return holes(gaps, manifest.start(), manifest.end()).isEmpty();
  }

  /** I2, I3 at each moment that the master was asked. */
  private void checkVisible() {
    Map<String, String> now = new HashMap<>();
    for (Seen seen : history) {
      if (seen instanceof Seen.Visible v) {
        if (now.put(v.id(), v.sha256()) != null) {
          breach("I3: " + v.id() + " was listed twice at once");
        }
        SegmentManifest there = recorded.get(v.id());
        Stored here = stored.get(v.id());
        boolean isTheirs = there != null && there.content().sha256().equals(v.sha256());
        boolean isOurs = here != null && here.sha256().equals(v.sha256());
        if (!isTheirs && !isOurs && there != null) {
          breach("I2: " + v.id() + " was listed with bytes that its camera never sealed");
        }
      } else if (seen instanceof Seen.Hidden h) {
        now.remove(h.id());
      }
    }
    for (String id : now.keySet()) {
      if (!stored.containsKey(id)) {
        breach("I2: " + id + " was listed as complete and is gone");
      }
    }
  }

  /** I5: an answer that never came may mean either. */
  private void checkSaved() {
    Map<String, Boolean> certain = new TreeMap<>();
    for (Seen seen : history) {
      if (seen instanceof Seen.SaveAsked asked) {
        if (!Boolean.valueOf(asked.saved()).equals(certain.get(asked.id()))) {
          certain.remove(asked.id());
        }
      } else if (seen instanceof Seen.SaveDone done) {
        certain.put(done.id(), done.saved());
      }
    }
    certain.forEach(
        (id, saved) -> {
          if (saved && !stored.containsKey(id)) {
            breach("I5: " + id + " was saved and is gone");
          } else if (saved != ending.saved().contains(id)) {
            breach("I5: " + id + (saved ? " was saved" : " was given up") + ", and is not");
          }
        });
  }

  private Map<String, List<SegmentManifest>> byCamera() {
    return ending.stored().stream()
        .map(Stored::manifest)
        .collect(Collectors.groupingBy(m -> m.id().camera(), TreeMap::new, Collectors.toList()));
  }

  /**
   * I6 and I7: nothing overlaps within a run, and between first and last nothing is unexplained.
   */
  private void checkTimeline(String camera, List<SegmentManifest> segments) {
    segments.sort(Comparator.comparing(SegmentManifest::id));
    for (int i = 1; i < segments.size(); i++) {
      SegmentManifest a = segments.get(i - 1);
      SegmentManifest b = segments.get(i);
      if (a.id().key().equals(b.id().key())
          && a.id().run() == b.id().run()
          && b.firstPtsUs() + TOLERANCE.toNanos() / 1000
              < a.firstPtsUs() + a.duration().toNanos() / 1000) {
        breach("I6: " + b.id() + " begins before " + a.id() + " ends");
      }
    }
    List<Span> known = new ArrayList<>();
    for (SegmentManifest m : segments) {
      known.add(new Span(m.start(), m.end()));
      m.gaps().forEach(gap -> known.add(new Span(gap.start(), gap.end())));
    }
    List<SegmentManifest> theirs =
        recorded.values().stream().filter(m -> m.id().camera().equals(camera)).toList();
    for (SegmentManifest m : theirs) {
      if (flipped.contains(m.id().toString())) {
        known.add(new Span(m.start(), m.end()));
      }
    }
    Instant first =
        theirs.stream()
            .map(SegmentManifest::start)
            .min(Comparator.naturalOrder())
            .orElse(segments.get(0).start());
    Instant last =
        segments.stream().map(SegmentManifest::end).max(Comparator.naturalOrder()).orElse(first);
    for (Span hole : holes(known, first, last)) {
      breach(
          "I7: nothing says what camera "
              + camera
              + " filmed from "
              + hole.start()
              + " to "
              + hole.end());
    }
  }

  private record Span(Instant start, Instant end) {}

  /** What of an interval is longer than the tolerance and in none of the spans, which it sorts. */
  private static List<Span> holes(List<Span> spans, Instant from, Instant to) {
    List<Span> holes = new ArrayList<>();
    spans.sort(Comparator.comparing(Span::start));
    Instant reached = from;
    for (Span span : spans) {
      if (span.start().isAfter(to)) {
        break;
      }
      if (span.start().isAfter(reached.plus(TOLERANCE))) {
        holes.add(new Span(reached, span.start()));
      }
      reached = span.end().isAfter(reached) ? span.end() : reached;
    }
    if (to.isAfter(reached.plus(TOLERANCE))) {
      holes.add(new Span(reached, to));
    }
    return holes;
  }

  private void breach(String sentence) {
    violations.add(sentence);
  }
}
