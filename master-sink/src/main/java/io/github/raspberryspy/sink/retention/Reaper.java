package io.github.raspberryspy.sink.retention;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentStored;
import io.github.raspberryspy.sink.event.MasterEvent.StorageChanged;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.UnsavedSegment;
import io.github.raspberryspy.sink.store.DiskSpace;
import io.github.raspberryspy.sink.store.SegmentStore;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the policy on its own thread: once a minute, and after each segment that comes in.
 * Never interrupted in the middle of a deletion. Thread-safe.
 */
public final class Reaper implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Reaper.class);
  private static final long PAUSE_MILLIS = 60_000;
  private static final int BATCH = 256;

  private final RetentionPolicy policy;
  private final SegmentIndex index;
  private final SegmentStore store;
  private final DiskSpace space;
  private final Events events;
  private final Clock clock;
  private final Consumer<MasterEvent> waker = this::wakeOn;
  private final Thread thread = new Thread(this::run, "master-reaper");

  @GuardedBy("this")
  private boolean woken = true;

  @GuardedBy("this")
  private boolean stopped;

  /** Not started yet. */
  public Reaper(
      RetentionPolicy policy,
      SegmentIndex index,
      SegmentStore store,
      DiskSpace space,
      Events events,
      Clock clock) {
    this.policy = policy;
    this.index = index;
    this.store = store;
    this.space = space;
    this.events = events;
    this.clock = clock;
    thread.setDaemon(true);
  }

  /** Starts the thread. */
  public void start() {
    events.listen(waker);
    thread.start();
  }

  /** Makes the thread look now. */
  public synchronized void wake() {
    woken = true;
    notifyAll();
  }

  /** Ends the thread after the deletion that it is at. */
  @Override
  public void close() {
    events.forget(waker);
    synchronized (this) {
      stopped = true;
      notifyAll();
    }
    try {
      thread.join(30_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One look: deletes until nothing has to go. Returns how many segments were deleted. */
  int pass() throws IOException {
    int deleted = 0;
    long wanted = space.takeWanted();
    store.collectGarbage();
    while (!isStopped()) {
      List<Doomed> doomed = policy.doomed(candidates(), usage(wanted));
      int before = deleted;
      for (Doomed one : doomed) {
        if (!isStopped() && store.delete(one.candidate().id(), one.reason().text())) {
          deleted++;
        }
      }
      if (doomed.isEmpty() || deleted == before) {
        break;
      }
    }
    if (deleted > 0) {
      events.publish(new StorageChanged());
    }
    return deleted;
  }

  private void run() {
    while (awaitTurn()) {
      try {
        pass();
      } catch (IOException | RuntimeException e) {
        log.error("retention failed and is tried again: {}", e.getMessage(), e);
      }
    }
  }

  private synchronized boolean awaitTurn() {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
    try {
      for (long left = PAUSE_MILLIS; left > 0 && !woken && !stopped; ) {
        wait(left);
        left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      }
    } catch (InterruptedException e) {
      stopped = true;
    }
    woken = false;
    return !stopped;
  }

  private synchronized boolean isStopped() {
    return stopped;
  }

  private void wakeOn(MasterEvent event) {
    if (event instanceof SegmentStored) {
      wake();
    }
  }

  private List<Candidate> candidates() {
    return index.oldestUnsaved(BATCH).stream().map(Reaper::candidate).toList();
  }

  private static Candidate candidate(UnsavedSegment segment) {
    return new Candidate(segment.id(), segment.receivedAt(), segment.bytes(), false);
  }

  private Usage usage(long wanted) throws IOException {
    long missing = space.reserveBytes() + wanted - space.freeBytes();
    return new Usage(index.totals().bytes(), missing, clock.instant());
  }
}
