package io.github.raspberryspy.segments.faults;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/** What is known of a file besides its bytes. */
record MemoryAttributes(boolean isDirectory, long size, Integer fileKey)
    implements BasicFileAttributes {

  private static final FileTime TIME = FileTime.fromMillis(0);

  @Override
  public FileTime lastModifiedTime() {
    return TIME;
  }

  @Override
  public FileTime lastAccessTime() {
    return TIME;
  }

  @Override
  public FileTime creationTime() {
    return TIME;
  }

  @Override
  public boolean isRegularFile() {
    return !isDirectory;
  }

  @Override
  public boolean isSymbolicLink() {
    return false;
  }

  @Override
  public boolean isOther() {
    return false;
  }
}
