package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.daemon.chaos.Ending.Stored;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.SegmentManifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Says what in a history breaks what is promised: that nothing is deleted which the master has not
 * (I1), that what it shows is whole (I2), once (I3), that what it said it holds of an open segment
 * stays (I4), that what is saved stays (I5), that order is kept (I6), and that each loss is listed
 * (I7). Knows nothing but what was seen from outside.
 *
 * <p>Source: the idea is that of Jepsen's checkers: histories are judged afterwards, by a function.
 */
final class HistoryChecker {

  private final List<Seen> history;
  private final Ending ending;
  private final Departures departures;
  private final Map<String, Stored> stored = new HashMap<>();
  private final Map<String, SegmentManifest> recorded = new HashMap<>();
  private final Set<String> flipped = new HashSet<>();
  private final List<String> violations = new ArrayList<>();

  private HistoryChecker(List<Seen> history, Ending ending) {
    this.history = history;
    this.ending = ending;
    this.departures = new Departures(history);
  }

  /** Each breach in one sentence; empty where there is none. */
  static List<String> violations(List<Seen> history, Ending ending) {
    HistoryChecker checker = new HistoryChecker(history, ending);
    checker.check();
    return checker.violations;
  }

  private void check() {
    for (Seen seen : history) {
      if (seen instanceof Seen.Recorded r) {
        recorded.put(r.manifest().id().toString(), r.manifest());
      } else if (seen instanceof Seen.Flipped f) {
        flipped.add(f.id());
      }
    }
    checkStored();
    checkListed();
    Timeline timeline = new Timeline(history, ending, departures, flipped);
    checkVouchedFor(timeline);
    checkVisible();
    checkHeld();
    checkSaved();
    violations.addAll(departures.violations(Set.copyOf(ending.listed())));
    violations.addAll(timeline.violations());
    ending.spooled().stream()
        .filter(id -> !flipped.contains(id))
        .forEach(id -> breach("all is quiet, and " + id + " was never brought to the master"));
  }

  /** I2, I3 of the files. */
  private void checkStored() {
    Set<String> shown = new HashSet<>(ending.listed());
    shown.addAll(ending.trashed());
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
      if (!shown.contains(segment.id())) {
        breach("I2: " + segment.id() + " lies in the footage folder and is not listed");
      }
    }
  }

  /** I2, I3 of the listings. */
  private void checkListed() {
    Set<String> once = new HashSet<>();
    for (String id : ending.listed()) {
      if (!once.add(id)) {
        breach("I3: " + id + " is listed twice");
      }
    }
    for (String id : ending.trashed()) {
      if (!once.add(id)) {
        breach("I3: " + id + " is in the trash, and beside it");
      }
    }
    once.removeAll(stored.keySet());
    once.forEach(id -> breach("I2: " + id + " is listed and not there"));
  }

  /** I1: what has a receipt, or is gone from the camera, is on the master with the same bytes. */
  private void checkVouchedFor(Timeline timeline) {
    Set<String> told = new HashSet<>();
    for (int i = 0; i < history.size(); i++) {
      if (history.get(i) instanceof Seen.Acknowledged a && told.add("a" + a.id())) {
        requireHeld(a.id(), i, "was acknowledged");
      } else if (history.get(i) instanceof Seen.Deleted d && told.add("d" + d.id())) {
        if (!isAccountedFor(d.id(), timeline)) {
          requireHeld(d.id(), i, "was deleted by its camera");
        }
      }
    }
  }

  private void requireHeld(String id, int since, String why) {
    Stored here = stored.get(id);
    SegmentManifest there = recorded.get(id);
    if (here == null) {
      if (!departures.mayHaveGone(id, since)) {
        breach("I1: " + id + " " + why + " and is not on the master");
      }
    } else if (there != null && !here.sha256().equals(there.content().sha256())) {
      breach("I1: " + id + " " + why + " and has other bytes on the master");
    }
  }

  /** Dropped for want of room, with a gap that says so; or damaged, and kept aside. */
  private boolean isAccountedFor(String id, Timeline timeline) {
    SegmentManifest manifest = recorded.get(id);
    return flipped.contains(id)
        || ending.quarantined().contains(id)
        || (manifest != null && !isWhole(id) && timeline.isListedAsGap(manifest));
  }

  /** Of what its camera had to drop the master may have what it had sent before. */
  private boolean isWhole(String id) {
    Stored here = stored.get(id);
    return here != null && here.manifest().closed() != CloseReason.SALVAGED;
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
        boolean isPart = there != null && v.manifest().content().bytes() < there.content().bytes();
        if (!isTheirs && !isOurs && !isPart && there != null) {
          breach("I2: " + v.id() + " was listed with bytes that its camera never sealed");
        }
      } else if (seen instanceof Seen.Hidden h) {
        now.remove(h.id());
      }
    }
    for (String id : now.keySet()) {
      if (!stored.containsKey(id) && !departures.mayHaveGone(id, history.size())) {
        breach("I2: " + id + " was listed as complete and is gone");
      }
    }
  }

  /**
   * I4: what plays of what the master held does not get less, and is there in the end: as a
   * segment, or as an upload that is going to be one. The latter where a camera whose disk was full
   * had to delete it before it was sealed.
   */
  private void checkHeld() {
    Map<String, Integer> last = new HashMap<>();
    for (int i = 0; i < history.size(); i++) {
      if (history.get(i) instanceof Seen.Held now) {
        Integer before = last.put(now.id(), i);
        if (before != null) {
          requireKept(before, now.bytes(), "later");
        }
      }
    }
    last.forEach(
        (id, at) -> {
          Stored here = stored.get(id);
          long bytes =
              here == null ? ending.open().getOrDefault(id, 0L) : here.manifest().content().bytes();
          requireKept(at, bytes, "in the end");
        });
  }

  private void requireKept(int at, long bytes, String when) {
    Seen.Held held = (Seen.Held) history.get(at);
    if (bytes < held.playable()
        && !flipped.contains(held.id())
        && !departures.mayHaveGone(held.id(), at)) {
      breach(
          "I4: the master held %d bytes of %s that play, and %s %d"
              .formatted(held.playable(), held.id(), when, bytes));
    }
  }

  /** I5: an answer that never came may mean either. */
  private void checkSaved() {
    departures
        .certainlySaved()
        .forEach(
            (id, saved) -> {
              if (saved && !stored.containsKey(id)) {
                breach("I5: " + id + " was saved and is gone");
              } else if (saved != ending.saved().contains(id)) {
                breach("I5: " + id + (saved ? " was saved" : " was given up") + ", and is not");
              }
            });
  }

  private void breach(String sentence) {
    violations.add(sentence);
  }
}
