package io.github.raspberryspy.sink.fleet;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.sink.index.IndexUnavailableException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes in the index what happens to cameras, in order, on a thread of its own: where the index's
 * database is away, the notes wait for it, and neither a link nor the look for silent cameras does.
 * Thread-safe.
 */
final class Notebook implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Notebook.class);
  private static final int MOST = 10_000;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long PAUSE_MILLIS = 1_000;
  private static final long END_MILLIS = 20_000;

  private final Thread thread = new Thread(this::run, "master-notes");

  @GuardedBy("this")
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  /** Whether somebody waited in vain for a note, and nobody has to until all are made. */
  @GuardedBy("this")
  private boolean behind;

  @GuardedBy("this")
  private boolean closed;

  Notebook() {
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Makes a note. Where the index answers it is made when this returns, so that whoever is told of
   * the event finds it there.
   */
  synchronized void note(Runnable note) {
    if (!add(note)) {
      return;
    }
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    try {
      while (!behind && waiting.contains(note)) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        behind = left <= 0;
        wait(Math.max(1, left));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Makes a note, for which nobody waits. Returns whether it will be made. */
  synchronized boolean later(Runnable note) {
    return add(note);
  }

  @GuardedBy("this")
  private boolean add(Runnable note) {
    if (waiting.size() == MOST) {
      log.error("a note of a camera is lost, since {} wait for the index already", MOST);
      return false;
    }
    waiting.add(note);
    notifyAll();
    return true;
  }

  /** Makes the notes that wait, if the index answers; the others are lost. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (awaitNote()) {
        if (make(first())) {
          made();
        } else if (!pause()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does
    }
  }

  /** Whether it is over and done with: what the index does not take, it never will. */
  private static boolean make(Runnable note) {
    try {
      note.run();
    } catch (IndexUnavailableException e) {
      log.warn("notes of cameras wait for the index: {}", e.getMessage());
      return false;
    } catch (RuntimeException e) {
      log.error("a note of a camera was not made: {}", e.getMessage());
    }
    return true;
  }

  /** False once it is closed and nothing waits. */
  private synchronized boolean awaitNote() throws InterruptedException {
    while (waiting.isEmpty() && !closed) {
      wait();
    }
    return !waiting.isEmpty();
  }

  private synchronized Runnable first() {
    return waiting.element();
  }

  private synchronized void made() {
    waiting.remove();
    behind &= !waiting.isEmpty();
    notifyAll();
  }

  /** False where it is closed: there is no time to wait for the index. */
  private synchronized boolean pause() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
    for (long left = PAUSE_MILLIS; left > 0 && !closed; ) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
    if (closed) {
      log.error("{} notes of cameras are lost, since the index is away", waiting.size());
    }
    return !closed;
  }
}
