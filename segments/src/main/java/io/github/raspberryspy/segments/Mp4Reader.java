package io.github.raspberryspy.segments;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Reads a range of a video box by box, in one pass. It asks the source for so many bytes at a time,
 * and passes over what is not wanted without reading it. For one thread.
 */
final class Mp4Reader implements Closeable {

  /** A top-level box: where it lies, and how much of it is its head. */
  record Head(String type, long at, long size, int headBytes) {
    long bodyBytes() {
      return size - headBytes;
    }

    long end() {
      return at + size;
    }
  }

  private final Mp4Source source;
  private final long end;
  private long askBytes;
  private long at;
  private InputStream in = InputStream.nullInputStream();
  private long asked;

  /**
   * Reads the bytes from an offset up to another.
   *
   * @param askBytes how many are asked for at once; what is asked for and not read costs a store
   */
  Mp4Reader(Mp4Source source, long from, long end, long askBytes) {
    this.source = source;
    this.at = from;
    this.end = Math.min(end, source.bytes());
    this.askBytes = askBytes;
  }

  /** Asks for so many bytes at once from the next time on. */
  void askFor(long bytes) {
    askBytes = bytes;
  }

  /** Where it is. */
  long position() {
    return at;
  }

  /** The next box, whose head is passed then; null at the end, or where no whole box begins. */
  Head next() throws IOException {
    long start = at;
    if (end - start < 8) {
      return null;
    }
    ByteBuffer head = read(8);
    long size = Integer.toUnsignedLong(head.getInt());
    String type = Mp4Boxes.type(head);
    if (size == 1 && end - at >= 8) {
      size = read(8).getLong();
    } else if (size == 0) {
      size = end - start;
    }
    int headBytes = (int) (at - start);
    boolean fits = size >= headBytes && size <= end - start && Mp4Boxes.isPrintable(type);
    return fits ? new Head(type, start, size, headBytes) : null;
  }

  /** Reads so many bytes into memory. */
  ByteBuffer read(int bytes) throws IOException {
    byte[] read = new byte[bytes];
    for (int n = 0; n < bytes; ) {
      n += read(read, n, bytes - n);
    }
    return ByteBuffer.wrap(read);
  }

  /** Reads some bytes, one at least. */
  int read(byte[] into, int offset, int most) throws IOException {
    if (asked <= 0) {
      in.close();
      asked = Math.min(askBytes, end - at);
      in = source.open(at, asked);
    }
    int n = in.read(into, offset, (int) Math.min(most, asked));
    if (n <= 0) {
      throw new EOFException("a video ended while it was read");
    }
    at += n;
    asked -= n;
    return n;
  }

  /** Passes over so many bytes. */
  void skip(long bytes) throws IOException {
    at += bytes;
    if (bytes < asked) {
      in.skipNBytes(bytes);
      asked -= bytes;
    } else {
      asked = 0;
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
