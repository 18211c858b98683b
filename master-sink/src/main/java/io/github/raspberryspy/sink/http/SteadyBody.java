package io.github.raspberryspy.sink.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A request's body that has to keep coming: whoever sends a byte now and then would keep a thread
 * for ever. Who is cut off asks for the offset and goes on; what came counts. For one thread.
 */
final class SteadyBody extends InputStream {

  /** How long a body may be slower than it has to be. */
  static final Duration WINDOW = Duration.ofSeconds(30);

  /** What has to come in each window, unless the body ends: 1 KiB a second. */
  static final long LEAST_BYTES = 30 << 10;

  /** The status that cuts it off. Source: RFC 9110 section 15.5.9. */
  static final int TOO_SLOW = 408;

  private final InputStream in;
  private final LongSupplier nanos;
  private long since;
  private long came;

  /**
   * Begins to count.
   *
   * @param nanos the monotonic clock, as {@link System#nanoTime}
   */
  SteadyBody(InputStream in, LongSupplier nanos) {
    this.in = in;
    this.nanos = nanos;
    this.since = nanos.getAsLong();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * As any stream.
   *
   * @throws Problem 408 if the body is too slow
   */
  @Override
  public int read(byte[] to, int at, int most) throws IOException {
    requireSteady(); // before the next bytes, so that none are lost that came
    int n = in.read(to, at, most);
    came += Math.max(n, 0);
    return n;
  }

  private void requireSteady() {
    long now = nanos.getAsLong();
    if (now - since < WINDOW.toNanos()) {
      return;
    }
    if (came < LEAST_BYTES) {
      throw new Problem(
          TOO_SLOW,
          "of the body came "
              + came
              + " bytes in "
              + WINDOW.toSeconds()
              + " s, and at least "
              + LEAST_BYTES
              + " have to; go on from the upload's offset");
    }
    since = now;
    came = 0;
  }
}
