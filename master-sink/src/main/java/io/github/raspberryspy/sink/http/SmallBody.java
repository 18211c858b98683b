package io.github.raspberryspy.sink.http;

import io.javalin.http.Context;
import java.io.IOException;

/** The body of a person's request, which is small, and read before its route is asked. */
final class SmallBody {

  /** Most bytes of any. */
  static final int MOST_BYTES = 48 << 10;

  private static final String BODY = "body";

  private SmallBody() {}

  /**
   * Reads it, in the time that the doorkeeper gives.
   *
   * @throws Problem 413 if it is too long
   */
  static void read(Context ctx, Doorkeeper doorkeeper) throws IOException {
    doorkeeper.brings(ctx.req());
    byte[] bytes = ctx.req().getInputStream().readNBytes(MOST_BYTES + 1);
    doorkeeper.hasBrought(ctx.req());
    ctx.attribute(BODY, bytes);
    of(ctx, MOST_BYTES);
  }

  /**
   * What was read.
   *
   * @throws Problem 413 if that is more than so many bytes
   */
  static byte[] of(Context ctx, int most) {
    byte[] bytes = ctx.attribute(BODY);
    if (bytes == null) {
      throw new IllegalStateException("the body of this request is read by its route");
    }
    if (bytes.length > most) {
      throw new Problem(413, "the body is over " + most + " bytes");
    }
    return bytes;
  }
}
