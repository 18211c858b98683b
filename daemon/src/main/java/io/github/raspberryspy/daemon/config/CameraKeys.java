package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.overlay.OverlayConfig;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.source.SourceUri;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.segments.wire.ValueKind;
import io.github.raspberryspy.upload.TargetConfig;
import io.github.raspberryspy.upload.UploadLimits;
import io.github.raspberryspy.upload.UploaderConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys of {@code camera.yml}, and the camera they describe. */
public final class CameraKeys {

  static final ConfigKey<String> NAME =
      new ConfigKey<>(
          "camera.name",
          "What the camera is called: its files carry the name.",
          Optional.empty(),
          "1 to 32 lower-case letters, digits and inner hyphens",
          SegmentId::requireCameraName);
  static final ConfigKey<String> SOURCE =
      ConfigKey.required("camera.source", "Where pictures come from: a URI.");
  static final ConfigKey<String> SIZE =
      new ConfigKey<>(
          "camera.size",
          "Size of the picture, in place of the source's own.",
          Optional.of(""),
          "empty, or WIDTHxHEIGHT such as 1280x720",
          text -> matching(text, "([1-9][0-9]{1,4}x[1-9][0-9]{1,4})?"),
          ValueKind.of("size"));
  private static final String RATE = "(([1-9][0-9]?|1[0-9]{2}|2[0-3][0-9])(\\.[0-9]{1,3})?|240)?";

  static final ConfigKey<String> FPS =
      new ConfigKey<>(
          "camera.fps",
          "Frames per second, in place of the source's own.",
          Optional.of(""),
          "empty, or a number from 1 to 240 such as 15 or 7.5",
          text -> matching(text, RATE),
          ValueKind.within("number", "1", "240").in("fps"));
  static final ConfigKey<Path> SPOOL =
      ConfigKey.folder("spool.folder", "Where segments wait for the master.");
  static final ConfigKey<Duration> SEGMENT =
      ConfigKey.duration(
          "record.segment",
          "Length of a segment; it can be played once it has ended.",
          "2m",
          "1s",
          "24h");
  static final ConfigKey<Duration> FRAGMENT =
      ConfigKey.duration(
          "record.fragment", "The most that a power cut may cost.", "1s", "100ms", "10s");
  static final ConfigKey<RecordMode> MODE =
      ConfigKey.choice("record.mode", "What is recorded.", RecordMode.CONTINUOUS, RecordMode.class);
  static final ConfigKey<Duration> PRE_ROLL =
      ConfigKey.duration("record.pre-roll", "Recorded before an event.", "5s", "0s", "5m");
  static final ConfigKey<Duration> POST_ROLL =
      ConfigKey.duration("record.post-roll", "Recorded after an event.", "10s", "1s", "10m");
  static final ConfigKey<EncoderConfig.Choice> ENCODER =
      ConfigKey.choice(
          "encoder.name",
          "Which encoder makes the H.264.",
          EncoderConfig.Choice.AUTO,
          EncoderConfig.Choice.class);
  static final ConfigKey<Integer> BITRATE =
      ConfigKey.integer("encoder.bitrate", "Bits per second.", 4_000_000, 50_000, 100_000_000)
          .in("bit/s");
  static final ConfigKey<Duration> GOP =
      ConfigKey.duration("encoder.gop", "From one keyframe to the next.", "1s", "100ms", "10s");
  static final ConfigKey<String> PRESET =
      new ConfigKey<>(
          "encoder.preset",
          "libx264's trade of time for size.",
          Optional.of(EncoderConfig.h264().preset()),
          "one of ultrafast, superfast, veryfast, faster, fast, medium",
          text -> EncoderConfig.h264().preset(text).preset());
  static final ConfigKey<String> MASTER =
      ConfigKey.text("master.url", "The master's address; empty to keep all footage here.", "");
  static final ConfigKey<String> TOKEN_FILE =
      ConfigKey.text(
          "master.token-file",
          "The file that holds this camera's token, as the master gave it.",
          "");
  static final ConfigKey<String> PAIRING =
      ConfigKey.text(
          "master.pairing",
          "The file that \"raspberryspy pair\" writes: auto, off, or a file.",
          "auto");
  static final ConfigKey<Boolean> CLOCK_TRUSTED =
      ConfigKey.flag(
          "clock.trusted",
          "Whether the system's clock is right from the start, although nothing says so, as where it"
              + " is set by hand; otherwise footage is marked until the kernel says that the clock is"
              + " synchronised, and dated anew then.",
          false);

