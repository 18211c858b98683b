package io.github.raspberryspy.sink.http;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** Text goes to browsers in a quarter of its bytes. Footage does not get smaller. */
final class Gzip {

  private Gzip() {}

  /** Whether whoever asks can read it. Source: RFC 9110 section 12.5.3. */
  static boolean isAccepted(Context ctx) {
    String header = ctx.header("Accept-Encoding");
    if (header == null) {
      return false;
    }
    for (String coding : header.toLowerCase(Locale.ROOT).replace(" ", "").split(",", -1)) {
      String[] parts = coding.split(";", -1);
      if (parts[0].equals("gzip")) {
        return parts.length == 1 || !parts[1].matches("q=0(\\.0{0,3})?");
      }
    }
    return false;
  }

  /** Says that what follows is packed, or could have been. */
  static void mark(Context ctx, boolean isPacked) {
    ctx.header("Vary", "Accept-Encoding");
    if (isPacked) {
      ctx.header("Content-Encoding", "gzip");
    }
  }

  /** The bytes, packed. */
  static byte[] pack(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(bytes.length / 3);
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return packed.toByteArray();
  }
}
