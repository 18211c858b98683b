package io.github.raspberryspy.daemon;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Programs of the system that a fuller test needs. */
final class Tools {

  private Tools() {}

  /** Skips the test with a reason where a program is absent; fails it where nothing may be. */
  static void need(String... programs) {
    for (String program : programs) {
      boolean present = isPresent(program);
      if (!present && Boolean.getBoolean("raspberryspy.nothingAbsent")) {
        throw new AssertionError(program + " is not on this machine, and nothing may be absent");
      }
      assumeTrue(present, program + " is not on this machine");
    }
  }

  static boolean isPresent(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
