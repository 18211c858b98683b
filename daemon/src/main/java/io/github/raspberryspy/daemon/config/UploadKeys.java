package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.upload.DailyWindow;
import io.github.raspberryspy.upload.UploadLimits;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** The keys that say how footage may leave for the master. */
final class UploadKeys {

  private static final long LEAST_BPS = UploadLimits.LEAST_BYTES_PER_SECOND * Byte.SIZE;
  private static final long MOST_BPS = 10_000_000_000L;

  static final ConfigKey<Duration> RETRY =
      ConfigKey.duration("upload.longest-pause", "Longest pause between tries.", "60s", "1s", "1h");
  static final ConfigKey<Long> RATE =
      new ConfigKey<>(
          "upload.rate",
          "Bits per second that uploads take at the most; 0 for all that the link carries. Below the"
              + " bitrate of the footage the camera falls behind for good.",
          Optional.of("0"),
          "0, or a whole number from " + LEAST_BPS + " to " + MOST_BPS,
          UploadKeys::readRate);
  static final ConfigKey<Optional<DailyWindow>> WINDOW =
      new ConfigKey<>(
          "upload.window",
          "The time of day, by the camera's clock and zone, in which a backlog is sent; empty for"
              + " always. What is filmed now, and what a stop, a flush or a crash closed, goes at any"
              + " time.",
          Optional.of(""),
          "empty, or two times of day such as 22:00-06:00",
          text -> text.isBlank() ? Optional.empty() : Optional.of(DailyWindow.parse(text)));
  static final ConfigKey<Boolean> METERED =
      ConfigKey.flag(
          "upload.metered",
          "Whether each byte costs: then only segments in which something moved, or may have, are"
              + " sent, the open one from the motion on; the others stay here until spool.reserve or"
              + " spool.limit deletes them.",
          false);

  static final List<ConfigKey<?>> ALL = List.of(RETRY, RATE, WINDOW, METERED);

  private UploadKeys() {}

  /**
   * What the owner of the link grants.
   *
   * @throws ConfigException if nothing would ever be sent
   */
  static UploadLimits limits(Settings settings) {
    if (settings.get(METERED) && !settings.get(MotionKeys.ENABLED)) {
      throw new ConfigException(
          "key \"upload.metered\" is \"true\", but \"motion.enabled\" is false: nothing would be"
              + " sent");
    }
    return new UploadLimits(
        settings.get(RATE) / Byte.SIZE,
        settings.get(WINDOW),
        settings.get(METERED),
        Clock.system(ZoneId.systemDefault()));
  }

  private static long readRate(String text) {
    long bps = Long.parseLong(text);
    if (bps != 0 && (bps < LEAST_BPS || bps > MOST_BPS)) {
      throw new IllegalArgumentException(text);
    }
    return bps;
  }
}
