package io.github.raspberryspy.segments.faults;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * A file system over another one whose nth change fails: opening for writing, a write, an fsync, a
 * rename, a delete, a new folder. It either fails once, as a flaky disk does, or from then on,
 * which is what a killed process leaves: everything before is there, nothing after.
 */
public final class FaultyFiles {

  private static final Set<String> READING = Set.of("read", "list");
  private static final Set<String> OPENING = Set.of("open", "read", "list");

  private final Provider provider;
  private final MadeUpSystem system;
  private long countdown = Long.MAX_VALUE;
  private boolean forEver;
  private long changes;

  private volatile Fault fault = Fault.EIO; // set by the test, read by whoever writes
  private volatile boolean isForgetful; // likewise
  private volatile Hook hook = what -> {}; // likewise

  /** What a disk, or the system, says when it cannot; each can befall certain operations. */
  public enum Fault {
    /** The device cannot. */
    EIO("Input/output error"),
    /** Nothing is free. */
    ENOSPC("No space left on device"),
    /** The kernel has remounted it after an error. */
    EROFS("Read-only file system"),
    /** The process holds as many files as it may: none can be opened, not even to be read. */
    EMFILE("Too many open files"),
    /** It says nothing: a write takes half, and whoever writes must write the rest. */
    SHORT_WRITE("");

    private final String message;

    Fault(String message) {
      this.message = message;
    }

    private boolean canBefall(String what) {
      return switch (this) {
        case EMFILE -> OPENING.contains(kind(what));
        case SHORT_WRITE -> kind(what).equals("write");
        default -> !READING.contains(kind(what));
      };
    }

    private static String kind(String what) {
      return what.substring(0, what.indexOf(' '));
    }
  }

  /** Asked before each change, on the thread that makes it. */
  public interface Hook {
    /**
     * Lets it through by returning.
     *
     * @param what the kind and the path: {@code "fsync /spool/front/…"}
     */
    void before(String what) throws IOException;
  }

  /** Over the file system of this path. */
  public FaultyFiles(Path real) {
    provider = new Provider(real.getFileSystem().provider());
    system = new MadeUpSystem(provider, text -> path(real.getFileSystem().getPath(text)));
  }

  /** The same path, in the file system with faults. */
  public Path path(Path real) {
    return new FaultyPath(system, real);
  }

  /** From now on counts anew, and fails the nth operation, counted from 1. */
  public synchronized void failAt(long n, boolean andEachAfterIt) {
    countdown = n;
    forEver = andEachAfterIt;
    changes = 0;
  }

  /** Works from now on. */
  public synchronized void heal() {
    failAt(Long.MAX_VALUE, false);
  }

  /** Operations since the last {@link #failAt} that the present fault can befall. */
  public synchronized long changes() {
    return changes;
  }

  /** From now on failures are of this kind; {@link Fault#EIO} at first. */
  public void fault(Fault newFault) {
    fault = newFault;
  }

  /** From now on takes writes, says yes, and forgets them. */
  public void ignoreWrites(boolean ignores) {
    isForgetful = ignores;
  }

  boolean isForgetful() {
    return isForgetful;
  }

  /** From now on asks this one before each change; it may wait, or throw in the disk's name. */
  public void before(Hook newHook) {
    hook = newHook;
  }

  /**
   * Counts what the present fault can befall, and fails it if it is its turn. Returns whether it is
   * to be cut short.
   *
   * @param what the kind and the path; {@code read} and {@code list} open something to read it
   */
  boolean change(String what) throws IOException {
    if (!READING.contains(Fault.kind(what))) {
      hook.before(what);
    }
    if (!fault.canBefall(what)) {
      return false;
    }
    synchronized (this) {
      changes++;
      if (changes != countdown && !(forEver && changes > countdown)) {
        return false;
      }
    }
    if (fault == Fault.SHORT_WRITE) {
      return true;
    }
    throw new IOException("injected: " + fault.message + ": " + what);
  }

  private static Path real(Path path) {
    return path instanceof FaultyPath faulty ? faulty.real() : path;
  }

  private final class Provider extends MadeUpProvider {
    private final FileSystemProvider real;

    Provider(FileSystemProvider real) {
      this.real = real;
    }

    @Override
    public FileChannel newFileChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs)
        throws IOException {
      change((options.contains(StandardOpenOption.WRITE) ? "open " : "read ") + path);
      return new FaultyChannel(
          FaultyFiles.this, path, real.newFileChannel(real(path), options, attrs));
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs)
        throws IOException {
      return newFileChannel(path, options, attrs);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
        Path dir, DirectoryStream.Filter<? super Path> filter) throws IOException {
      change("list " + dir);
      DirectoryStream<Path> stream = real.newDirectoryStream(real(dir), p -> true);
      return new DirectoryStream<>() {
        @Override
        public Iterator<Path> iterator() {
          Iterator<Path> it = stream.iterator();
          return new Iterator<>() {
            @Override
            public boolean hasNext() {
              return it.hasNext();
            }

            @Override
            public Path next() {
              return path(it.next());
            }
          };
        }

        @Override
        public void close() throws IOException {
          stream.close();
        }
      };
    }

    @Override
    public void createDirectory(Path dir, FileAttribute<?>... attrs) throws IOException {
      change("mkdir " + dir);
      real.createDirectory(real(dir), attrs);
    }

    @Override
    public void delete(Path path) throws IOException {
      change("delete " + path);
      real.delete(real(path));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
      change("copy " + source);
      real.copy(real(source), real(target), options);
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
      change("move " + source);
      real.move(real(source), real(target), options);
    }

    @Override
    public boolean isSameFile(Path a, Path b) throws IOException {
      return real.isSameFile(real(a), real(b));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
      return real.isHidden(real(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
      return real.getFileStore(real(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
      real.checkAccess(real(path), modes);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(
        Path path, Class<V> type, LinkOption... options) {
      return real.getFileAttributeView(real(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
        Path path, Class<A> type, LinkOption... options) throws IOException {
      return real.readAttributes(real(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
        throws IOException {
      return real.readAttributes(real(path), names, options);
    }

    @Override
    public void setAttribute(Path path, String name, Object value, LinkOption... options)
        throws IOException {
      real.setAttribute(real(path), name, value, options);
    }
  }
}
