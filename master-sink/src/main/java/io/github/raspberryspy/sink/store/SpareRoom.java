package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * A file that only takes up room. Where somebody else has filled the disk up to its last block, the
 * index could not even note that footage is to go: then this file goes first, and retention has the
 * room that it needs to make more. It is put there again once there is room. What it gave up counts
 * with the reserve meanwhile, so that no upload takes it. Thread-safe.
 */
public final class SpareRoom {

  private static final String FILE = "spare";
  private static final long MOST_BYTES = 4 << 20;
  private static final int PART_OF_DISK = 32;

  private final FootageFolder folder;
  private final DiskSpace space;
  private final long bytes;

  /** Does nothing before it looks. */
  public SpareRoom(FootageFolder folder, DiskSpace space) throws IOException {
    this.folder = folder;
    this.space = space;
    long total = space.totalBytes();
    this.bytes = total > 0 ? Math.min(MOST_BYTES, total / PART_OF_DISK) : MOST_BYTES;
  }

  /**
   * Gives the file up where the disk is full, and puts it there where it fits in front of the
   * reserve.
   *
   * @return whether it was given up, so that retention is to look now
   * @throws IOException if the disk does not do it
   * @throws StoreException of kind AWAY if the disk is not there
   */
  public synchronized boolean look() throws IOException {
    folder.identity().requireHere();
    boolean isGivenUp = space.freeBytes() < bytes / 4 && giveUp(folder.root());
    boolean isThere = Files.exists(file(folder.root()));
    space.owe(isThere ? 0 : bytes);
    if (!isThere && space.has(bytes / 2)) {
      DurableFiles.write(file(folder.root()), incompressible());
      space.owe(0);
    }
    return isGivenUp;
  }

  /** Deletes the file of a footage folder. Returns whether there was one. */
  static boolean giveUp(Path root) throws IOException {
    boolean isGone = Files.deleteIfExists(file(root));
    Path begun = file(root).resolveSibling(FILE + ".tmp");
    return Files.deleteIfExists(begun) || isGone;
  }

  private static Path file(Path root) {
    return root.resolve(FootageFolder.INTERNALS).resolve(FILE);
  }

  /** Zeros take no room on some file systems. */
  private byte[] incompressible() {
    byte[] some = new byte[(int) bytes];
    new Random(bytes).nextBytes(some);
    return some;
  }
}
