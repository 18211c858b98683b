package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Puts a segment's bytes on disk and hashes them on the way. It knows nothing of video: what is
 * appended in one call is durable when the call returns. For one thread.
 */
final class SegmentWriter implements AutoCloseable {

  private final FileChannel channel;
  private final MessageDigest digest = DurableFiles.sha256();
  private long size;
  private Optional<Content> durable = Optional.empty();

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
   * Appends bytes, durably: fdatasync. After a failure nothing more can be appended: what the
   * kernel did not write it may drop, and a second fsync would succeed all the same.
   */
  void append(ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    digest.update(bytes.duplicate());
    DurableFiles.writeFully(channel, bytes);
    channel.force(false);
    size += length;
    durable = Optional.of(new Content(size, hash()));
  }

  /** What an fsync has put on the disk so far. */
  Optional<Content> durable() {
    return durable;
  }

  private String hash() {
    try {
      return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("this Java's SHA-256 cannot be asked on its way", e);
    }
  }

  /** Bytes so far. */
  long size() {
    return size;
  }

  /** Makes the file's metadata durable too, closes it, and says what is in it. */
  Content finish() throws IOException {
    channel.force(true);
    channel.close();
    return new Content(size, HexFormat.of().formatHex(digest.digest()));
  }

  /** Closes the file as it is. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
