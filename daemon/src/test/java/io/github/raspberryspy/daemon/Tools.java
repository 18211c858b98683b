package io.github.raspberryspy.daemon;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
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

  /** The same for a module of GObject introspection, for Debian's own Python. */
  static void needPythonModule(String module) throws IOException, InterruptedException {
    String said = "absent";
    if (Files.isExecutable(Path.of("/usr/bin/python3"))) {
      said =
          Program.tool(
              "/usr/bin/python3",
              "-c",
              "import gi; gi.require_version('" + module + "', '1.0'); print('here')");
    }
    boolean present = said.contains("here");
    if (!present && Boolean.getBoolean("raspberryspy.nothingAbsent")) {
      throw new AssertionError(module + " is not on this machine, and nothing may be absent");
    }
    assumeTrue(present, module + " is not on this machine");
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  static boolean isPresent(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
