package io.github.raspberryspy.segments;

import java.io.IOException;
import java.io.OutputStream;

/** Passes on a range of what is written, and says what need not even be read. For one thread. */
final class Mp4Window {

  private static final int BUFFER_BYTES = 64 << 10;

  private final OutputStream out;
  private final long first;
  private final long behind;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private long at;

  Mp4Window(OutputStream out, long first, long count) {
    this.out = out;
    this.first = first;
    this.behind = first + count;
  }

  /** How much was written or passed over. */
  long position() {
    return at;
  }

  /** Whether nothing more is wanted. */
  boolean isDone() {
    return at >= behind;
  }

  /** Whether what comes next is wanted. */
  boolean isOpen() {
    return at >= first && !isDone();
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    long from = Math.max(at, first);
    long to = Math.min(at + length, behind);
    if (from < to) {
      out.write(bytes, offset + (int) (from - at), (int) (to - from));
    }
    at += length;
  }

  /** So many zeros. */
  void zeros(long bytes) throws IOException {
    byte[] zeros = new byte[(int) Math.min(bytes, BUFFER_BYTES)];
    for (long left = bytes; left > 0; left -= zeros.length) {
      write(zeros, 0, (int) Math.min(left, zeros.length));
    }
  }

  /** So many bytes of a reader. */
  void copy(Mp4Reader reader, long bytes) throws IOException {
    long unwanted = Math.min(Math.max(0, first - at), bytes);
    if (unwanted > 0) {
      reader.skip(unwanted);
      at += unwanted;
    }
    for (long left = bytes - unwanted; left > 0 && !isDone(); ) {
      int n = reader.read(buffer, 0, (int) Math.min(left, buffer.length));
      write(buffer, 0, n);
      left -= n;
    }
  }
}
