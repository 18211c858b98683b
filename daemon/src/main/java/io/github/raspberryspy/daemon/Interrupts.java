package io.github.raspberryspy.daemon;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes something in order when the process is asked to end (Ctrl-C, {@code SIGTERM}), and holds
 * the process until that is done: what was filmed is sealed first.
 */
final class Interrupts implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Interrupts.class);
  private static final long PATIENCE_SECONDS = 30;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;

  private Interrupts(AutoCloseable target) {
    hook =
        new Thread(
            () -> {
              try {
                target.close();
                if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                  log.warn("not everything was closed within {} s", PATIENCE_SECONDS);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (Exception e) {
                log.warn("closing failed", e);
              }
            },
            "interrupt");
  }

  /** From now until {@link #close}, an interrupt closes the target. */
  static Interrupts closing(AutoCloseable target) {
    Interrupts interrupts = new Interrupts(target);
    Runtime.getRuntime().addShutdownHook(interrupts.hook);
    return interrupts;
  }

  @Override
  public void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      log.debug("the process is ending, by that very hook", e);
    }
  }
}
