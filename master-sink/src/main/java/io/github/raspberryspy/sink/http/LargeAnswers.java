package io.github.raspberryspy.sink.http;

import io.javalin.http.Context;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Answers in JSON that may be large, since cameras have much to say. One is made at a time, and
 * packed meanwhile; what is packed has its own room until it is taken. So neither many who ask, nor
 * those who ask and do not read, fill the memory. Thread-safe.
 */
final class LargeAnswers {

  /** Most bytes of all together that are on their way; one takes half of that at the most. */
  private static final int ROOM_BYTES = 16 << 20;

  private static final long WAIT_SECONDS = 30;

  private final Semaphore making = new Semaphore(1, true);
  private final Semaphore room = new Semaphore(ROOM_BYTES);

  /** Makes one. */
  @FunctionalInterface
  interface Maker {
    /** Writes it; the stream need not be closed. */
    void write(OutputStream out) throws IOException;
  }

  /**
   * Answers when its turn has come.
   *
   * @throws Problem 503 if that takes too long, or too much is on its way
   */
  void send(Context ctx, Maker maker) throws IOException {
    byte[] packed = pack(maker);
    if (!room.tryAcquire(packed.length)) {
      throw tooMany();
    }
    try {
      boolean isPacked = Gzip.isAccepted(ctx);
      Gzip.mark(ctx, isPacked);
      ctx.contentType("application/json").header("Cache-Control", "no-store");
      InputStream in = new ByteArrayInputStream(packed);
      (isPacked ? in : new GZIPInputStream(in)).transferTo(ctx.res().getOutputStream());
    } finally {
      room.release(packed.length);
    }
  }

  /** What is made, packed. */
  byte[] pack(Maker maker) throws IOException {
    acquire();
    try {
      ByteArrayOutputStream packed = new ByteArrayOutputStream(1 << 13);
      try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
        maker.write(out);
      }
      return packed.toByteArray();
    } finally {
      making.release();
    }
  }

  private void acquire() {
    try {
      if (!making.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw tooMany();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(503, "the master is stopping");
    }
  }

  private static Problem tooMany() {
    return new Problem(503, "too many ask for much at once; try again");
  }
}
