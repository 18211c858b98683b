package io.github.raspberryspy.segments.faults;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A disk in memory that remembers every change in order, so that {@link CrashStates} can say what a
 * power cut would have left of it. It can be of a given size, and be full.
 *
 * <p>Source: POSIX {@code fsync(2)}, {@code rename(2)}: what was not fsynced may be there or not,
 * whatever its order; a name is durable once its directory is.
 */
public final class MemoryDisk {

  private final Provider provider = new Provider();
  private final FileSystem system = new MadeUpSystem(provider, this::path);
  private final DiskImage image;
  private final List<DiskChange> log = Collections.synchronizedList(new ArrayList<>());
  private volatile long capacityBytes = Long.MAX_VALUE; // set by the test

  /** An empty one. */
  public MemoryDisk() {
    this(new DiskImage());
  }

  /** One that was switched on again with this on it. Takes the image over. */
  public MemoryDisk(DiskImage image) {
    this.image = image;
  }

  /** A path on it, absolute. */
  public Path path(String absolute) {
    return new FaultyPath(system, Path.of(absolute));
  }

  /** From now on it holds so many bytes of files at the most. */
  public void capacity(long bytes) {
    capacityBytes = bytes;
  }

  /** All changes since it was switched on, in order. */
  public List<DiskChange> log() {
    synchronized (log) {
      return List.copyOf(log);
    }
  }

  /** A copy of what a reader sees now. */
  public DiskImage snapshot() {
    synchronized (image) {
      return image.copy();
    }
  }

  void apply(DiskChange change) throws IOException {
    synchronized (image) {
      if (change instanceof DiskChange.Write write) {
        requireRoom(write);
      }
      log.add(change);
      image.apply(change);
    }
  }

  DiskImage image() {
    return image;
  }

  private void requireRoom(DiskChange.Write write) throws IOException {
    long grown =
        Math.max(0, write.offset() + write.bytes().length - image.data(write.inode()).length);
    if (grown > 0 && usedBytes() + grown > capacityBytes) {
      throw new IOException("No space left on device");
    }
  }

  private long usedBytes() {
    return image.usedBytes();
  }

  private int inode(Path path) throws NoSuchFileException {
    synchronized (image) {
      int at = image.find(path.toAbsolutePath().normalize().toString());
      if (at < 0) {
        throw new NoSuchFileException(path.toString());
      }
      return at;
    }
  }

  private int parent(Path path) throws IOException {
    int at = inode(path.toAbsolutePath().getParent());
    if (!image.isDirectory(at)) {
      throw new NotDirectoryException(path.toString());
    }
    return at;
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private boolean exists(Path path) {
    synchronized (image) {
      return image.find(path.toAbsolutePath().normalize().toString()) >= 0;
    }
  }

  private MemoryChannel open(Path path, Set<? extends OpenOption> options) throws IOException {
    synchronized (image) {
      boolean isThere = exists(path);
      if (isThere && options.contains(StandardOpenOption.CREATE_NEW)) {
        throw new FileAlreadyExistsException(path.toString());
      }
      if (!isThere
          && (options.contains(StandardOpenOption.CREATE)
              || options.contains(StandardOpenOption.CREATE_NEW))) {
        int made = image.newInode();
        apply(new DiskChange.Link(parent(path), name(path), made, false));
      }
      int inode = inode(path);
      if (options.contains(StandardOpenOption.TRUNCATE_EXISTING) && image.data(inode).length > 0) {
        apply(new DiskChange.Truncate(inode, 0));
      }
      return new MemoryChannel(this, inode);
    }
  }

  private final class Provider extends MadeUpProvider {

    @Override
    public MemoryChannel newFileChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs)
        throws IOException {
      return open(path, options);
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs)
        throws IOException {
      return open(path, options);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
        Path dir, DirectoryStream.Filter<? super Path> filter) throws IOException {
      List<Path> children = new ArrayList<>();
      synchronized (image) {
        int at = inode(dir);
        if (!image.isDirectory(at)) {
          throw new NotDirectoryException(dir.toString());
        }
        for (String child : image.names(at)) {
          Path path = dir.resolve(child);
          if (filter.accept(path)) {
            children.add(path);
          }
        }
      }
      return new DirectoryStream<>() {
        @Override
        public Iterator<Path> iterator() {
          return children.iterator();
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void createDirectory(Path dir, FileAttribute<?>... attrs) throws IOException {
      synchronized (image) {
        if (exists(dir)) {
          throw new FileAlreadyExistsException(dir.toString());
        }
        apply(new DiskChange.Link(parent(dir), name(dir), image.newInode(), true));
      }
    }

    @Override
    public void delete(Path path) throws IOException {
      synchronized (image) {
        int at = inode(path);
        if (image.isDirectory(at) && !image.names(at).isEmpty()) {
          throw new DirectoryNotEmptyException(path.toString());
        }
        apply(new DiskChange.Unlink(parent(path), name(path), at));
      }
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
      synchronized (image) {
        int at = inode(source);
        int from = parent(source);
        int to = parent(target);
        if (from == to) {
          apply(new DiskChange.Rename(from, name(source), name(target), at));
        } else {
          // two directories become durable at two times, the new name never after the old one goes
          apply(new DiskChange.Link(to, name(target), at, image.isDirectory(at)));
          apply(new DiskChange.Unlink(from, name(source), at));
        }
      }
    }

    @Override
    public FileStore getFileStore(Path path) {
      return new MemoryStore(() -> capacityBytes, MemoryDisk.this::usedBytes);
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
      inode(path);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(
        Path path, Class<V> type, LinkOption... options) {
      return null; // which POSIX allows: there are no owners here
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
        Path path, Class<A> type, LinkOption... options) throws IOException {
      synchronized (image) {
        int at = inode(path);
        return type.cast(new MemoryAttributes(image.isDirectory(at), image.data(at).length, at));
      }
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) {
      throw new UnsupportedOperationException();
    }
  }
}
