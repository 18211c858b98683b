package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.HexFormat;

/**
 * A segment's video, opened to be sent. What is read of it is trusted only as far as the manifest
 * goes: its size is checked at the start, and that nobody wrote to it at the end.
 */
final class SegmentFile implements AutoCloseable {

  private final Path path;
  private final Content content;
  private final FileChannel channel;
  private final FileTime modified;

  private SegmentFile(Path path, Content content, FileChannel channel) throws IOException {
    this.path = path;
    this.content = content;
    this.channel = channel;
    this.modified = Files.getLastModifiedTime(path);
  }

  /**
   * Opens it.
   *
   * @throws UploadException of kind {@code DAMAGED} if it has not the size of its manifest or is
   *     missing, {@code DISK} if it cannot be opened
   */
  static SegmentFile open(SealedSegment segment) throws UploadException {
    Path path = segment.files().video();
    Content content = segment.manifest().content();
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
      SegmentFile file = new SegmentFile(path, content, channel);
      file.requireSize();
      return file;
    } catch (NoSuchFileException e) {
      closeAfter(channel, e);
      throw new UploadException(Kind.DAMAGED, path + " is missing beside its manifest", e);
    } catch (IOException e) {
      closeAfter(channel, e);
      throw e instanceof UploadException known ? known : unreadable(path, e);
    }
  }

  /** Reads so many bytes from an offset on, all of which the manifest speaks of. Thread-safe. */
  ByteBuffer piece(long offset, int length) throws UploadException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, offset + buffer.position()) < 0) {
          throw new UploadException(Kind.DAMAGED, path + " became shorter than its manifest says");
        }
      }
    } catch (IOException e) {
      throw e instanceof UploadException known ? known : unreadable(path, e);
    }
    return buffer.flip();
  }

  /**
   * Reads all of it again.
   *
   * @throws UploadException of kind {@code DAMAGED} if it is not what its manifest says
   */
  void requireContent() throws UploadException {
    try {
      if (!DurableFiles.hash(path).equals(content)) {
        throw new UploadException(Kind.DAMAGED, path + " does not have its manifest's hash");
      }
    } catch (IOException e) {
      throw e instanceof UploadException known ? known : unreadable(path, e);
    }
  }

  /**
   * Checks the hash of what was read of it.
   *
   * @throws UploadException of kind {@code DAMAGED} if its manifest says another
   */
  void requireHash(byte[] sha256) throws UploadException {
    if (!HexFormat.of().formatHex(sha256).equals(content.sha256())) {
      throw new UploadException(Kind.DAMAGED, path + " does not have its manifest's hash");
    }
  }

  /**
   * Checks that nobody wrote to it since it was opened; where somebody may have, reads it again.
   */
  void requireUntouched() throws UploadException {
    try {
      requireSize();
      if (!Files.getLastModifiedTime(path).equals(modified)) {
        requireContent();
      }
    } catch (IOException e) {
      throw e instanceof UploadException known ? known : unreadable(path, e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void requireSize() throws IOException {
    long size = Files.size(path);
    if (size != content.bytes()) {
      throw new UploadException(
          Kind.DAMAGED,
          path + " has " + size + " bytes where its manifest says " + content.bytes());
    }
  }

  private static void closeAfter(FileChannel channel, IOException why) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  private static UploadException unreadable(Path path, IOException e) {
    return new UploadException(Kind.DISK, path + " cannot be read: " + e.getMessage(), e);
  }
}
