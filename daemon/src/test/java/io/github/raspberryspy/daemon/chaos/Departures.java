package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.segments.SegmentManifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which segments may have left the master's listing, and why: somebody deleted them, or retention
 * did, which it may only where room was short and nobody had saved them.
 */
final class Departures {

  private static final long ENDLESS = Long.MAX_VALUE / 2;

  private final List<Seen> history;
  private final Map<String, Boolean> saved = new TreeMap<>();
  private final Map<String, Integer> deletedUntil = new HashMap<>();
  private final Map<String, Integer> deletedSince = new HashMap<>();
  private final Map<String, SegmentManifest> shown = new HashMap<>();
  private final Set<String> left = new HashSet<>();
  private final List<String> violations = new ArrayList<>();
  private long largest;

  Departures(List<Seen> history) {
    this.history = history;
    for (Seen seen : history) {
      if (seen instanceof Seen.Visible v) {
        largest = Math.max(largest, v.manifest().content().bytes());
      }
    }
    for (int i = 0; i < history.size(); i++) {
      follow(i, history.get(i));
    }
  }

  private void follow(int at, Seen seen) {
    if (seen instanceof Seen.SaveAsked asked) {
      if (!Boolean.valueOf(asked.saved()).equals(saved.get(asked.id()))) {
        saved.remove(asked.id());
      }
    } else if (seen instanceof Seen.SaveDone done) {
      saved.put(done.id(), done.saved());
    } else if (seen instanceof Seen.TrashAsked asked) {
      asked(asked);
    } else if (seen instanceof Seen.TrashDone done) {
      done(done, at);
    } else if (seen instanceof Seen.Visible v) {
      seen(v);
    } else if (seen instanceof Seen.Hidden h) {
      missing(h, at);
    }
  }

  private void asked(Seen.TrashAsked asked) {
    if (asked.deleted()) {
      deletedUntil.put(asked.id(), Integer.MAX_VALUE);
    } else {
      deletedSince.remove(asked.id());
    }
  }

  private void done(Seen.TrashDone done, int at) {
    if (done.deleted()) {
      deletedSince.put(done.id(), at);
      if (Boolean.TRUE.equals(saved.get(done.id()))) {
        violations.add("I5: " + done.id() + " was deleted while it was saved");
      }
    } else {
      deletedUntil.put(done.id(), at);
      left.remove(done.id());
    }
  }

  private void seen(Seen.Visible v) {
    shown.put(v.id(), v.manifest());
    left.remove(v.id());
    if (v.since() > deletedSince.getOrDefault(v.id(), Integer.MAX_VALUE)) {
      violations.add("I2: somebody deleted " + v.id() + ", and it is listed again");
    }
  }

  private void missing(Seen.Hidden h, int at) {
    if (h.replaced()) {
      return;
    }
    left.add(h.id());
    if (Boolean.TRUE.equals(saved.get(h.id()))) {
      violations.add("I5: " + h.id() + " was saved and is not listed any more");
    } else if (deletedUntil.getOrDefault(h.id(), -1) < h.since()
        && !isShort(h.since(), at, h.usedBytes())) {
      violations.add("I2: " + h.id() + " is not listed any more; nobody deleted it for any reason");
    }
  }

  /** Whether room was short at any time between; what retention leaves is just below the limit. */
  private boolean isShort(int since, int until, long usedBytes) {
    boolean isShort = false;
    for (int i = 0; i < until; i++) {
      if (history.get(i) instanceof Seen.Room room) {
        boolean isNow = room.isFull() || isOver(room.limitBytes(), usedBytes);
        isShort = i < since ? isNow : isShort || isNow; // what held at the beginning, or came
      }
    }
    return isShort;
  }

  private boolean isOver(long limit, long usedBytes) {
    return limit > 0 && usedBytes + 3 * largest > limit;
  }

  /** What was shown by the master at any time, as it was shown last. */
  Map<String, SegmentManifest> shown() {
    return shown;
  }

  /** What was certainly saved, or given up, in the end. */
  Map<String, Boolean> certainlySaved() {
    return saved;
  }

  /**
   * Whether a segment that was there at this time may not be there in the end. Where it was seen to
   * go, that is judged by itself.
   */
  boolean mayHaveGone(String id, int since) {
    if (Boolean.TRUE.equals(saved.get(id))) {
      return false;
    }
    if (deletedUntil.getOrDefault(id, -1) >= since) {
      return isShort(0, history.size(), ENDLESS); // the trash is emptied where room is short
    }
    return left.contains(id) || (!shown.containsKey(id) && isShort(since, history.size(), ENDLESS));
  }

  /** What does not hold of all that left, or came back. */
  List<String> violations(Set<String> listed) {
    List<String> all = new ArrayList<>(violations);
    for (String id : deletedSince.keySet()) {
      if (listed.contains(id)) {
        all.add("I2: somebody deleted " + id + ", and in the end it is listed");
      }
    }
    return all;
  }
}
