package io.github.raspberryspy.sink.fleet;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.sink.event.MasterEvent.MotionReported;
import io.github.raspberryspy.sink.index.CameraClock;
import io.github.raspberryspy.sink.index.HeardLog;
import io.github.raspberryspy.sink.index.IndexUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Has motion noted that cameras tell of, so that it is known before its segment comes, or if that
 * never comes whole. No link waits for it: what is told is taken to the index together, when motion
 * begins and ends, and each ten seconds while it lasts. Thread-safe.
 */
final class HeardMotion {

  private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

  /** So much waits for the index at the most; then the oldest is not noted. */
  private static final int MOST = 10_000;

  private final HeardLog log;
  private final Notebook notes;

  @GuardedBy("this")
  private final List<MotionReported> waiting = new ArrayList<>();

  /** When motion that lasts was noted, by camera. */
  @GuardedBy("this")
  private final Map<String, Long> notedNanos = new HashMap<>();

  @GuardedBy("this")
  private boolean isCalledFor;

  /** What is being noted; the notebook's thread alone uses it. */
  private final List<MotionReported> taken = new ArrayList<>();

  HeardMotion(HeardLog log, Notebook notes) {
    this.log = log;
    this.notes = notes;
  }

  synchronized void heard(MotionReported motion, Instant now, long nanos) {
    EventSpan span = motion.span();
    if (!CameraClock.knows(span.start(), now) || !CameraClock.knows(span.end(), now)) {
      return;
    }
    put(motion);
    Long noted = notedNanos.get(motion.camera());
    if (motion.ended()) {
      notedNanos.remove(motion.camera());
    } else if (noted != null && nanos - noted < PAUSE_NANOS) {
      return;
    } else {
      notedNanos.put(motion.camera(), nanos);
    }
    flush();
  }

  /** Nothing more is told of what moves at this camera now. */
  synchronized void over(String camera) {
    notedNanos.remove(camera);
    flush();
  }

  /** Has all of it noted now. */
  synchronized void flush() {
    if (!isCalledFor && !waiting.isEmpty()) {
      isCalledFor = notes.later(this::write);
    }
  }

  /** In place of what the same camera said of the same motion before. */
  @GuardedBy("this")
  private void put(MotionReported motion) {
    for (int i = waiting.size() - 1; i >= 0; i--) {
      MotionReported before = waiting.get(i);
      if (before.camera().equals(motion.camera())) {
        if (before.span().touches(motion.span())) {
          waiting.set(
              i,
              new MotionReported(
                  motion.camera(), motion.ended(), before.span().joined(motion.span())));
          return;
        }
        break;
      }
    }
    if (waiting.size() == MOST) {
      waiting.remove(0);
    }
    waiting.add(motion);
  }

  private void write() {
    synchronized (this) {
      taken.addAll(waiting);
      waiting.clear();
      isCalledFor = false;
    }
    try {
      log.noted(taken);
    } catch (IndexUnavailableException e) {
      throw e; // it is asked again, with what came meanwhile
    } catch (RuntimeException e) {
      taken.clear();
      throw e;
    }
    taken.clear();
  }
}
