package io.github.raspberryspy.sink.retention;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentRestored;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentStored;
import io.github.raspberryspy.sink.event.MasterEvent.StorageChanged;
import io.github.raspberryspy.sink.index.IndexUnavailableException;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.Shelf;
import io.github.raspberryspy.sink.index.Trash;
import io.github.raspberryspy.sink.index.UnsavedSegment;
import io.github.raspberryspy.sink.store.DiskSpace;
import io.github.raspberryspy.sink.store.SegmentStore;
import io.github.raspberryspy.sink.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the policy on its own thread: once a minute, after each segment that comes in, and
 * where room gets short. Never interrupted in the middle of a deletion. Thread-safe.
 */
public final class Reaper implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Reaper.class);
  private static final long PAUSE_MILLIS = 60_000;
  private static final int BATCH = 256;
  private static final int MOST_CAMERAS = 16; // that are looked at together

  private final RetentionPolicy policy;
  private final SegmentIndex index;
  private final SegmentStore store;
  private final DiskSpace space;
  private final Events events;
  private final TrustedClock clock;
  private final Duration grace;
  private final Consumer<MasterEvent> waker = this::wakeOn;
  private final Thread thread = new Thread(this::run, "master-reaper");

  @GuardedBy("this")
  private boolean woken = true;

  @GuardedBy("this")
  private boolean stopped;

  /**
   * Not started yet.
   *
   * @param grace how long what a person deleted can be had back
   */
  public Reaper(
      RetentionPolicy policy,
      SegmentIndex index,
      SegmentStore store,
      DiskSpace space,
      Events events,
      TrustedClock clock,
      Duration grace) {
    this.policy = policy;
    this.grace = grace;
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
    space.whenShort(this::wake);
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
    space.whenShort(() -> {});
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
    Busy busy = new Busy();
    boolean purged = emptyTrash(wanted, busy);
    for (int before = -1; !isStopped() && deleted + busy.count() > before; ) {
      before = deleted + busy.count();
      deleted += delete(policy.doomed(candidates(groups(busy)), usage(wanted)), busy);
      if (deleted + busy.count() == before) {
        deleted += makeRoom(wanted, busy);
      }
    }
    if (deleted > 0 || purged) {
      events.publish(new StorageChanged());
    }
    return deleted;
  }

  /** What is to go for want of room, of the cameras that have most above their share. */
  private int makeRoom(long wanted, Busy busy) throws IOException {
    Usage usage = usage(wanted);
    List<Optional<String>> cameras =
        policy.above(usage).entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(MOST_CAMERAS)
            .map(camera -> Optional.of(camera.getKey()))
            .toList();
    return delete(policy.forRoom(candidates(cameras), usage), busy);
  }

  private int delete(List<Doomed> doomed, Busy busy) throws IOException {
    int deleted = 0;
    for (Doomed one : doomed) {
      SegmentId id = one.candidate().id();
      if (!isStopped() && busy.unless(id, () -> store.delete(id, one.reason().text()))) {
        deleted++;
      }
    }
    return deleted;
  }

  /** What is in the trash goes after its time, and before any footage where room is short. */
  private boolean emptyTrash(long wanted, Busy busy) throws IOException {
    boolean purged = false;
    Instant now = clock.now();
    while (!isStopped()) {
      Optional<Trash.Entry> first = oldestTrash(busy);
      if (first.isEmpty()) {
        break;
      }
      boolean isOver = Duration.between(first.get().deletedAt(), now).compareTo(grace) >= 0;
      if (!isOver && !isTight(wanted)) {
        break;
      }
      SegmentId id = first.get().id();
      int before = busy.count();
      if (busy.unless(id, () -> store.purge(id))) {
        purged = true;
      } else if (busy.count() == before) {
        break;
      }
    }
    return purged;
  }

  private Optional<Trash.Entry> oldestTrash(Busy busy) {
    return index.trash().oldest(busy.count() == 0 ? 1 : BATCH).stream()
        .filter(one -> !busy.has(one.id()))
        .findFirst();
  }

  /**
   * The cameras whose footage somebody else is at for long. They are passed over until the next
   * pass; what of theirs has to go counts as going, so that nothing younger goes in its place.
   */
  private static final class Busy {
    private final Set<String> cameras = new HashSet<>();

    interface Deletion {
      boolean done() throws IOException;
    }

    int count() {
      return cameras.size();
    }

    boolean has(SegmentId id) {
      return cameras.contains(id.camera());
    }

    /** Whether something was deleted, which is not tried where its camera is busy. */
    boolean unless(SegmentId id, Deletion deletion) throws IOException {
      if (has(id)) {
        return false;
      }
      try {
        return deletion.done();
      } catch (StoreException e) {
        if (e.kind() != StoreException.Kind.BUSY) {
          throw e;
        }
        log.warn("retention passes over camera {}: {}", id.camera(), e.getMessage());
        cameras.add(id.camera());
        return false;
      }
    }
  }

  private boolean isTight(long wanted) throws IOException {
    return policy.wanted(usage(wanted)) > 0;
  }

  private void run() {
    while (awaitTurn()) {
      try {
        pass();
      } catch (StoreException | IndexUnavailableException e) {
        log.warn("retention waits: {}", e.getMessage());
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
    if (event instanceof SegmentStored || event instanceof SegmentRestored) {
      wake();
    }
  }

  private List<Candidate> candidates(List<Optional<String>> groups) {
    List<Candidate> candidates = new ArrayList<>();
    for (Optional<String> camera : groups) {
      for (boolean motion : List.of(false, true)) {
        List<UnsavedSegment> group = index.oldestUnsaved(camera, motion, BATCH);
        for (int i = 0; i < group.size(); i++) {
          UnsavedSegment one = group.get(i);
          boolean hasMore = i == BATCH - 1;
          candidates.add(
              new Candidate(one.id(), one.receivedAt(), one.bytes(), false, motion, hasMore));
        }
      }
    }
    return candidates;
  }

  /** Cameras one by one only where they differ, or one would hide the others: there may be many. */
  private List<Optional<String>> groups(Busy busy) {
    return policy.cameras().isEmpty() && busy.count() == 0
        ? List.of(Optional.empty())
        : index.cameraTotals().stream().map(t -> Optional.of(t.camera())).toList();
  }

  private Usage usage(long wanted) throws IOException {
    Map<String, Long> byCamera = new TreeMap<>();
    Map<String, Long> unsaved = new TreeMap<>();
    Map<String, Long> beside = new TreeMap<>();
    for (Shelf shelf : index.shelves().all()) {
      byCamera.put(shelf.camera(), shelf.bytes());
      unsaved.put(shelf.camera(), shelf.bytes() - shelf.savedBytes());
      beside.put(shelf.camera(), shelf.besideBytes());
    }
    long used = index.totals().bytes() + index.trash().bytes();
    return new Usage(used, byCamera, unsaved, beside, space.missingBytes(wanted), clock.now());
  }
}
