package io.github.raspberryspy.segments.faults;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file system of a few megabytes that is truly full, and truly read-only. Mounting one takes the
 * rights of the superuser; without them the test is skipped.
 */
public final class SmallDisk implements AutoCloseable {

  private static final String BALLAST = "ballast";

  private final Path path;

  private SmallDisk(Path path) {
    this.path = path;
  }

  /** Mounts one at this path, where nothing is yet. */
  public static SmallDisk mount(Path path, int megabytes) throws IOException {
    Optional<SmallDisk> disk = mountIfAllowed(path, megabytes);
    assumeTrue(disk.isPresent(), "a file system cannot be mounted here");
    return disk.get();
  }

  /** As {@link #mount}; empty, with a folder in its place, where nothing may be mounted. */
  public static Optional<SmallDisk> mountIfAllowed(Path path, int megabytes) throws IOException {
    Files.createDirectory(path);
    return run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "none", path.toString())
        ? Optional.of(new SmallDisk(path))
        : Optional.empty();
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Makes it read-only, or writable again. Returns whether that could be done. */
  public boolean remount(boolean readOnly) {
    return run("mount", "-o", "remount," + (readOnly ? "ro" : "rw"), path.toString());
  }

  /** Fills it up to its last block, again too. */
  public void fill() {
    byte[] block = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(path.resolve(BALLAST), CREATE, APPEND)) {
      while (Files.getFileStore(path).getTotalSpace() > 0) {
        out.write(block);
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space left")) {
        throw new IllegalStateException("it was to be full", e);
      }
    }
  }

  /** Takes away what filled it. */
  public void empty() throws IOException {
    Files.delete(path.resolve(BALLAST));
  }

  @Override
  public void close() {
    run("umount", "-l", path.toString());
  }

  private static boolean run(String... command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // there is no such program
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
