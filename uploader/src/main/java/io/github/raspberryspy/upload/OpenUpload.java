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

  /** How often in a row it is begun without getting further. */
  private static final int MAX_STARTS = 3;

  private final TusCalls calls;
  private final TusUpload tus;
  private final SegmentFiles files;
  private final SegmentId id;
  private URI upload; // null until the master has named it
  private long sent;
  private long furthest;
  private int starts;

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
      if (starts == MAX_STARTS) {
        throw new UploadException(
            Kind.REJECTED, "the master forgets the open segment " + id + " again and again");
      }
      starts++;
      Answer answer = calls.createOpen(id);
      switch (answer.status()) {
        case 400, 404, 405, 501 -> {
          return false; // a master of before, or another tus server
        }
        default -> upload = tus.location(answer);
      }
      moveOn(tus.offset(upload, OptionalLong.empty()), durable);
    } else if (sent < durable) {
      moveOn(tus.patch(upload, sent, this::piece, durable, OptionalLong.empty()), durable);
    }
    return true;
  }

  /** Where the master has forgotten the upload, it is begun anew. */
  private void moveOn(OptionalLong offset, long durable) throws UploadException {
    if (offset.orElse(0) > durable) {
      // of a card that was copied, or put back: no byte of the other's is dropped for it
      throw new UploadException(
          Kind.REJECTED,
          "the master has " + offset.getAsLong() + " bytes of " + id + ", here are " + durable);
    }
    sent = offset.orElse(0);
    if (offset.isEmpty()) {
      upload = null;
    }
    if (sent > furthest) {
      furthest = sent;
      starts = 0;
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
