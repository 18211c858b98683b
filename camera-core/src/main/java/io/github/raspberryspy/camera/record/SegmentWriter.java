package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Puts a segment's bytes on disk and hashes them once they are there. It knows nothing of video:
 * what is appended in one call is durable when the call returns. For one thread.
 */
final class SegmentWriter implements AutoCloseable {

  private final FileChannel channel;
  private final RunningHash hash = new RunningHash();
  private long size;

  private SegmentWriter(FileChannel channel) {
    this.channel = channel;
  }

  /** Creates the {@code .part} file, which must not exist yet, and makes its name durable. */
  static SegmentWriter create(SegmentFiles files) throws IOException {
    DurableFiles.createDirectories(files.folder());
    FileChannel channel =
        FileChannel.open(files.part(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      DurableFiles.syncDirectory(files.folder());
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return new SegmentWriter(channel);
  }

  /**
   * Appends bytes of a direct buffer, durably. After a failure nothing more can be appended: what
   * the kernel did not write it may drop, and a second fsync would succeed all the same.
   */
  void append(ByteBuffer bytes) throws IOException {
    ByteBuffer appended = bytes.duplicate();
    persist(bytes);
    hash.update(appended); // the disk does not wait for it
    size += appended.remaining();
  }

  /** Writes and syncs: all that durability waits for. */
  void persist(ByteBuffer bytes) throws IOException {
    DurableFiles.writeFully(channel, bytes);
    channel.force(false);
  }

  /** What an fsync has put on the disk so far; also once it is closed. */
  Optional<Content> durable() {
    return size == 0 ? Optional.empty() : Optional.of(new Content(size, hash.hex()));
  }

  /** Bytes so far. */
  long size() {
    return size;
  }

  /** Makes the file's metadata durable too, closes it, and says what is in it. */
  Content finish() throws IOException {
    channel.force(true);
    channel.close();
    return new Content(size, hash.hex());
  }

  /** Closes the file as it is. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
