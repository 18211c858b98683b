package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.UnknownSpan;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * Somebody who knows what moved and when, and is asked when a segment is sealed. It flags footage;
 * it never decides whether footage exists, unless the recorder is told to keep {@linkplain
 * EventMode events} only: then it is also asked whether something happens.
 */
@FunctionalInterface
public interface SegmentAnnotator {

  /** Nobody looks, and manifests say so: it is not known that nothing moved. */
  SegmentAnnotator NOBODY =
      new SegmentAnnotator() {
        @Override
        public List<Span> spans(long fromNanos, long toNanos, Duration patience) {
          return List.of();
        }

        @Override
        public List<Unknown> unknown(long fromNanos, long toNanos) {
          return List.of(new Unknown(fromNanos, toNanos, UnknownSpan.NOT_LOOKED_FOR));
        }
      };

  /**
   * A stretch of motion on the frames' own clock.
   *
   * @param startNanos capture time of its first frame, on the clock of {@link System#nanoTime}
   * @param endNanos capture time at which it ended; for one that still lasts, of the latest frame
   *     seen
   * @param score strongest changed share of the picture, 0 to 1
   * @param zones names of the zones in which it was seen
   * @param boxes where in the picture
   */
  record Span(long startNanos, long endNanos, double score, List<String> zones, List<Box> boxes) {
    /** Copies the lists. */
    public Span {
      zones = List.copyOf(zones);
      boxes = List.copyOf(boxes);
    }
  }

  /**
   * The spans that overlap an interval, in order, not clipped to it.
   *
   * <p>Called on {@code record-CAMERA}, which waits: footage is safe meanwhile in the packet
   * window, so an annotator that lags may take up to {@code patience} until it has seen the
   * interval's end.
   */
  List<Span> spans(long fromNanos, long toNanos, Duration patience);

  /**
   * A stretch on the frames' own clock of which it cannot tell whether something moved.
   *
   * @param startNanos capture time of its first frame, on the clock of {@link System#nanoTime}
   * @param endNanos capture time of the first frame that it understood again; for one that still
   *     lasts, the end of the interval that was asked for
   * @param reason why, for people; {@link UnknownSpan#OFF_SCHEDULE} where it was not to look
   */
  record Unknown(long startNanos, long endNanos, String reason) {}

  /**
   * The stretches within an interval of which it cannot tell whether something moved, in order, not
   * clipped to it. Asked right after {@link #spans}, and does not wait. An annotator that knows
   * everything has none.
   */
  default List<Unknown> unknown(long fromNanos, long toNanos) {
    return List.of();
  }

  /**
   * How far it has watched: the capture time of the latest frame that it understood. Asked in event
   * mode only, on {@code record-CAMERA}: where it falls behind, everything is recorded. Empty for
   * one that watches nothing, so that only triggers from outside count.
   */
  default OptionalLong seenUntilNanos() {
    return OptionalLong.empty();
  }
}
