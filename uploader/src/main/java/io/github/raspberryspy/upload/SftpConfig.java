package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.KeyFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A folder on an SSH server. Immutable.
 *
 * @param user who signs in
 * @param host name or address
 * @param port of the SSH server
 * @param folder under which the footage lies; not ending in a slash
 * @param hostKey the key that the server must prove to have
 * @param identity what the camera signs in with
 * @param rereads whether all bytes are read again, although the server offers a hash
 */
public record SftpConfig(
    String user,
    String host,
    int port,
    String folder,
    HostKey hostKey,
    Identity identity,
    boolean rereads)
    implements TargetConfig {

  /** Where SSH servers listen. */
  public static final int PORT = 22;

  private static final String EXAMPLE = "sftp://user@host/folder";

  /** A private key in the form of OpenSSH. Its text says nothing of it. */
  public static final class Identity {
    private final byte[] key;

    private Identity(byte[] key) {
      this.key = key;
    }

    /**
     * Reads its file, as {@code ssh-keygen} writes it without a passphrase.
     *
     * @throws IllegalArgumentException in one sentence, if it cannot be read, or by others too
     */
    public static Identity read(Path file) {
      Identity identity = new Identity(KeyFile.read(file));
      SftpLink.requireUsable(identity, file);
      return identity;
    }

    byte[] key() {
      return key.clone();
    }

    @Override
    public String toString() {
      return "…";
    }
  }

  /** Checks presence. */
  public SftpConfig {
    Objects.requireNonNull(hostKey, "hostKey");
    Objects.requireNonNull(identity, "identity");
    if (user.isEmpty() || host.isEmpty() || folder.isEmpty()) {
      throw new IllegalArgumentException("the target lacks a user, a host or a folder");
    }
  }

  /**
   * Reads an address such as {@code sftp://camera@nas.lan:22/srv/footage}; {@code /~/footage} lies
   * in the user's home.
   *
   * @throws IllegalArgumentException in one sentence that names what it lacks
   */
  public static SftpConfig of(URI address, HostKey hostKey, Identity identity, boolean rereads) {
    if (address.getHost() == null || address.getUserInfo() == null) {
      throw new IllegalArgumentException("it names no user and host, as " + EXAMPLE + " does");
    }
    if (address.getUserInfo().indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "it holds a password: the camera signs in with a key alone");
    }
    if (address.getRawQuery() != null || address.getRawFragment() != null) {
      throw new IllegalArgumentException("it has a query or a fragment");
    }
    String path = address.getPath().replaceAll("/+$", "");
    String folder = path.startsWith("/~/") ? path.substring(3) : path;
    if (folder.isEmpty() || folder.equals("/~")) {
      throw new IllegalArgumentException("it names no folder, as " + EXAMPLE + " does");
    }
    return new SftpConfig(
        address.getUserInfo(),
        address.getHost(),
        address.getPort() < 0 ? PORT : address.getPort(),
        folder,
        hostKey,
        identity,
        rereads);
  }

  /** How it is named in sentences. */
  String server() {
    return host + (port == PORT ? "" : ":" + port);
  }
}