  private static final List<ConfigKey<?>> BEFORE_MOTION =
      List.of(
          NAME,
          SOURCE,
          SIZE,
          FPS,
          SPOOL,
          StorageKeys.RESERVE,
          StorageKeys.LIMIT,
          StorageKeys.MAX_AGE,
          StorageKeys.RAM,
          StorageKeys.RAM_SIZE,
          StorageKeys.RAM_FIRST,
          StorageKeys.WRITE_BUDGET,
          CLOCK_TRUSTED,
          SEGMENT,
          FRAGMENT,
          MODE,
          PRE_ROLL,
          POST_ROLL,
          ENCODER,
          BITRATE,
          GOP,
          PRESET,
          AudioKeys.SOURCE,
          AudioKeys.CODEC,
          AudioKeys.BITRATE,
          SuperviseKeys.STALL,
          SuperviseKeys.FROZEN,
          SuperviseKeys.RESTART,
          SuperviseKeys.DARK,
          SuperviseKeys.COVERED,
          SuperviseKeys.MEMORY,
          OverlayKeys.TIME,
          OverlayKeys.TEXT,
          OverlayKeys.MASKS,
          TimeLapseKeys.EVERY,
          TimeLapseKeys.FOLDER,
          TimeLapseKeys.MAX_SIZE);

  /** Those that a master may set from afar: none that says where footage lies or goes. */
  public static final List<ConfigKey<?>> REMOTE =
      List.of(
          SIZE,
          FPS,
          SEGMENT,
          MODE,
          PRE_ROLL,
          POST_ROLL,
          BITRATE,
          GOP,
          OverlayKeys.TIME,
          OverlayKeys.TEXT,
          OverlayKeys.MASKS,
          MotionKeys.ENABLED,
          MotionKeys.SCHEDULE,
          MotionKeys.TAMPER,
          MotionKeys.COOLDOWN,
          MotionKeys.SENSITIVITY,
          MotionKeys.MIN_DURATION,
          MotionKeys.HOLD,
          MotionKeys.MASKS,
          MotionKeys.ZONES);

  /** All of them, in the order of the file. */
  public static final List<ConfigKey<?>> ALL = all();

  private static List<ConfigKey<?>> all() {
    List<ConfigKey<?>> keys = new ArrayList<>(BEFORE_MOTION);
    keys.addAll(
        List.of(
            MotionKeys.ENABLED,
            MotionKeys.SCHEDULE,
            MotionKeys.PLACE,
            MotionKeys.DECODE,
            MotionKeys.TAMPER,
            MotionKeys.COOLDOWN));
    keys.addAll(MotionKeys.DETECTION);
    keys.addAll(PirKeys.ALL);
    keys.addAll(List.of(MASTER, TOKEN_FILE, PAIRING));
    keys.addAll(AwayKeys.ALL);
    keys.addAll(TargetKeys.ALL);
    keys.addAll(UploadKeys.ALL);
    return List.copyOf(keys);
  }

  private static final Set<String> GAPLESS =
      Stream.of(
              BITRATE,
              GOP,
              PRESET,
              SEGMENT,
              POST_ROLL,
              OverlayKeys.TIME,
              OverlayKeys.TEXT,
              OverlayKeys.MASKS,
              MotionKeys.SCHEDULE,
              MotionKeys.TAMPER,
              MotionKeys.COOLDOWN,
              MotionKeys.SENSITIVITY,
              MotionKeys.MIN_DURATION,
              MotionKeys.HOLD,
              MotionKeys.MASKS,
              MotionKeys.ZONES)
          .map(ConfigKey::name)
          .collect(Collectors.toUnmodifiableSet());

  private CameraKeys() {}

  /**
   * Whether a camera goes by other values of these keys without losing a frame, as far as they
   * depend on the key: what is burnt in costs a gap where H.264 was recorded as it came, and so
   * does a target.
   */
  public static boolean areGapless(Set<String> names) {
    return GAPLESS.containsAll(names);
  }

  /** How much memory the process may hold, in bytes; 0 for any. */
  public static long memory(Settings settings) {
    return settings.get(SuperviseKeys.MEMORY);
  }

