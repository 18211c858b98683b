package io.github.raspberryspy.upload;

import com.jcraft.jsch.ChannelSubsystem;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchHostKeyException;
import com.jcraft.jsch.KeyPair;
import com.jcraft.jsch.Session;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * A connection to an SSH server that proved to be the right one, signed in with a key, with SFTP on
 * it. For one thread; {@link #close} from any.
 */
final class SftpLink implements AutoCloseable {

  /** So many signs of life may be missing before a link counts as dead. */
  private static final int SILENT_BEATS = 3;

  private final SftpConfig config;
  private final Session session;
  private final PinnedKey pinned;
  private volatile Sftp sftp; // null until it is connected

  private SftpLink(SftpConfig config) throws UploadException {
    this.config = config;
    this.pinned = new PinnedKey(config.hostKey());
    try {
      JSch ssh = new JSch();
      ssh.setHostKeyRepository(pinned);
      ssh.addIdentity("camera", config.identity().key(), null, null);
      session = ssh.getSession(config.user(), config.host(), config.port());
      session.setConfig("StrictHostKeyChecking", "yes");
      session.setConfig("PreferredAuthentications", "publickey");
      session.setConfig("server_host_key", config.hostKey().algorithms());
      session.setDaemonThread(true);
    } catch (JSchException e) {
      throw new UploadException(Kind.UNAUTHORIZED, "the key file cannot be used", e);
    }
  }

  /** One that is not connected yet, so that it can be closed meanwhile. */
  static SftpLink to(SftpConfig config) throws UploadException {
    return new SftpLink(config);
  }

  /** Refuses a key file with which nobody can sign in without being asked. */
  static void requireUsable(SftpConfig.Identity identity, Path file) {
    try {
      KeyPair pair = KeyPair.load(new JSch(), identity.key(), null);
      if (pair.isEncrypted()) {
        throw new IllegalArgumentException(
            "file " + file + " has a passphrase, for which nobody can be asked");
      }
    } catch (JSchException e) {
      throw new IllegalArgumentException("file " + file + " is no private key of OpenSSH", e);
    }
  }

  /**
   * Connects, signs in and begins SFTP. Once only.
   *
   * @throws UploadException in one sentence that says which of these failed
   */
  void connect(Duration connectTimeout, Duration requestTimeout) throws UploadException {
    try {
      session.setServerAliveInterval((int) requestTimeout.toMillis() / SILENT_BEATS);
      session.setServerAliveCountMax(SILENT_BEATS);
      session.connect((int) connectTimeout.toMillis());
    } catch (JSchHostKeyException e) {
      throw new UploadException(
          Kind.UNAUTHORIZED,
          config.server()
              + " shows the host key "
              + pinned.shown
              + " and not the pinned one, "
              + config.hostKey()
              + ": it is another server, or its key was changed",
          e);
    } catch (JSchException e) {
      throw failure(e);
    }
    try {
      ChannelSubsystem channel = (ChannelSubsystem) session.openChannel("subsystem");
      channel.setSubsystem("sftp");
      channel.setWantReply(true);
      InputStream in = channel.getInputStream(); // before it is connected, or bytes are lost
      OutputStream out = channel.getOutputStream();
      channel.connect((int) requestTimeout.toMillis());
      sftp = new Sftp(in, out);
    } catch (JSchException | IOException e) {
      throw new UploadException(
          Kind.UNREACHABLE, config.server() + " offers no SFTP: " + e.getMessage(), e);
    }
  }

  private UploadException failure(JSchException e) {
    String message = String.valueOf(e.getMessage());
    if (message.toLowerCase(Locale.ROOT).startsWith("auth ")) {
      return new UploadException(
          Kind.UNAUTHORIZED,
          config.server() + " does not let " + config.user() + " in with this camera's key",
          e);
    }
    if (message.startsWith("Algorithm negotiation fail")) {
      return new UploadException(
          Kind.UNAUTHORIZED,
          config.server()
              + " has no host key of the pinned type "
              + config.hostKey().type()
              + ", or no cipher in common",
          e);
    }
    return new UploadException(
        Kind.UNREACHABLE, config.server() + " cannot be reached: " + message, e);
  }

  /** What it is for, once it is connected. */
  Sftp sftp() {
    return sftp;
  }

  /** Whether the server is silent where it has to say something. From any thread. */
  boolean isOverdue(Duration limit) {
    Sftp now = sftp;
    return now != null && now.isOverdue(limit);
  }

  /** Whether nobody has noticed that it broke. */
  boolean isConnected() {
    return session.isConnected();
  }

  /** Cuts it, whatever is in flight. */
  @Override
  public void close() {
    session.disconnect();
  }

  /** Knows one key, and learns none. */
  private static final class PinnedKey implements HostKeyRepository {
    private static final com.jcraft.jsch.HostKey[] NONE = {};
    private final HostKey key;
    private volatile String shown = "of none"; // written on the thread that connects

    PinnedKey(HostKey key) {
      this.key = key;
    }

    @Override
    public int check(String host, byte[] bytes) {
      shown = HostKey.describe(bytes);
      return key.matches(bytes) ? OK : CHANGED;
    }

    @Override
    public void add(com.jcraft.jsch.HostKey hostkey, com.jcraft.jsch.UserInfo ui) {
      throw new UnsupportedOperationException("the host key is pinned");
    }

    @Override
    public void remove(String host, String type) {
      throw new UnsupportedOperationException("the host key is pinned");
    }

    @Override
    public void remove(String host, String type, byte[] bytes) {
      throw new UnsupportedOperationException("the host key is pinned");
    }

    @Override
    public String getKnownHostsRepositoryID() {
      return "pinned";
    }

    @Override
    public com.jcraft.jsch.HostKey[] getHostKey() {
      return NONE;
    }

    @Override
    public com.jcraft.jsch.HostKey[] getHostKey(String host, String type) {
      return NONE;
    }
  }
}
