package io.github.raspberryspy.segments.faults;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.util.function.LongSupplier;

/** How full a {@link MemoryDisk} is. */
final class MemoryStore extends FileStore {
  private final LongSupplier capacity;
  private final LongSupplier used;

  MemoryStore(LongSupplier capacity, LongSupplier used) {
    this.capacity = capacity;
    this.used = used;
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public String type() {
    return "memory";
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public long getTotalSpace() {
    return capacity.getAsLong();
  }

  @Override
  public long getUsableSpace() {
    return Math.max(0, capacity.getAsLong() - used.getAsLong());
  }

  @Override
  public long getUnallocatedSpace() {
    return getUsableSpace();
  }

  @Override
  public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
    return false;
  }

  @Override
  public boolean supportsFileAttributeView(String name) {
    return false;
  }

  @Override
  public <V extends FileStoreAttributeView> V getFileStoreAttributeView(Class<V> type) {
    return null;
  }

  @Override
  public Object getAttribute(String attribute) throws IOException {
    throw new UnsupportedOperationException(attribute);
  }
}
