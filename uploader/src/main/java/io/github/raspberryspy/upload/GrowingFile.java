package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The durable bytes of a segment that is still being written. Opened for each piece, since it gets
 * another name when it is sealed. Thread-safe.
 */
final class GrowingFile implements TusUpload.Source {

  private final SegmentFiles files;

  GrowingFile(SegmentFiles files) {
    this.files = files;
  }

  @Override
  public ByteBuffer piece(long offset, int length) throws UploadException {
    try {
      return read(files.part(), offset, length);
    } catch (NoSuchFileException e) {
      return readSealed(offset, length);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** It was sealed at this very moment: the same file under another name. */
  private ByteBuffer readSealed(long offset, int length) throws UploadException {
    try {
      return read(files.video(), offset, length);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static ByteBuffer read(Path path, long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, offset + buffer.position()) < 0) {
          throw new IOException("it became shorter");
        }
      }
    }
    return buffer.flip();
  }

  private UploadException unreadable(IOException e) {
    return new UploadException(Kind.DISK, files.part() + " cannot be read: " + e.getMessage(), e);
  }
}
