package io.github.raspberryspy.sink.auth;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.wire.CameraCredential;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The master's one secret: 32 random bytes in {@code master.secret}, readable by its owner only, or
 * in the database that replicas share. Camera credentials and upload tokens are derived from it, so
 * neither needs a table. Immutable and thread-safe.
 */
public final class MasterSecret {

  private static final String FILE = "master.secret";
  private static final int BYTES = 32;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final byte[] secret;

  private MasterSecret(byte[] secret) {
    this.secret = secret;
  }

  /**
   * Reads the secret of a master, or draws it where there is none yet. Two processes that do so at
   * the same time get the same one.
   *
   * @param folder the master's folder of internals; created
   * @throws IOException if it cannot be read or written, or is damaged: the message names the file
   */
  public static synchronized MasterSecret openOrCreate(Path folder) throws IOException {
    DurableFiles.createDirectories(folder);
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      createAlone(folder, file);
    }
    MasterSecret secret = decode(Files.readString(file), file.toString());
    if (hasPosixPermissions(file)) {
      Files.setPosixFilePermissions(file, OWNER_ONLY);
    }
    return secret;
  }

  /** Notes something under a name unless there is something; returns what is noted then. */
  @FunctionalInterface
  public interface Note {
    /** Notes it. */
    String putIfAbsent(String name, String value) throws IOException;
  }

  /**
   * The secret that replicas of a master share, in the database that they share; drawn where there
   * is none yet. A master that had no replicas before brings its own.
   *
   * @param folder the master's folder of internals
   * @throws IOException if it cannot be read or written, is damaged, or differs from the folder's
   */
  public static MasterSecret shared(Note note, Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    boolean hadOwn = Files.exists(file);
    String own = hadOwn ? Files.readString(file).strip() : draw();
    if (hadOwn) {
      decode(own, file.toString());
    }
    String kept = note.putIfAbsent(FILE, own);
    if (hadOwn && !kept.equals(own)) {
      throw new IOException(
          "the database has another secret than "
              + file
              + ", by which its cameras would be refused: put that file away to go on with the"
              + " database's");
    }
    return decode(kept, "the note " + FILE + " in the index's database");
  }

  private static MasterSecret decode(String text, String where) throws IOException {
    byte[] secret;
    try {
      secret = Base64.getUrlDecoder().decode(text.strip());
    } catch (IllegalArgumentException e) {
      throw new IOException(where + " is damaged: it is not base64", e);
    }
    if (secret.length != BYTES) {
      throw new IOException(where + " is damaged: it does not hold " + BYTES + " bytes");
    }
    return new MasterSecret(secret);
  }

  private static String draw() {
    byte[] fresh = new byte[BYTES];
    new SecureRandom().nextBytes(fresh);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(fresh);
  }

  /** The credential of a camera: always the same for one name. */
  public CameraCredential credential(String camera) {
    return CameraCredential.derive(secret, camera);
  }

  /** Whether this is the credential of the camera that it names. Compares in constant time. */
  public boolean accepts(CameraCredential claimed) {
    return credential(claimed.camera()).equals(claimed);
  }

  /** The token of the upload of these bytes as this segment: the same ask, the same token. */
  public String uploadToken(SegmentId id, Content content) {
    return mac("raspberryspy upload v1\n" + id + "\n" + content.bytes() + "\n" + content.sha256());
  }

  /** The token of the upload of a segment that still grows. */
  public String uploadToken(SegmentId id) {
    return mac("raspberryspy open upload v1\n" + id);
  }

  /** 32 bytes of a keyed hash of a text for one purpose, which the text starts with. */
  byte[] macOf(String text) {
    return Base64.getUrlDecoder().decode(mac(text));
  }

  private String mac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("this Java has no HMAC-SHA256", e);
    }
  }

  private static void createAlone(Path folder, Path file) throws IOException {
    try (FileChannel lock =
        FileChannel.open(
            folder.resolve("master.secret.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      lock.lock(); // given back when the channel closes
      if (!Files.exists(file)) {
        create(file);
      }
    }
  }

  private static void create(Path file) throws IOException {
    Path temporary = file.resolveSibling("master.secret.tmp");
    Files.deleteIfExists(temporary);
    if (hasPosixPermissions(file.getParent())) {
      Files.createFile(temporary, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    } else {
      Files.createFile(temporary);
    }
    String text = draw() + "\n";
    try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      DurableFiles.writeFully(out, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
      out.force(true);
    }
    DurableFiles.rename(temporary, file);
  }

  private static boolean hasPosixPermissions(Path file) throws IOException {
    FileStore store = Files.getFileStore(file);
    return store.supportsFileAttributeView("posix");
  }
}
