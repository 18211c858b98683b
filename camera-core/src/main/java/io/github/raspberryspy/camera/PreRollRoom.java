package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.record.EventMode;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How much memory the packet window gets, so that a pre-roll fits.
 *
 * @param windowBytes what is granted
 * @param problem one sentence, where the pre-roll does not fit into it
 */
record PreRollRoom(long windowBytes, Optional<String> problem) {

  private static final long LEAST_BYTES = 16L << 20;

  /** Until an event is recognised, or that nobody looks any more. */
  private static final Duration LATENESS = Duration.ofSeconds(6);

  /** An encoder keeps to its target on average only. */
  private static final double HEAD_ROOM = 1.5;

  /**
   * Room at the encoder's target; for a source that is copied, whose rate nobody knows, as well.
   *
   * @param maxHeapBytes of which a quarter is granted at the most, but never less than 16 MiB
   */
  static PreRollRoom of(Optional<EventMode> events, EncoderConfig encoder, long maxHeapBytes) {
    if (events.isEmpty()) {
      return new PreRollRoom(LEAST_BYTES, Optional.empty());
    }
    Duration preRoll = events.get().preRoll();
    double bytesPerSecond = encoder.bitrateBps() / 8.0 * HEAD_ROOM;
    double spare = seconds(LATENESS.plus(encoder.gop()));
    long needed = (long) (bytesPerSecond * (seconds(preRoll) + spare));
    long granted = Math.max(LEAST_BYTES, Math.min(needed, maxHeapBytes / 4));
    if (needed <= granted) {
      return new PreRollRoom(granted, Optional.empty());
    }
    String sentence =
        String.format(
            Locale.ROOT,
            "a pre-roll of %.0f s at %d bit/s needs %d MB of memory; %d MB are granted, which is"
                + " about %.0f s",
            seconds(preRoll),
            encoder.bitrateBps(),
            needed >> 20,
            granted >> 20,
            Math.max(0, granted / bytesPerSecond - spare));
    return new PreRollRoom(granted, Optional.of(sentence));
  }

  /** Whether all of it fits at another target too. */
  boolean fits(Optional<EventMode> events, EncoderConfig encoder) {
    return of(events, encoder, Long.MAX_VALUE).windowBytes <= windowBytes;
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
