package io.github.raspberryspy.sink.alert;

import io.github.raspberryspy.segments.Needed;
import io.github.raspberryspy.sink.tls.TlsConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's broker, as a process. */
final class Mosquitto implements AutoCloseable {

  private static final Path DEBIAN = Path.of("/usr/sbin/mosquitto"); // not on everybody's path

  final int port;
  private final Path folder;
  private Process process;

  private final List<String> tls;

  Mosquitto(Path folder) throws IOException {
    this(folder, List.of());
  }

  /** One that shows this certificate. */
  static Mosquitto encrypted(Path folder, TlsConfig.Files key) throws IOException {
    Path readable = folder.resolve("broker.key"); // it gives up the right to read ours first
    Files.copy(key.key(), readable);
    Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new Mosquitto(folder, List.of("certfile " + key.certificate(), "keyfile " + readable));
  }

  private Mosquitto(Path folder, List<String> tls) throws IOException {
    this.tls = tls;
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
    List<String> lines = new ArrayList<>(List.of("listener " + port + " 127.0.0.1"));
    lines.addAll(tls);
    lines.add("allow_anonymous true");
    Files.write(config, lines);
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
