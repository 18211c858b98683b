package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.sink.store.FootageCheck.Fault;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where everything lies in the footage folder. Immutable and thread-safe.
 *
 * @param root the footage folder
 * @param identity tells whether its disk is still there
 */
public record FootageFolder(Path root, FootageIdentity identity) {

  private static final Logger log = LoggerFactory.getLogger(FootageFolder.class);

  static final String INTERNALS = ".raspberryspy";

  /**
   * Opens a footage folder, and creates it where it is not there yet.
   *
   * @throws IOException in one sentence that names the folder, if it is no folder that can be
   *     written
   */
  public static FootageFolder open(Path root) throws IOException {
    Path absolute = root.toAbsolutePath().normalize();
    try {
      DurableFiles.createPrivateDirectory(absolute);
      DurableFiles.createDirectories(absolute.resolve(INTERNALS));
      if (!DurableFiles.makePrivate(absolute.resolve(INTERNALS))) { // it has hashes of passwords
        log.warn("other users of this machine may look into {}", absolute.resolve(INTERNALS));
      }
      String ofItsOwn = "writable-" + UUID.randomUUID() + ".tmp"; // another may open it just now
      Path probe = absolute.resolve(INTERNALS).resolve(ofItsOwn);
      DurableFiles.write(probe, new byte[] {1});
      DurableFiles.delete(probe);
      FootageFolder folder = new FootageFolder(absolute, FootageIdentity.readOrDraw(absolute));
      DurableFiles.createDirectories(folder.incoming());
      DurableFiles.createDirectories(absolute.resolve(Quarantine.FOLDER));
      return folder;
    } catch (FileAlreadyExistsException | NotDirectoryException e) {
      throw new IOException("footage folder " + root + " is not a folder", e);
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("No space left")) {
        if (SpareRoom.giveUp(absolute)) {
          return open(root);
        }
        throw new IOException(
            "the disk of footage folder " + root + " is full: make some room, then start again", e);
      }
      if (!(e instanceof FileSystemException)) {
        throw e;
      }
      throw new IOException(
          Files.exists(root) && !Files.isDirectory(root)
              ? "footage folder " + root + " is not a folder"
              : "footage folder " + root + " is not writable",
          e);
    }
  }

  /**
   * As {@link #open(Path)}, if it is the folder that it was before.
   *
   * @param notes where it is remembered which one it was
   * @throws IOException in one sentence, if another disk is there, or none
   */
  public static FootageFolder open(Path root, Optional<Path> notes) throws IOException {
    if (notes.isPresent()) {
      FootageIdentity.requireExpected(root, notes.get());
    }
    FootageFolder folder = open(root);
    notes.ifPresent(place -> folder.identity().remember(folder.root(), place));
    return folder;
  }

  /**
   * A footage folder that is there, if it is the one that it was before; it is only read.
   *
   * @param notes where it is remembered which one it was
   * @throws IllegalArgumentException in one sentence, if it is none
   * @throws IOException in one sentence, if another disk is there, or it cannot be read
   */
  public static FootageFolder existing(Path root, Optional<Path> notes) throws IOException {
    Path absolute = root.toAbsolutePath().normalize();
    if (!Files.isDirectory(absolute)) {
      throw new IllegalArgumentException(
          "footage folder " + root + (Files.exists(root) ? " is not a folder" : " does not exist"));
    }
    if (notes.isPresent()) {
      FootageIdentity.requireExpected(root, notes.get());
    }
    return FootageIdentity.known(absolute)
        .map(identity -> new FootageFolder(absolute, identity))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "folder " + root + " has no footage id, so no master has kept footage in it"));
  }

  /** Everything that is not footage. */
  public Path internals() {
    return root.resolve(INTERNALS);
  }

  /** The file of the index. */
  public Path index() {
    return internals().resolve("index.db");
  }

  /** Partial uploads. */
  Path incoming() {
    return internals().resolve("incoming");
  }

  /** What is wrong with the uploads that are under way in this folder. */
  public Set<Fault> uploadFaults() throws IOException {
    return Incoming.faults(incoming());
  }

  /** The footage, as files in this folder. */
  public FootageFiles files() {
    return new LocalFiles(root, identity);
  }

  /**
   * Keeps every other master out until the channel is closed.
   *
   * @throws IOException if another one is in
   */
  public FileChannel lock() throws IOException {
    FileChannel channel =
        FileChannel.open(
            internals().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw new IOException("footage folder " + root + " is in use by another master");
    }
    return channel;
  }
}
