package io.github.raspberryspy.sink.store;

import java.io.IOException;
import java.util.concurrent.Semaphore;

/**
 * How many may be at a slow place at one time, each with a thread of its own: who comes beyond is
 * told so at once, and asks again. Thread-safe.
 */
final class Turns {

  private final FootageFiles files;
  private final Semaphore free;

  /** As many as the place says. */
  Turns(FootageFiles files) {
    this.files = files;
    this.free = new Semaphore(files.mostAtOnce());
  }

  /** Does something there. */
  @FunctionalInterface
  interface Work<T> {
    /** The result. */
    T run() throws IOException;
  }

  /**
   * Does something there now.
   *
   * @throws FootageAwayException at once, if too many are there
   */
  <T> T take(Work<T> work) throws IOException {
    if (!free.tryAcquire()) {
      throw new FootageAwayException(
          files.mostAtOnce()
              + " requests wait for "
              + files.name()
              + ", and no more may: ask again",
          null);
    }
    try {
      return work.run();
    } finally {
      free.release();
    }
  }
}
