package io.github.raspberryspy.daemon;

import io.github.raspberryspy.segments.Needed;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Programs of the system that a fuller test needs. */
final class Tools {

  private Tools() {}

  /** Skips the test with a reason where a program is absent; fails it where nothing may be. */
  static void need(String... programs) {
    for (String program : programs) {
      Needed.require(isPresent(program), program);
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
    Needed.require(said.contains("here"), module);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  static boolean isPresent(String program) {
    return Needed.isPresent(program);
  }
}
