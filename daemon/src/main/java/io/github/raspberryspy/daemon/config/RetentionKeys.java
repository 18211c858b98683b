package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.sink.MasterConfig;
import io.github.raspberryspy.sink.retention.Rule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The keys of {@code master.yml} that say what is kept, and for how long. */
final class RetentionKeys {

  static final ConfigKey<Duration> MAX_AGE =
      ConfigKey.duration(
          "retention.max-age", "How long footage is kept; 0s for ever.", "30d", "0s", "36500d");
  static final ConfigKey<Duration> MOTION_MAX_AGE =
      ConfigKey.duration(
          "retention.motion-max-age",
          "How long footage with motion is kept, if that is longer; 0s for ever.",
          "90d",
          "0s",
          "36500d");
  static final ConfigKey<Long> MAX_SIZE =
      ConfigKey.bytes("retention.max-size", "How much footage is kept; 0 sets no limit.", "0");
  static final ConfigKey<Map<String, Rule>> CAMERAS =
      new ConfigKey<>(
          "retention.cameras",
          "Cameras that have rules of their own.",
          Optional.of(""),
          "a list of rules such as door=180d/365d/50GB: camera, age, age with motion, size",
          RetentionKeys::rules);
  static final ConfigKey<Long> MIN_FREE =
      ConfigKey.bytes(
          "retention.min-free", "How much of the disk stays free for other things.", "1GB");
  static final ConfigKey<Duration> TRASH =
      ConfigKey.duration(
          "retention.trash", "How long what a person deleted can be had back.", "7d", "0s", "365d");
  static final ConfigKey<Duration> UPLOAD_EXPIRY =
      ConfigKey.duration(
          "uploads.expire",
          "How long an upload may rest that nobody goes on with.",
          "7d",
          "1h",
          "365d");
  static final ConfigKey<Integer> SCRUB_DAYS =
      ConfigKey.integer(
          "scrub.days", "Within how many days all footage is read again; 0 never.", 30, 0, 3650);

  static final List<ConfigKey<?>> ALL =
      List.of(
          MAX_AGE, MOTION_MAX_AGE, MAX_SIZE, CAMERAS, MIN_FREE, TRASH, UPLOAD_EXPIRY, SCRUB_DAYS);

  private RetentionKeys() {}

  static void apply(Settings settings, MasterConfig.Builder master) {
    Rule standard = new Rule(settings.get(MAX_AGE), settings.get(MOTION_MAX_AGE), 0);
    master
        .rules(standard, settings.get(CAMERAS))
        .maxBytes(settings.get(MAX_SIZE))
        .minFreeBytes(settings.get(MIN_FREE))
        .trashGrace(settings.get(TRASH))
        .uploadExpiry(settings.get(UPLOAD_EXPIRY))
        .scrub(Duration.ofDays(settings.get(SCRUB_DAYS)));
  }

  private static Map<String, Rule> rules(String text) {
    Map<String, Rule> rules = new TreeMap<>();
    for (String item : text.split(";", -1)) {
      if (item.isBlank()) {
        continue;
      }
      String[] sides = item.strip().split("=", -1);
      String[] parts = sides.length == 2 ? sides[1].split("/", -1) : new String[0];
      if (parts.length != 3) {
        throw new IllegalArgumentException(item);
      }
      SegmentId.requireCameraName(sides[0]);
      Rule rule =
          new Rule(
              MAX_AGE.reader().apply(parts[0]),
              MOTION_MAX_AGE.reader().apply(parts[1]),
              MAX_SIZE.reader().apply(parts[2]));
      if (rules.put(sides[0], rule) != null) {
        throw new IllegalArgumentException(item);
      }
    }
    return rules;
  }
}
