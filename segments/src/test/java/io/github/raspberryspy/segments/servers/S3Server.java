package io.github.raspberryspy.segments.servers;

import io.github.raspberryspy.segments.Needed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real server of S3, s3proxy, as a process of its own on loopback. It keeps each bucket as a
 * folder, and checks signatures. Its jars are laid out by the module {@code uploader/s3proxy}.
 */
public final class S3Server implements AutoCloseable {

  /** Who may do everything. */
  public static final String ACCESS_KEY = "camera";

  /** The secret to it. */
  public static final String SECRET_KEY = "kept-secret";

  private final Path folder;
  private final int port;
  private Process process;

  private S3Server(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /** Whether its jars are laid out, in the tree in which this runs. */
  public static boolean isPresent() {
    return jars().isPresent();
  }

  /**
   * Starts one; skips the test where its jars are not laid out.
   *
   * @param folder for its files; buckets lie in {@link #bucket}
   */
  public static S3Server start(Path folder, String... buckets) throws IOException {
    Optional<Path> jars = jars();
    Needed.require(jars.isPresent(), "s3proxy (module uploader/s3proxy)");
    S3Server server = new S3Server(folder, freePort());
    for (String bucket : buckets) {
      Files.createDirectories(server.bucket(bucket));
    }
    server.write();
    server.run(jars.get());
    return server;
  }

  /** Kills it. */
  public void kill() {
    close();
  }

  /** Starts it again on the same port, over the same buckets. */
  public void restart() throws IOException {
    run(jars().orElseThrow());
  }

  /** Where it listens. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** The folder of a bucket, its objects as files. */
  public Path bucket(String name) {
    return folder.resolve("buckets").resolve(name);
  }

  private static Optional<Path> jars() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path libs = at.resolve("uploader/s3proxy/target/libs");
      if (Files.isDirectory(libs)) {
        return Optional.of(libs);
      }
    }
    return Optional.empty();
  }

  private void write() throws IOException {
    Files.writeString(
        folder.resolve("s3proxy.conf"),
        String.join(
            "\n",
            "s3proxy.endpoint=" + uri(),
            "s3proxy.authorization=aws-v2-or-v4",
            "s3proxy.identity=" + ACCESS_KEY,
            "s3proxy.credential=" + SECRET_KEY,
            "jclouds.provider=filesystem-nio2",
            "jclouds.filesystem.basedir=" + folder.resolve("buckets")));
    Files.writeString(
        folder.resolve("logback.xml"), "<configuration><root level=\"OFF\"/></configuration>");
  }

  private void run(Path jars) throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=" + folder.resolve("logback.xml"),
                "-cp",
                classPath(jars),
                "org.gaul.s3proxy.Main",
                "--properties",
                folder.resolve("s3proxy.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("s3proxy.log").toFile())
            .start();
    Startup.await(process, folder + "/s3proxy.log", this::listens);
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static String classPath(Path jars) throws IOException {
    try (Stream<Path> files = Files.list(jars)) {
      List<String> all = files.map(Path::toString).sorted().toList();
      return String.join(System.getProperty("path.separator"), all);
    }
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
