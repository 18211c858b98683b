package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.motion.CoolDown;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.Schedule;
import io.github.raspberryspy.motion.Zone;
import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.Polygon;
import io.github.raspberryspy.segments.wire.ValueKind;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The keys of motion detection, for the camera and for {@code analyze}. */
public final class MotionKeys {

  private static final MotionConfig DEFAULTS = MotionConfig.defaults();

  static final ConfigKey<Boolean> ENABLED =
      ConfigKey.flag("motion.enabled", "Whether motion is looked for and flagged.", true);

  static final ConfigKey<Integer> SENSITIVITY =
      ConfigKey.integer(
          "motion.sensitivity",
          "How little it takes to count as motion: low overlooks small and faint things.",
          DEFAULTS.sensitivity(),
          1,
          100);

  static final ConfigKey<Duration> MIN_DURATION =
      ConfigKey.duration(
          "motion.min-duration",
          "Motion shorter than this is passed over.",
          DEFAULTS.minDuration().toMillis() + "ms",
          "0ms",
          "10s");

  static final ConfigKey<Duration> HOLD =
      ConfigKey.duration(
          "motion.hold",
          "Motion that pauses for less than this is one event.",
          DEFAULTS.hold().toMillis() + "ms",
          "0ms",
          "60s");

  static final ConfigKey<List<Box>> MASKS =
      boxes("motion.masks", "Parts of the picture that are passed over.");

  static final ConfigKey<MotionDecode> DECODE =
      ConfigKey.choice(
          "motion.decode",
          "How much of a live H.264 source is decoded for it: all, or what may move, by the size of its"
              + " packets and a keyframe a second.",
          MotionDecode.AUTO,
          MotionDecode.class);

  static final ConfigKey<List<String>> SCHEDULE =
      new ConfigKey<>(
          "motion.schedule",
          "When motion is looked for, of live sources; empty for always.",
          Optional.of(""),
          "a list of DAYS FROM to TO",
          text ->
              Stream.of(text.split(";", -1)).map(String::strip).filter(r -> !r.isEmpty()).toList(),
          ValueKind.of("schedule"));

  static final ConfigKey<Optional<Schedule.Place>> PLACE =
      new ConfigKey<>(
          "motion.place",
          "Where the camera is, for sunrise and sunset in the schedule.",
          Optional.of(""),
          "empty, or LATITUDE,LONGITUDE in degrees, north and east positive, such as 47.37,8.54",
          MotionKeys::readPlace);

  static final ConfigKey<Boolean> TAMPER =
      ConfigKey.flag(
          "motion.tamper",
          "Whether a camera that is turned away, pushed or put out of focus is told as a fault.",
          true);

  static final ConfigKey<Duration> COOLDOWN =
      ConfigKey.duration(
          "motion.cooldown",
          "How long after an event nobody is told of another, unless that lasts longer.",
          "0s",
          "0s",
          CoolDown.LONGEST.toHours() + "h");

  static final ConfigKey<List<Zone>> ZONES =
      new ConfigKey<>(
          "motion.zones",
          "Parts of the picture where motion counts, or does not.",
          Optional.of(""),
          ZoneText.ALLOWED,
          ZoneText::read,
          ValueKind.of("zones"));

  /** Those that say how motion is recognised. */
  public static final List<ConfigKey<?>> DETECTION =
      Stream.concat(
              Stream.of(SENSITIVITY, MIN_DURATION, HOLD, MASKS, ZONES), ExpertKeys.ALL.stream())
          .toList();

  /** Those that say how and when motion is looked for in what a source shows. */
  public static final List<ConfigKey<?>> WATCHING =
      Stream.concat(Stream.of(SCHEDULE, PLACE), DETECTION.stream()).toList();

  /** A source may add some for what it writes into the picture itself. */
  private static final int MOST_MASKS = MotionConfig.MAX_MASKS - 4;

  private MotionKeys() {}

  /** When motion is looked for, by the clock of this machine's time zone. */
  public static Schedule schedule(Settings settings) {
    try {
      return Schedule.of(settings.get(SCHEDULE), ZoneId.systemDefault(), settings.get(PLACE));
    } catch (ConfigException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new ConfigException("key \"" + SCHEDULE.name() + "\": " + e.getMessage());
    }
  }

  private static Optional<Schedule.Place> readPlace(String text) {
    if (text.isBlank()) {
      return Optional.empty();
    }
    String[] degrees = text.split(",", -1);
    if (degrees.length != 2) {
      throw new IllegalArgumentException(text);
    }
    return Optional.of(
        new Schedule.Place(Double.parseDouble(degrees[0]), Double.parseDouble(degrees[1])));
  }

  /**
   * The configuration of a detector, which passes over what is made black, too: nobody is to learn
   * that something moved where nobody is to look. It has to have something to look at.
   *
   * @param hidden the privacy masks
   */
  public static MotionConfig config(Settings settings, List<Box> hidden) {
    MotionConfig motion = read(settings);
    int areas = motion.masks().size() + hidden.size();
    if (areas > MOST_MASKS) {
      throw new ConfigException(
          "key \"motion.masks\" and the privacy masks have "
              + areas
              + " areas together; allowed is at most "
              + MOST_MASKS);
    }
    MotionConfig masked = motion.withMasks(hidden);
    if (!masked.looksAnywhere()) {
      throw new ConfigException(
          "keys \"motion.masks\" and \"motion.zones\""
              + (hidden.isEmpty() ? "" : " and the privacy masks")
              + " leave no place where motion would count;"
              + " allowed is some of the picture, and of the zones that trigger");
    }
    return masked;
  }

  /** What privacy zones make black, also where motion is not looked for. */
  public static List<Polygon> privacy(Settings settings) {
    return read(settings).zones().stream()
        .filter(zone -> zone.kind() == Zone.Kind.PRIVACY)
        .map(Zone::shape)
        .toList();
  }

  private static MotionConfig read(Settings settings) {
    MotionConfig.Builder builder = builder(settings);
    try {
      return builder.build();
    } catch (IllegalArgumentException e) { // only how zones fit together is not checked yet
      throw new ConfigException("key \"" + ZONES.name() + "\": " + e.getMessage());
    }
  }

  private static MotionConfig.Builder builder(Settings settings) {
    return MotionConfig.builder()
        .sensitivity(settings.get(SENSITIVITY))
        .minDuration(settings.get(MIN_DURATION))
        .hold(settings.get(HOLD))
        .masks(settings.get(MASKS))
        .zones(settings.get(ZONES))
        .expert(ExpertKeys.config(settings));
  }

  /** A key whose value is a list of areas. */
  static ConfigKey<List<Box>> boxes(String name, String meaning) {
    return new ConfigKey<>(
        name,
        meaning,
        Optional.of(""),
        "a list of X,Y,WIDTH,HEIGHT in shares of the picture, each from 0 to 1 and no side 0",
        Box::list,
        ValueKind.of("areas"));
  }
}
