package io.github.raspberryspy.sink.http;

import io.javalin.http.Context;

/** Copies that whoever asks has already. Source: RFC 9110 section 13.1.2. */
final class Known {

  private Known() {}

  /**
   * Names what is answered, and says so where whoever asks has just that.
   *
   * @param etag with its quotes
   * @param cache how long it may be kept without asking
   * @return whether that is the whole answer
   */
  static boolean is(Context ctx, String etag, String cache) {
    ctx.header("ETag", etag).header("Cache-Control", cache);
    boolean isKnown = etag.equals(ctx.header("If-None-Match"));
    if (isKnown) {
      ctx.status(304);
    }
    return isKnown;
  }
}
