package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.sink.MasterConfig;
import io.github.raspberryspy.sink.fleet.FlagOthers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys of {@code master.yml}, and the master they describe. */
public final class MasterKeys {

  static final ConfigKey<Path> FOLDER =
      ConfigKey.folder("footage.folder", "Where footage is kept.");
  static final ConfigKey<String> HOST =
      ConfigKey.text("listen.host", "The address to listen on.", "127.0.0.1");
  static final ConfigKey<Integer> PORT =
      ConfigKey.integer("listen.port", "The port; 0 takes a free one.", 8470, 0, 65535);
  static final ConfigKey<String> ID_FOLDER =
      ConfigKey.text(
          "footage.id-folder",
          "Where it is remembered which disk the footage is on: auto, off, or a folder.",
          "auto");

  static final ConfigKey<String> METRICS_TOKEN =
      ConfigKey.text(
          "metrics.token-file",
          "A file that nobody else may read (0600), whose first line is the token that /metrics asks"
              + " for.",
          "");

  static final ConfigKey<Set<String>> FLAG_OTHERS =
      new ConfigKey<>(
          "failsafe.flag-others",
          "Cameras at whose motion the others flag what they film, and record it where they record"
              + " events only.",
          Optional.of(""),
          "names of cameras with commas between, * for each, or empty for none",
          MasterKeys::cameras);

  /** All of them, in the order of the file. */
  public static final List<ConfigKey<?>> ALL =
      Stream.<List<ConfigKey<?>>>of(
              List.of(FOLDER, ID_FOLDER, HOST, PORT),
              TlsKeys.ALL,
              RetentionKeys.ALL,
              IndexKeys.ALL,
              StoreKeys.ALL,
              AlertKeys.ALL,
              List.of(METRICS_TOKEN, FLAG_OTHERS))
          .flatMap(List::stream)
          .toList();

  private MasterKeys() {}

  /**
   * The master that these settings describe.
   *
   * @throws ConfigException in one sentence, if it cannot be
   */
  public static MasterConfig master(Settings settings) {
    MasterConfig.Builder master =
        MasterConfig.into(settings.get(FOLDER)).listen(settings.get(HOST), settings.get(PORT));
    TlsKeys.config(settings, settings.get(HOST)).ifPresent(master::tls);
    RetentionKeys.apply(settings, master);
    idFolder(settings.get(ID_FOLDER)).ifPresent(master::notes);
    IndexKeys.server(settings).ifPresent(master::index);
    StoreKeys.bucket(settings).ifPresent(master::store);
    master.alerts(AlertKeys.config(settings));
    master.flagOthers(settings.get(FLAG_OTHERS));
    String token = settings.get(METRICS_TOKEN);
    if (!token.isBlank()) {
      master.metricsToken(SecretFile.read(METRICS_TOKEN, token, "the token"));
    }
    try {
      return master.build();
    } catch (IllegalArgumentException e) { // only the host is not checked yet
      throw new ConfigException("key \"listen.host\": " + e.getMessage());
    }
  }

  private static Set<String> cameras(String text) {
    Set<String> names =
        Arrays.stream(text.split(",", -1))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toSet());
    names.stream()
        .filter(name -> !name.equals(FlagOthers.ALL))
        .forEach(SegmentId::requireCameraName);
    return names;
  }

  /** The user's folder for such things, as the XDG base directories say, unless told otherwise. */
  private static Optional<Path> idFolder(String value) {
    if (value.equals("off")) {
      return Optional.empty();
    }
    if (!value.equals("auto")) {
      return Optional.of(Path.of(value));
    }
    String service = System.getenv("STATE_DIRECTORY"); // systemd's; several have : between them
    if (service != null && !service.isBlank()) {
      return Optional.of(Path.of(service.split(":", -1)[0]));
    }
    String state = System.getenv("XDG_STATE_HOME");
    Path base =
        state != null && Path.of(state).isAbsolute()
            ? Path.of(state)
            : Path.of(System.getProperty("user.home"), ".local", "state");
    return Optional.of(base.resolve("raspberryspy"));
  }
}
