package io.github.raspberryspy.sink.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.raspberryspy.segments.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The id of a footage folder, in a file of its own. While the master runs it is looked at before
 * each write: where the disk is not mounted any more, nothing goes to the one beneath. Between two
 * runs the id is remembered in a note outside of the footage folder, since what a folder says of
 * itself goes with its disk. Thread-safe.
 */
public final class FootageIdentity {

  /*
   * A note holds the id and the name of the file system that the footage was on. A folder without
   * an id on that same file system was emptied by somebody, and is begun anew. On another file
   * system it is the bare mount point; and another id is another disk: both are refused.
   */
  private static final Logger log = LoggerFactory.getLogger(FootageIdentity.class);
  private static final String FILE = "footage-id";
  private static final String NOTE = ".footage-id";

  private final Path file;
  private final String id;

  /** Device and inode that the id was read from last; null where the system has no such thing. */
  private volatile Object seen;

  private FootageIdentity(Path file, String id) {
    this.file = file;
    this.id = id;
  }

  /**
   * Checks that a folder is the one that it was at an earlier run, without touching it.
   *
   * @param notes folder of the notes
   * @throws IOException in one sentence that says what to do, if it is another one
   */
  static void requireExpected(Path root, Path notes) throws IOException {
    Path note = note(root, notes);
    if (!Files.exists(note)) {
      return;
    }
    List<String> lines = Files.readAllLines(note);
    String expected = lines.isEmpty() ? "" : lines.get(0);
    Optional<String> found = read(file(root));
    if (found.isPresent() ? found.get().equals(expected) : lines.contains(fileSystem(root))) {
      return;
    }
    throw new IOException(
        "footage folder "
            + root
            + (found.isPresent()
                ? " is another one than before: is the right disk mounted?"
                : " has no footage id, but had one before: is its disk mounted?")
            + " To use it as it is, delete "
            + note);
  }

  /** Remembers the folder for the next run. A note that cannot be written is a word in the log. */
  void remember(Path root, Path notes) {
    try {
      byte[] text = (id + "\n" + fileSystem(root) + "\n" + root + "\n").getBytes(UTF_8);
      Path note = note(root, notes);
      if (!Files.exists(note) || !Arrays.equals(text, Files.readAllBytes(note))) {
        DurableFiles.write(note, text);
      }
    } catch (IOException e) {
      log.warn(
          "a missing disk will not be noticed at the next start, for {} cannot be written: {}",
          notes,
          e.getMessage());
    }
  }

  /** The id of a folder that can be written; draws one where there is none. */
  static FootageIdentity readOrDraw(Path root) throws IOException {
    Path file = file(root);
    if (read(file).isEmpty()) {
      draw(file);
    }
    return new FootageIdentity(file, read(file).orElseThrow());
  }

  /** That of a folder, which is only read; empty where it has none. */
  static Optional<FootageIdentity> known(Path root) throws IOException {
    Path file = file(root);
    return read(file).map(id -> new FootageIdentity(file, id));
  }

  /** The id. */
  public String id() {
    return id;
  }

  /** Once, whoever else is about to: who comes second finds what the first has drawn. */
  private static synchronized void draw(Path file) throws IOException {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (lock.isValid() && read(file).isEmpty()) {
        channel.truncate(0);
        DurableFiles.writeFully(
            channel, ByteBuffer.wrap((UUID.randomUUID() + "\n").getBytes(UTF_8)));
        channel.force(true);
      }
    }
    DurableFiles.syncDirectory(file.getParent());
  }

  /** Whether the folder is still the one that was opened. One look at one file. */
  public boolean isHere() {
    try {
      return look();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Refuses to go on where the folder is not the one that was opened.
   *
   * @throws StoreException AWAY
   */
  public void requireHere() {
    try {
      if (!look()) {
        throw new StoreException(StoreException.Kind.AWAY, complaint());
      }
    } catch (IOException e) {
      throw new StoreException(StoreException.Kind.AWAY, complaint(), e);
    }
  }

  private boolean look() throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    if (key != null && key.equals(seen)) {
      return true;
    }
    boolean same = read(file).equals(Optional.of(id));
    seen = same ? key : null;
    return same;
  }

  /** What is wrong where it is not here. */
  public String complaint() {
    return "the footage folder "
        + file.getParent().getParent()
        + " is not the one that was opened: is its disk still mounted?";
  }

  private static Optional<String> read(Path file) throws IOException {
    try {
      String id = Files.readString(file).strip();
      return id.isEmpty() ? Optional.empty() : Optional.of(id);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static Path file(Path root) {
    return root.resolve(FootageFolder.INTERNALS).resolve(FILE);
  }

  private static Path note(Path root, Path notes) {
    String path = root.toAbsolutePath().normalize().toString();
    byte[] hash = DurableFiles.sha256().digest(path.getBytes(UTF_8));
    return notes.resolve(HexFormat.of().formatHex(hash, 0, 8) + NOTE);
  }

  private static String fileSystem(Path root) throws IOException {
    Path there = root.toAbsolutePath().normalize();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return Files.getFileStore(there).toString();
  }
}
