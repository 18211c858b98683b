package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.sink.store.StoredVideo;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends a video or one range of it, read through one buffer; never mapped, since mapped footage
 * counts as memory. Several ranges in one request are answered with the whole. Source: RFC 9110
 * section 14.
 */
final class VideoAnswer {

  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");
  private static final int BUFFER_BYTES = 64 << 10;

  private VideoAnswer() {}

  /** First and last byte. */
  record Range(long first, long last) {
    long bytes() {
      return last - first + 1;
    }
  }

  /** Writes any range of what is sent. */
  interface Writer {
    void write(OutputStream out, long first, long count) throws IOException;
  }

  /** What is sent: its size is known. */
  record Body(long bytes, Writer writer) {}

  static void send(Context ctx, StoredVideo video, String etag) throws IOException {
    send(
        ctx,
        new Body(
            video.bytes(),
            (out, first, count) -> {
              try (InputStream in = video.open(first, count)) {
                copy(in, count, out);
              }
            }),
        etag);
  }

  static void send(Context ctx, Body video, String etag) throws IOException {
    String quoted = "\"" + etag + "\"";
    ctx.header("Accept-Ranges", "bytes").contentType("video/mp4");
    if (Known.is(ctx, quoted, "private, no-cache")) {
      return;
    }
    try {
      send(ctx, video, range(ctx, video.bytes(), quoted));
    } catch (NoSuchFileException e) {
      throw new Problem(404, "the segment was deleted meanwhile");
    }
  }

  private static void send(Context ctx, Body video, Range asked) throws IOException {
    long size = video.bytes();
    Range range = asked == null ? new Range(0, size - 1) : asked;
    if (asked == null) {
      ctx.status(200);
    } else {
      ctx.status(206)
          .header("Content-Range", "bytes " + range.first() + "-" + range.last() + "/" + size);
    }
    if (ctx.method().name().equals("HEAD")) {
      ctx.res().setContentLengthLong(range.bytes());
      return;
    }
    try {
      ctx.res().setContentLengthLong(range.bytes());
      video.writer().write(ctx.res().getOutputStream(), range.first(), range.bytes());
    } catch (IOException | RuntimeException e) {
      if (!ctx.res().isCommitted()) {
        ctx.res().setHeader("Content-Length", null); // what is said instead has another one
      }
      throw e;
    }
  }

  /** The range that is asked for; null where the whole is to be sent. */
  private static Range range(Context ctx, long size, String etag) {
    String header = ctx.header("Range");
    String condition = ctx.header("If-Range");
    if (header == null || (condition != null && !condition.equals(etag))) {
      return null;
    }
    Range range = range(header, size);
    if (range == null) {
      return null;
    }
    if (range.first() >= size) {
      ctx.header("Content-Range", "bytes */" + size);
      throw new Problem(416, "the video has " + size + " bytes; the range lies behind them");
    }
    return range;
  }

  /** What a header asks for, which may lie behind the end; null where it asks for nothing. */
  static Range range(String header, long size) {
    Matcher m = RANGE.matcher(header.replace(" ", ""));
    if (!m.matches() || (m.group(1).isEmpty() && m.group(2).isEmpty())) {
      return null;
    }
    if (m.group(1).isEmpty()) {
      long suffix = Long.parseLong(m.group(2));
      return new Range(suffix == 0 ? size : Math.max(0, size - suffix), size - 1);
    }
    long first = Long.parseLong(m.group(1));
    long last = m.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(m.group(2));
    return last < first ? null : new Range(first, Math.min(last, size - 1));
  }

  private static void copy(InputStream in, long bytes, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (long left = bytes; left > 0; ) {
      int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (n < 0) {
        throw new IOException("the file ended while it was sent");
      }
      out.write(buffer, 0, n);
      left -= n;
    }
    out.flush();
  }
}
