package io.github.raspberryspy.segments.servers;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The wait for a server that was just started. */
final class Startup {

  private static final long MOST_NANOS = Duration.ofMinutes(1).toNanos();
  private static final long PAUSE_MILLIS = 50;

  private Startup() {}

  /**
   * Waits until it answers.
   *
   * @param said where to read why, if it ends instead
   */
  static void await(Process process, String said, BooleanSupplier answers) throws IOException {
    long begin = System.nanoTime();
    try {
      while (!answers.getAsBoolean()) {
        if (process.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
          throw new IOException("the server ended; see " + said);
        }
        if (System.nanoTime() - begin > MOST_NANOS) {
          throw new IOException("the server does not answer; see " + said);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a server starts", e);
    }
  }
}
