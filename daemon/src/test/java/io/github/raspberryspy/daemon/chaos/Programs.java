package io.github.raspberryspy.daemon.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Starts the runnable program, each process with a clock of its own and its words in a file. */
final class Programs {

  private final Path jar;
  private final Path logs;
  private final Clocks clocks;

  Programs(Path folder, Path jar) throws IOException, InterruptedException {
    this.jar = jar;
    this.logs = Files.createDirectories(folder.resolve("logs"));
    this.clocks = new Clocks(folder.resolve("clocks"));
  }

  Clocks clocks() {
    return clocks;
  }

  /** Starts a process whose clock is the one of this name. */
  Part start(String name, List<String> args) throws IOException {
    return Part.start(jar, logs, name, args, clocks.environment(name));
  }

  /** What came of a command that ended. */
  record Result(int exit, String said) {}

  /** Runs a command to its end. */
  Result run(String... args) throws IOException, InterruptedException {
    try (Part part = Part.start(jar, logs, args[0], List.of(args), Map.of())) {
      int exit =
          part.await(300)
              .orElseThrow(() -> new IllegalStateException(args[0] + " did not come to its end"));
      return new Result(exit, part.said());
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
