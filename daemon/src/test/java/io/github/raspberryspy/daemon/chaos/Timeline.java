package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.daemon.chaos.Ending.Stored;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentManifest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * I6 and I7: within a run nothing overlaps, and from a camera's first segment to its last nothing
 * is missing that is not listed. Segments follow each other by run and number, and a run is held
 * against what was filmed before by its own clock, so that a clock that was set between two runs
 * makes no hole.
 */
final class Timeline {

  /** Between two segments as their manifests round, and less than a lost frame at 2 a second. */
  private static final Duration TOLERANCE = Duration.ofMillis(400);

  /** What may be missing within a segment, of a source that is only as punctual as its machine. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  private final Map<String, SegmentManifest> all = new TreeMap<>();
  private final Set<String> held = new HashSet<>();
  private final Set<String> flipped;
  private final List<String> violations = new ArrayList<>();

  private record Span(Instant start, Instant end) {}

  Timeline(List<Seen> history, Ending ending, Departures departures, Set<String> flipped) {
    this.flipped = flipped;
    for (int i = 0; i < history.size(); i++) {
      if (history.get(i) instanceof Seen.Recorded r) {
        all.put(r.manifest().id().toString(), r.manifest());
      } else if (history.get(i) instanceof Seen.Acknowledged a) {
        held.add(a.id());
      } else if (history.get(i) instanceof Seen.Deleted d && departures.mayHaveGone(d.id(), i)) {
        held.add(d.id()); // it came and went, where room was short, before anybody saw it
      }
    }
    all.putAll(departures.shown());
    held.addAll(departures.shown().keySet());
    for (Stored segment : ending.stored()) {
      all.put(segment.id(), segment.manifest());
      held.add(segment.id());
    }
  }

  /** Whether some segment that the master had says that this one is missing. */
  boolean isListedAsGap(SegmentManifest manifest) {
    return holes(gaps(manifest.id().camera()), manifest.start(), manifest.end()).isEmpty();
  }

  /** What camera's segments that the master had list as missing. */
  private List<Span> gaps(String camera) {
    return all.values().stream()
        .filter(m -> m.id().camera().equals(camera) && held.contains(m.id().toString()))
        .flatMap(m -> m.gaps().stream())
        .map(gap -> new Span(gap.start(), gap.end()))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  List<String> violations() {
    all.values().stream()
        .collect(Collectors.groupingBy(m -> m.id().camera(), TreeMap::new, Collectors.toList()))
        .forEach(this::check);
    return violations;
  }

  private void check(String camera, List<SegmentManifest> segments) {
    segments.sort(Comparator.comparing(SegmentManifest::id));
    List<Span> gaps = gaps(camera);
    NavigableSet<Instant> ends = new TreeSet<>();
    SegmentManifest before = null;
    for (SegmentManifest segment : segments) {
      String id = segment.id().toString();
      if (before != null) {
        checkOrder(before, segment);
        Instant since =
            isOneRun(before, segment) ? before.end() : known(ends, before, segment.start());
        report(camera, holes(gaps, since, segment.start()));
      }
      if (held.contains(id)) {
        checkWithin(segment);
      } else if (!flipped.contains(id)) {
        report(camera, holes(gaps, segment.start(), segment.end()));
      }
      before = segment;
      ends.add(segment.end());
    }
  }

  /**
   * Up to when a camera that begins a run knows that it filmed: as late as ever, or, while its
   * clock is behind that, when it filmed last. How long it was off since its clock was set back
   * from both nobody knows.
   */
  private static Instant known(NavigableSet<Instant> ends, SegmentManifest last, Instant moment) {
    if (!ends.last().isAfter(moment)) {
      return ends.last();
    }
    return last.end().isAfter(moment) ? moment : last.end();
  }

  private static boolean isOneRun(SegmentManifest a, SegmentManifest b) {
    return a.id().key().equals(b.id().key()) && a.id().run() == b.id().run();
  }

  private void checkOrder(SegmentManifest a, SegmentManifest b) {
    long until = a.firstPtsUs() + a.duration().toNanos() / 1000;
    if (isOneRun(a, b) && b.firstPtsUs() + TOLERANCE.toNanos() / 1000 < until) {
      violations.add("I6: " + b.id() + " begins before " + a.id() + " ends");
    }
  }

  /** As many pictures as its time has place for, but for what it lists. */
  private void checkWithin(SegmentManifest m) {
    Duration filmed = Duration.ofNanos((long) (m.frames() / m.video().fps() * 1e9));
    Duration listed = Duration.ZERO;
    for (Gap gap : m.gaps()) {
      Instant from = gap.start().isBefore(m.start()) ? m.start() : gap.start();
      Instant to = gap.end().isAfter(m.end()) ? m.end() : gap.end();
      listed = from.isBefore(to) ? listed.plus(Duration.between(from, to)) : listed;
    }
    if (filmed.plus(listed).plus(SLACK).compareTo(m.duration()) < 0) {
      violations.add(
          "I7: %s has %d pictures in %s, and lists %s as missing"
              .formatted(m.id(), m.frames(), m.duration(), listed));
    }
  }

  private void report(String camera, List<Span> holes) {
    for (Span hole : holes) {
      violations.add(
          "I7: nothing says what camera %s filmed from %s to %s"
              .formatted(camera, hole.start(), hole.end()));
    }
  }

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
}
