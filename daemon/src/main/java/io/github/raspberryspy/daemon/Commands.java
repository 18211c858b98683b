package io.github.raspberryspy.daemon;

import io.github.raspberryspy.segments.wire.LinkCommand;
import io.github.raspberryspy.segments.wire.LinkMessage.Done;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what the master asks, one after the other, on a thread of this name, and answers each: the
 * link goes on beating whatever a command takes. Beyond {@link #MOST_WAITING} commands new ones are
 * refused. Thread-safe.
 */
final class Commands implements Consumer<LinkCommand>, AutoCloseable {

  /** How many commands may wait. */
  static final int MOST_WAITING = 64;

  private static final Logger log = LoggerFactory.getLogger(Commands.class);
  private static final long JOIN_SECONDS = 10;

  /** Does one command. What it throws is the answer, in one sentence. */
  @FunctionalInterface
  interface Hand {
    void obey(LinkCommand command) throws Exception;
  }

  private final Hand hand;
  private final Consumer<Done> answers;
  private final ThreadPoolExecutor thread;

  Commands(String name, Hand hand, Consumer<Done> answers) {
    this.hand = hand;
    this.answers = answers;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            work -> {
              Thread t = new Thread(work, name);
              t.setDaemon(true);
              return t;
            });
  }

  /** Takes a command and returns at once. */
  @Override
  public void accept(LinkCommand command) {
    try {
      thread.execute(() -> obey(command));
    } catch (RejectedExecutionException e) {
      answers.accept(
          new Done(
              command.id(),
              false,
              thread.isShutdown()
                  ? "the camera is stopping"
                  : MOST_WAITING + " commands wait already"));
    }
  }

  private void obey(LinkCommand command) {
    try {
      hand.obey(command);
      answers.accept(new Done(command.id(), true, ""));
    } catch (Exception e) {
      log.warn("the command {} failed: {}", command, e.getMessage());
      answers.accept(new Done(command.id(), false, String.valueOf(e.getMessage())));
    }
  }

  /** Does no more; one that runs is waited for, up to 10 s. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(JOIN_SECONDS, TimeUnit.SECONDS)) {
        log.warn("a command has not ended within {} s", JOIN_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
