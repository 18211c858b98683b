package io.github.raspberryspy.segments.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file or folder of a {@link MemoryDisk} that was opened. */
final class MemoryChannel extends FileChannel {
  private final MemoryDisk disk;
  private final int inode;
  private long position;

  MemoryChannel(MemoryDisk disk, int inode) {
    this.disk = disk;
    this.inode = inode;
  }

  private byte[] data() {
    synchronized (disk.image()) {
      return disk.image().data(inode);
    }
  }

  @Override
  public int read(ByteBuffer dst) {
    int n = read(dst, position);
    position += Math.max(0, n);
    return n;
  }

  @Override
  public int read(ByteBuffer dst, long from) {
    byte[] bytes = data();
    if (from >= bytes.length) {
      return dst.hasRemaining() ? -1 : 0;
    }
    int n = (int) Math.min(dst.remaining(), bytes.length - from);
    dst.put(bytes, (int) from, n);
    return n;
  }

  @Override
  public int write(ByteBuffer src) throws IOException {
    int n = write(src, position);
    position += n;
    return n;
  }

  @Override
  public int write(ByteBuffer src, long at) throws IOException {
    byte[] bytes = new byte[src.remaining()];
    src.duplicate().get(bytes);
    disk.apply(new DiskChange.Write(inode, at, bytes));
    src.position(src.limit());
    return bytes.length;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public FileChannel position(long newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public long size() {
    return data().length;
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    if (size < size()) {
      disk.apply(new DiskChange.Truncate(inode, size));
    }
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    disk.apply(new DiskChange.Sync(inode));
  }

  @Override
  public long read(ByteBuffer[] dsts, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long write(ByteBuffer[] srcs, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
    byte[] bytes = data();
    int n = (int) Math.max(0, Math.min(count, bytes.length - from));
    return n == 0 ? 0 : target.write(ByteBuffer.wrap(bytes, (int) from, n));
  }

  @Override
  public long transferFrom(ReadableByteChannel src, long at, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long from, long size) {
    throw new UnsupportedOperationException();
  }

  /** At once, for nobody else has this disk. */
  @Override
  public FileLock lock(long from, long size, boolean shared) {
    return new Lock(this, from, size, shared);
  }

  @Override
  public FileLock tryLock(long from, long size, boolean shared) {
    return lock(from, size, shared);
  }

  @Override
  protected void implCloseChannel() {}

  private static final class Lock extends FileLock {
    private volatile boolean released; // by whoever holds it

    Lock(FileChannel channel, long from, long size, boolean shared) {
      super(channel, from, size, shared);
    }

    @Override
    public boolean isValid() {
      return !released && channel().isOpen();
    }

    @Override
    public void release() {
      released = true;
    }
  }
}
