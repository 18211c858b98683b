package io.github.raspberryspy.segments.servers;

import io.github.raspberryspy.segments.Needed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * OpenSSH's server as a process of its own on loopback, for the user who runs the test. It has two
 * host keys, and lets one key in.
 */
public final class SshServer implements AutoCloseable {

  private static final Path SSHD = Path.of("/usr/sbin/sshd");
  private static final Path SFTP = Path.of("/usr/lib/openssh/sftp-server");

  private final Path folder;
  private final int port;
  private final String subsystem;
  private Process process;

  private SshServer(Path folder, int port, String subsystem) {
    this.folder = folder;
    this.port = port;
    this.subsystem = subsystem;
  }

  /** Starts one; skips the test where OpenSSH's server is absent. */
  public static SshServer start(Path folder) throws IOException {
    return start(folder, SFTP.toString());
  }

  /**
   * Starts one.
   *
   * @param folder for its keys
   * @param subsystem the program that answers SFTP
   */
  public static SshServer start(Path folder, String subsystem) throws IOException {
    Needed.require(Files.isExecutable(SSHD) && Files.isExecutable(SFTP), "openssh-server");
    SshServer server = new SshServer(folder, S3Server.freePort(), subsystem);
    server.makeKeys();
    server.run();
    return server;
  }

  /** OpenSSH's own program that answers SFTP. */
  public static String sftpServer() {
    return SFTP.toString();
  }

  /** Where it listens, on loopback. */
  public int port() {
    return port;
  }

  /** Who may sign in. */
  public String user() {
    return System.getProperty("user.name");
  }

  /** The private key that lets in. */
  public Path clientKey() {
    return folder.resolve("client");
  }

  /** A private key that does not. */
  public Path strangersKey() {
    return folder.resolve("stranger");
  }

  /** One of its public host keys, as it stands in its file. */
  public String hostKey(String type) throws IOException {
    return Files.readString(folder.resolve("host_" + type + ".pub"));
  }

  /** Ends it with every session. */
  public void stop() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
  }

  private void makeKeys() throws IOException {
    for (String type : List.of("ed25519", "ecdsa")) {
      keygen(folder.resolve("host_" + type), type);
    }
    keygen(clientKey(), "ed25519");
    keygen(strangersKey(), "ed25519");
    Files.copy(folder.resolve("client.pub"), folder.resolve("authorized_keys"));
    Files.writeString(
        folder.resolve("sshd_config"),
        String.join(
            "\n",
            "Port " + port,
            "ListenAddress 127.0.0.1",
            "HostKey " + folder.resolve("host_ed25519"),
            "HostKey " + folder.resolve("host_ecdsa"),
            "PidFile none",
            "StrictModes no",
            "UsePAM no",
            "PasswordAuthentication no",
            "KbdInteractiveAuthentication no",
            "AuthorizedKeysFile " + folder.resolve("authorized_keys"),
            "Subsystem sftp " + subsystem,
            ""));
    if (Files.isWritable(Path.of("/run"))) {
      Files.createDirectories(
          Path.of("/run/sshd"),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }
  }

  private static void keygen(Path file, String type) throws IOException {
    Process keygen =
        new ProcessBuilder("ssh-keygen", "-q", "-t", type, "-N", "", "-f", file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keygen.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!Files.exists(file)) {
      throw new IOException("ssh-keygen: " + said);
    }
  }

  /** Starts it, again where it was stopped, on the same port. */
  public void run() throws IOException {
    process =
        new ProcessBuilder(
                SSHD.toString(), "-D", "-e", "-f", folder.resolve("sshd_config").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("sshd.log").toFile())
            .start();
    Startup.await(process, folder + "/sshd.log", this::listens);
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
