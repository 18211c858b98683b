package io.github.raspberryspy.sink.alert;

import io.github.raspberryspy.segments.Needed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's broker, as a process. */
final class Mosquitto implements AutoCloseable {

  private static final Path DEBIAN = Path.of("/usr/sbin/mosquitto"); // not on everybody's path

  final int port;
  private final Path folder;
  private Process process;

  Mosquitto(Path folder) throws IOException {
    Needed.require(
        Files.isExecutable(DEBIAN) || Needed.isPresent("mosquitto"), "the broker mosquitto");
    this.folder = folder;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    start();
  }

  void start() throws IOException {
    Path config = folder.resolve("mosquitto.conf");
    Files.write(config, List.of("listener " + port + " 127.0.0.1", "allow_anonymous true"));
    String program = Files.isExecutable(DEBIAN) ? DEBIAN.toString() : "mosquitto";
    process =
        new ProcessBuilder(program, "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("mosquitto.log").toFile())
            .start();
  }

  void stop() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws InterruptedException {
    stop();
  }
}
