package io.github.raspberryspy.daemon;

import io.github.raspberryspy.daemon.config.ConfigKey;
import io.github.raspberryspy.daemon.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which configuration a daemon runs with, or that its reference is wanted. */
final class ConfigOptions {

  @ArgGroup(multiplicity = "1")
  private What what;

  /** Run, or show the reference. */
  static final class What {
    @Option(names = "--config", paramLabel = "FILE", description = "The configuration.")
    private Path config;

    @Option(names = "--print-config", description = "Print a commented configuration and end.")
    private boolean printConfig;
  }

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides a key of the configuration.")
  private List<String> sets = new ArrayList<>();

  /** Whether the reference is wanted. */
  boolean printsReference() {
    return what.printConfig;
  }

  /**
   * What file, environment and options say.
   *
   * @param known every key that may stand there
   */
  Settings read(List<? extends ConfigKey<?>> known) {
    return Settings.read(known, what.config, System.getenv(), sets);
  }
}
