package io.github.raspberryspy.camera.record;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The moments at which somebody outside said that something happens. Bounded: repeated within a
 * second they are one, and of more than 4,096 the oldest are forgotten. Thread-safe.
 */
final class Triggers {

  private static final int MOST = 4096;
  private static final long ONE_NANOS = 1_000_000_000;

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final ArrayDeque<SegmentAnnotator.Span> spans = new ArrayDeque<>();

  /** Something happens at this capture time. */
  void add(long nanos, String reason) {
    synchronized (lock) {
      SegmentAnnotator.Span last = spans.peekLast();
      long start = nanos;
      if (last != null
          && last.zones().contains(reason)
          && nanos >= last.startNanos()
          && nanos - last.endNanos() <= ONE_NANOS) {
        start = last.startNanos();
        spans.removeLast();
      }
      spans.addLast(new SegmentAnnotator.Span(start, nanos, 0, List.of(reason), List.of()));
      if (spans.size() > MOST) {
        spans.removeFirst();
      }
    }
  }

  /** Those that overlap an interval, the end not included. */
  List<SegmentAnnotator.Span> spans(long fromNanos, long toNanos) {
    List<SegmentAnnotator.Span> found = new ArrayList<>();
    synchronized (lock) {
      for (SegmentAnnotator.Span span : spans) {
        if (span.startNanos() < toNanos && span.endNanos() >= fromNanos) {
          found.add(span);
        }
      }
    }
    return found;
  }
}
