package io.github.raspberryspy.segments;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What a fuller test needs of the machine that it runs on. */
public final class Needed {

  private Needed() {}

  /**
   * Skips the test with a reason where something is absent; fails it where {@code
   * -Draspberryspy.nothingAbsent=true} says that nothing may be.
   */
  public static void require(boolean present, String what) {
    if (present) {
      return; // without JUnit, where a program that is no test asks
    }
    if (Boolean.getBoolean("raspberryspy.nothingAbsent")) {
      throw new AssertionError(what + " is not on this machine, and nothing may be absent");
    }
    abort(what + " is not on this machine");
  }

  /** Whether the path of programs has it. */
  public static boolean isPresent(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
