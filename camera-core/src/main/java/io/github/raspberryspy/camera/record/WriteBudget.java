package io.github.raspberryspy.camera.record;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Says when more is written to a disk than it is to bear, once a day at the most. For one thread.
 */
final class WriteBudget {

  private static final long DAY = Duration.ofDays(1).toNanos();

  /** The first minutes are no measure of a day. */
  private static final long FIRST_LOOK = Duration.ofHours(1).toNanos();

  private final long bytesADay;
  private final long startNanos;
  private Optional<Long> saidNanos = Optional.empty();

  /**
   * From now on.
   *
   * @param bytesADay what may be written; 0 for any amount
   */
  WriteBudget(long bytesADay, long nowNanos) {
    this.bytesADay = bytesADay;
    this.startNanos = nowNanos;
  }

  /** What is to be said of this rate now, if anything. */
  Optional<String> look(OptionalLong rate, long nowNanos) {
    boolean isOver = bytesADay > 0 && rate.isPresent() && rate.getAsLong() > bytesADay;
    boolean isEarly = nowNanos - startNanos < FIRST_LOOK;
    if (!isOver || isEarly || saidNanos.filter(said -> nowNanos - said < DAY).isPresent()) {
      return Optional.empty();
    }
    saidNanos = Optional.of(nowNanos);
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%.1f GB a day are written to the disk, and its budget is %.1f GB: a lower bitrate,"
                + " events only, or memory first would spare it",
            rate.getAsLong() / 1e9,
            bytesADay / 1e9));
  }
}
