package io.github.raspberryspy.upload;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.wire.Receipt;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is filmed now, on its way to the master: the open segment as it becomes durable, and what
 * was sealed a moment ago, beside the backlog. The master's receipt is waited for on {@link
 * ReceiptThreads}, while the next segment leaves. Whatever goes wrong here costs nothing: the
 * segment lies in the spool, and the backlog's thread sends what this one could not.
 *
 * <p>Runs on the thread {@code upload-tail}; the rest is thread-safe and, but for {@link
 * #awaitReceipts}, never blocks.
 */
final class Tail implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(Tail.class);

  /** More that were sealed and wait are a backlog. */
  private static final int MOST_FRESH = 2;

  /** Whether the master has learned to take open segments is asked this often. */
  private static final Duration ASK_AGAIN = Duration.ofMinutes(10);

  /** Deletes what the master vouches for, and tells of it. */
  interface Verified {
    void verified(SealedSegment segment, Receipt receipt) throws UploadException;
  }

  private record Open(SegmentFiles files, SegmentId id, long durable) {}

  private final Spool spool;
  private final TargetClient client;
  private final SharedLink.Lane lane;
  private final Claims claims;
  private final Runnable released;
  private final Runnable reached;
  private final UploadLimits limits;
  private final RetrySchedule pauses;
  private final LongSupplier nanoTime;
  private final ReceiptThreads receipts;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private Optional<Open> open = Optional.empty();

  @GuardedBy("lock")
  private final Deque<SealedSegment> fresh = new ArrayDeque<>();

  @GuardedBy("lock")
  private Optional<SegmentFiles> current = Optional.empty(); // what was last told to be open

  @GuardedBy("lock")
  private boolean moved; // while it was

  @GuardedBy("lock")
  private boolean movedSince; // something of it was last durable

  @GuardedBy("lock")
  private boolean reachable;

  @GuardedBy("lock")
  private boolean stopped;

  private Optional<TailUpload> sending = Optional.empty();
  private Optional<SegmentId> refused = Optional.empty();
  private boolean isAway; // what was tried last got no answer
  private boolean isUnknown; // the master takes no open segments
  private long unknownSince;

  /**
   * A tail that does nothing before it runs.
   *
   * @param verified is called with each receipt
   * @param released is called when something was given back to the backlog, or verified
   * @param reached is called when the master is there again
   */
  Tail(
      Spool spool,
      UploaderConfig config,
      TargetClient client,
      SharedLink.Lane lane,
      Claims claims,
      Verified verified,
      Runnable released,
      Runnable reached) {
    this.spool = spool;
    this.client = client;
    this.lane = lane;
    this.claims = claims;
    this.receipts = new ReceiptThreads(verified, segment -> giveBack(segment.files()));
    this.released = released;
    this.reached = reached;
    this.limits = config.limits();
    this.pauses = config.retrySchedule();
    this.nanoTime = config.nanoTime();
  }

  /** So much of the open segment is durable. */
  void durable(SegmentFiles files, SegmentId id, long bytes) {
    lock.lock();
    try {
      if (!current.equals(Optional.of(files))) {
        moved = movedSince; // which of the two it was in nobody knows
        current = Optional.of(files);
      }
      movedSince = false;
      open = Optional.of(new Open(files, id, bytes));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** This was sealed now. */
  void sealed(SealedSegment segment) {
    lock.lock();
    try {
      open = open.filter(o -> !o.files.equals(segment.files()));
      fresh.addLast(segment);
      if (fresh.size() > MOST_FRESH) {
        fresh.removeFirst();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Something moves now. */
  void moving() {
    lock.lock();
    try {
      moved = true;
      movedSince = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The master has just taken something: a pause after a failure is over. */
  void reachable() {
    lock.lock();
    try {
      reachable = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nothing waits for a receipt any more, once it has stopped. */
  void awaitReceipts(Duration most) throws InterruptedException {
    receipts.await(most);
  }

  @Override
  public void run() {
    try {
      while (awaitWork()) {
        work();
      }
    } catch (InterruptedException e) {
      log.warn("the thread upload-tail was interrupted; it ends");
    }
  }

  private void work() throws InterruptedException {
    try {
      lane.claim(true);
      Optional<SealedSegment> segment = nextFresh();
      if (segment.isPresent() ? finish(segment.get()) : sendOpen()) {
        worked();
      }
    } catch (UploadException e) {
      failed(e);
    } catch (RuntimeException | Error e) { // not even an Error ends the tail for good
      log.error("the open segment cannot be sent; it is tried again", e);
      pause();
    } finally {
      lane.claim(false);
    }
  }

  private void worked() {
    pauses.reset();
    if (isAway) {
      isAway = false;
      reached.run();
    }
  }

  /** Sends what the master lacks of it. Returns whether the master was asked. */
  private boolean finish(SealedSegment told) throws UploadException {
    SegmentFiles files = told.files();
    sending = Optional.empty();
    if (!claims.take(files)) {
      return false; // the backlog's thread is at it
    }
    boolean isHandedOver = false;
    try {
      Optional<SealedSegment> segment = spool.find(files);
      if (segment.isPresent() && limits.admits(segment.get().manifest().mayHaveMotion(), true)) {
        isHandedOver = send(segment.get());
        return true;
      }
      return false;
    } finally {
      if (!isHandedOver) {
        giveBack(files);
      }
    }
  }

  /** Returns whether another thread has it now, and waits for the receipt. */
  private boolean send(SealedSegment segment) throws UploadException {
    SealedUpload upload = client.begin(segment);
    boolean isHandedOver = false;
    try {
      upload.send();
      isHandedOver = receipts.take(segment, upload);
    } finally {
      if (!isHandedOver) {
        close(upload);
      }
    }
    return isHandedOver;
  }

  private void giveBack(SegmentFiles files) {
    claims.release(files);
    released.run();
  }

  private static void close(SealedUpload upload) {
    try {
      upload.close();
    } catch (IOException e) {
      log.warn("a segment that was read cannot be closed", e);
    }
  }

  /** Sends a chunk of the open segment. Returns whether the master was asked. */
  private boolean sendOpen() throws UploadException {
    Optional<Open> now = wanted();
    if (now.isEmpty()) {
      return false;
    }
    Open wanted = now.get();
    if (!isSending(wanted.files)) {
      sending = Optional.of(client.open(wanted.files, wanted.id));
    }
    if (!claims.take(wanted.files)) {
      refused = Optional.of(wanted.id); // it is sealed, and another thread is at it
      return false;
    }
    try {
      if (!sending.get().send(wanted.durable)) {
        log.info("the master takes no open segments; each is sent when it is sealed");
        isUnknown = true;
        unknownSince = nanoTime.getAsLong();
        sending = Optional.empty();
      }
      return true;
    } finally {
      claims.release(wanted.files); // whoever seals it may not tell of it
    }
  }

  private void failed(UploadException e) throws InterruptedException {
    Optional<SegmentId> id = sending.map(TailUpload::id); // none where it was a sealed one
    sending = Optional.empty();
    if (e.kind() == UploadException.Kind.CANCELLED) {
      return;
    }
    log.debug("what is filmed now cannot be sent", e);
    if (e.kind().concernsAll()) {
      isAway = true;
      pause();
      giveUpFresh();
    } else if (id.isPresent() && e.kind() == UploadException.Kind.BUSY) {
      pause();
    } else if (id.isPresent()) {
      refused = id;
    }
  }

  /** What was sealed while the master was away is a backlog like any other. */
  private void giveUpFresh() {
    lock.lock();
    try {
      fresh.clear();
    } finally {
      lock.unlock();
    }
  }

  private boolean isSending(SegmentFiles files) {
    return sending.isPresent() && sending.get().files().equals(files);
  }

  private Optional<SealedSegment> nextFresh() {
    lock.lock();
    try {
      return Optional.ofNullable(fresh.pollFirst());
    } finally {
      lock.unlock();
    }
  }

  /** The open segment, if there is something of it to send. */
  private Optional<Open> wanted() {
    lock.lock();
    try {
      return open.filter(this::isWanted);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private boolean isWanted(Open now) {
    if (isUnknown && nanoTime.getAsLong() - unknownSince < ASK_AGAIN.toNanos()) {
      return false;
    }
    isUnknown = false;
    return client.takesOpenSegments()
        && (!limits.isMetered() || moved)
        && !refused.equals(Optional.of(now.id))
        && (!isSending(now.files) || sending.get().sent() < now.durable);
  }

  private boolean awaitWork() throws InterruptedException {
    lock.lock();
    try {
      while (!stopped && fresh.isEmpty() && !open.filter(this::isWanted).isPresent()) {
        changed.await();
      }
      return !stopped;
    } finally {
      lock.unlock();
    }
  }

  /** Waits, unless the backlog's thread gets through meanwhile. */
  private void pause() throws InterruptedException {
    lane.claim(false);
    long left = pauses.next().toNanos();
    lock.lock();
    try {
      reachable = false;
      while (!stopped && !reachable && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
