package io.github.raspberryspy.daemon.analyze;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Does tasks on so many threads, and hands over what comes of them in the order of the tasks. The
 * first that fails stops all. Thread-safe is only {@link #stop}.
 */
final class Batch implements AutoCloseable {

  private final ThreadPoolExecutor threads;
  private final AtomicReference<Throwable> failure = new AtomicReference<>(); // the first one
  private volatile boolean isStopped; // set on any thread, asked by all

  Batch(int jobs) {
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            jobs,
            jobs,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> new Thread(task, "analyze-" + number.incrementAndGet()));
  }

  /** Asks the tasks to end; they are to look at {@link #isStopped}. */
  void stop() {
    isStopped = true;
  }

  boolean isStopped() {
    return isStopped;
  }

  /**
   * Does them all.
   *
   * @param inOrder takes each result on the calling thread
   */
  <T> void run(List<? extends Callable<T>> tasks, Consumer<T> inOrder) throws InterruptedException {
    List<Future<T>> results = new ArrayList<>();
    for (Callable<T> task : tasks) {
      results.add(threads.submit(() -> careful(task)));
    }
    for (int i = 0; i < results.size(); i++) {
      inOrder.accept(result(results.set(i, null))); // what was handed over need not be kept
    }
  }

  /** A failure stops the others, though their results may be awaited first. */
  private <T> T careful(Callable<T> task) throws Exception {
    try {
      return task.call();
    } catch (Exception | Error e) {
      failure.compareAndSet(null, e);
      stop();
      throw e;
    }
  }

  private <T> T result(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (failure.get() instanceof Error error) {
        throw error;
      }
      if (failure.get() instanceof RuntimeException thrown) {
        throw thrown;
      }
      throw new IllegalStateException(failure.get());
    }
  }

  /** Waits for what was begun, so that nothing half-written is left, and begins nothing more. */
  @Override
  public void close() {
    stop();
    threads.getQueue().clear();
    threads.shutdown();
    boolean isInterrupted = Thread.interrupted();
    while (!threads.isTerminated()) {
      try {
        isInterrupted |= !threads.awaitTermination(1, TimeUnit.DAYS);
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