  /**
   * The camera that these settings describe.
   *
   * @throws ConfigException in one sentence, if they cannot be
   */
  public static CameraConfig camera(Settings settings) {
    String name = settings.get(NAME);
    try {
      Optional<UploaderConfig> upload = upload(settings, name);
      return new CameraConfig(
          name,
          source(settings),
          new EncoderConfig(
              settings.get(ENCODER),
              settings.get(BITRATE),
              settings.get(GOP),
              settings.get(PRESET)),
          recorder(settings),
          AudioKeys.config(settings),
          SuperviseKeys.config(settings),
          overlay(settings),
          TimeLapseKeys.config(settings),
          motion(settings),
          settings.get(MotionKeys.DECODE),
          MotionKeys.schedule(settings),
          settings.get(MotionKeys.TAMPER),
          settings.get(MotionKeys.COOLDOWN),
          PirKeys.config(settings),
          upload,
          AwayKeys.config(settings, upload));
    } catch (ConfigException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  /** Whether the clock need not prove that it is set. */
  public static boolean isClockTrusted(Settings settings) {
    return settings.get(CLOCK_TRUSTED);
  }

  private static String source(Settings settings) {
    SourceUri source = null;
    String text = settings.get(SOURCE);
    for (ConfigKey<String> key : List.of(SIZE, FPS)) {
      String value = settings.get(key);
      if (!value.isEmpty()) {
        source = (source == null ? SourceUri.parse(text) : source).with(lastWord(key), value);
      }
    }
    return source == null ? text : source.text();
  }

  private static String lastWord(ConfigKey<?> key) {
    return key.name().substring(key.name().lastIndexOf('.') + 1);
  }

  private static String matching(String text, String pattern) {
    if (!text.matches(pattern)) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  private static RecorderConfig recorder(Settings settings) {
    RecorderConfig recorder =
        RecorderConfig.into(settings.get(SPOOL))
            .segment(settings.get(SEGMENT))
            .fragment(settings.get(FRAGMENT))
            .storage(StorageKeys.config(settings));
    if (settings.get(MODE) == RecordMode.CONTINUOUS) {
      return recorder;
    }
    if (!settings.get(MotionKeys.ENABLED)) {
      throw new ConfigException(
          "key \"record.mode\" is \"events\", but \"motion.enabled\" is false: nothing would be"
              + " recorded");
    }
    return recorder.events(settings.get(PRE_ROLL), settings.get(POST_ROLL));
  }

  private static OverlayConfig overlay(Settings settings) {
    return OverlayKeys.config(settings).shapes(MotionKeys.privacy(settings));
  }

  private static Optional<MotionConfig> motion(Settings settings) {
    return settings.get(MotionKeys.ENABLED)
        ? Optional.of(MotionKeys.config(settings, settings.get(OverlayKeys.MASKS)))
        : Optional.empty();
  }

  private static Optional<UploaderConfig> upload(Settings settings, String name) {
    UploadLimits limits = UploadKeys.limits(settings); // wrong is wrong, also without a master
    Optional<TargetConfig> target = TargetKeys.config(settings);
    Optional<UploaderConfig.Builder> builder =
        PairingKeys.isPaired(settings)
            ? Optional.of(UploaderConfig.builder(PairingKeys.pairing(settings)))
            : settings.get(MASTER).isBlank()
                ? target.map(UploaderConfig::builder)
                : Optional.of(toMaster(settings, name));
    target.ifPresent(elsewhere -> builder.orElseThrow().target(elsewhere));
    return builder.map(
        b -> b.retry(Duration.ofSeconds(1), settings.get(UploadKeys.RETRY)).limits(limits).build());
  }

  private static UploaderConfig.Builder toMaster(Settings settings, String name) {
    String master = settings.get(MASTER);
    URI address;
    try {
      address = URI.create(master);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("key \"master.url\" is \"" + master + "\", which is no address");
    }
    CameraCredential credential = credential(settings.get(TOKEN_FILE));
    if (!credential.camera().equals(name)) {
      throw new ConfigException(
          "the token in \"master.token-file\" is for the camera \""
              + credential.camera()
              + "\", not for \""
              + name
              + "\"");
    }
    try {
      return UploaderConfig.builder(address, credential);
    } catch (IllegalArgumentException e) { // only the address is not checked yet
      throw new ConfigException("key \"master.url\": " + e.getMessage());
    }
  }

  private static CameraCredential credential(String file) {
    if (file.isBlank()) {
      throw new ConfigException("key \"master.token-file\" is not set, but \"master.url\" is");
    }
    try {
      return CameraCredential.parse(
          Files.readString(Path.of(file), StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      throw new ConfigException(
          "key \"master.token-file\": file "
              + file
              + " cannot be read: "
              + e.getClass().getSimpleName());
    } catch (IllegalArgumentException e) {
      throw new ConfigException("key \"master.token-file\": file " + file + ": " + e.getMessage());
    }
  }
}
