package io.github.raspberryspy.daemon;

import io.github.raspberryspy.segments.Needed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** HAProxy in front of replicas of a master, configured as docs/architecture.md says. */
public final class Balancer implements AutoCloseable {

  private static final String PROGRAM = "haproxy";

  private final Process process;
  private final int port;

  private Balancer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Whether HAProxy is on this machine. */
  public static boolean isPresent() {
    return Needed.isPresent(PROGRAM);
  }

  /**
   * Starts one; skips the test where HAProxy is absent.
   *
   * @param folder for its configuration and log
   * @param ports where the replicas listen on loopback
   */
  public static Balancer start(Path folder, List<Integer> ports) throws IOException {
    Needed.require(isPresent(), PROGRAM);
    int port = freePort();
    StringBuilder text =
        new StringBuilder(
            """
            defaults
              mode http
              timeout connect 2s
              timeout check 2s
              timeout client 1m
              timeout server 1m
            frontend footage
              bind 127.0.0.1:%d
              default_backend masters
            backend masters
              option httpchk GET /health
              option redispatch
              default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
            """
                .formatted(port));
    for (int replica : ports) {
      text.append("  server at%d 127.0.0.1:%d check%n".formatted(replica, replica));
    }
    Path config = Files.writeString(folder.resolve("haproxy.cfg"), text);
    Process process =
        new ProcessBuilder(PROGRAM, "-db", "-f", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("haproxy.log").toFile())
            .start();
    return new Balancer(process, port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Where it listens, on loopback. */
  public int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
