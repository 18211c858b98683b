package io.github.raspberryspy.segments.faults;

/** One change to a {@link MemoryDisk}; files and folders have numbers, as inodes do. */
public sealed interface DiskChange {

  /** Bytes into a file. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares or changes them
  record Write(int inode, long offset, byte[] bytes) implements DiskChange {}

  /** A file's new length. */
  record Truncate(int inode, long size) implements DiskChange {}

  /** A name for a file or a folder; another one of that name loses it. */
  record Link(int folder, String name, int inode, boolean isFolder) implements DiskChange {}

  /** A name goes. */
  record Unlink(int folder, String name, int inode) implements DiskChange {}

  /** Another name in the same folder, whole or not at all. */
  record Rename(int folder, String from, String to, int inode) implements DiskChange {}

  /** What was changed in this file or folder before is durable. */
  record Sync(int inode) implements DiskChange {}

  /** Whose fsync makes it durable. */
  default int owner() {
    if (this instanceof Write w) {
      return w.inode;
    } else if (this instanceof Truncate t) {
      return t.inode;
    } else if (this instanceof Link l) {
      return l.folder;
    } else if (this instanceof Unlink u) {
      return u.folder;
    } else if (this instanceof Rename r) {
      return r.folder;
    }
    return ((Sync) this).inode;
  }
}
