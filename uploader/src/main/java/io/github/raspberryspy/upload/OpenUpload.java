package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/**
 * The upload of a segment that is still being written, as far as it is durable here. It ends
 * without a word: once the segment is sealed, its ordinary upload finds what was sent. For one
 * thread.
 */
final class OpenUpload {

  private final TusCalls calls;
  private final TusUpload tus;
  private final SegmentFiles files;
  private final SegmentId id;
  private URI upload; // null until the master has named it
  private long sent;

  OpenUpload(TusCalls calls, TusUpload tus, SegmentFiles files, SegmentId id) {
    this.calls = calls;
    this.tus = tus;
    this.files = files;
    this.id = id;
  }

  SegmentFiles files() {
    return files;
  }

  SegmentId id() {
    return id;
  }

  /** Bytes that the master has. */
  long sent() {
    return sent;
  }

  /**
   * Sends a chunk, after it has found out how far the master is.
   *
   * @param durable so many bytes may be sent
   * @return whether the master takes open segments at all
   * @throws UploadException why it was in vain; of a kind that does not concern all, if the rest of
   *     it is better sent when it is sealed
   */
  boolean send(long durable) throws UploadException {
    if (upload == null) {
      Answer answer = calls.createOpen(id);
      switch (answer.status()) {
        case 400, 404, 405, 501 -> {
          return false; // a master of before, or another tus server
        }
        default -> upload = tus.location(answer);
      }
      moveOn(tus.offset(upload, durable, OptionalLong.empty()));
    } else if (sent < durable) {
      moveOn(tus.patch(upload, sent, this::piece, durable, OptionalLong.empty()));
    }
    return true;
  }

  /** Where the master has forgotten the upload, it is begun anew. */
  private void moveOn(OptionalLong offset) {
    sent = offset.orElse(0);
    if (offset.isEmpty()) {
      upload = null;
    }
  }

  private ByteBuffer piece(long offset, int length) throws UploadException {
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
