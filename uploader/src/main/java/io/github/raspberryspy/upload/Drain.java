package io.github.raspberryspy.upload;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backlog on its way to the master. The thread {@code upload} looks into the spool and begins
 * one segment after the other; several are on their way at once, each on a thread {@code
 * upload-backlog}, since with short ones the link would be spent on waiting for answers. Their
 * bytes leave one after the other all the same: {@link SharedLink}.
 *
 * <p>Runs until the bell stops it. Thread-safe.
 */
final class Drain implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(Drain.class);

  /** How often in a row the master may fail on a segment before others go on without it. */
  private static final int MAX_FAILURES = 3;

  /** How many in a row the master may put off before it is taken to be full, or busy, for all. */
  private static final int MAX_PUT_OFF = 3;

  private final Spool spool;
  private final UploaderConfig config;
  private final TargetClient client;
  private final Claims claims;
  private final Bell bell;
  private final Reclaimer reclaimer;
  private final UploadListener listener;
  private final Runnable reached;
  private final Semaphore free;
  private final ExecutorService helpers = Executors.newCachedThreadPool(Drain::helper);

  @GuardedBy("this")
  private final UploadQueue queue;

  @GuardedBy("this")
  private final RetrySchedule pauses;

  @GuardedBy("this")
  private final Set<Kind> complained = EnumSet.noneOf(Kind.class);

  @GuardedBy("this")
  private int putOff; // so many in a row

  @GuardedBy("this")
  private int onTheirWay;

  @GuardedBy("this")
  private boolean isTroubled; // something concerns all: a pause is due

  @GuardedBy("this")
  private long pausesMade;

  /**
   * One that does nothing before it runs.
   *
   * @param parallel so many segments are on their way at once, from 1
   * @param reached is called when the master has taken a segment
   */
  Drain(
      Spool spool,
      UploaderConfig config,
      TargetClient client,
      Claims claims,
      Bell bell,
      Reclaimer reclaimer,
      UploadListener listener,
      int parallel,
      Runnable reached) {
    this.spool = spool;
    this.config = config;
    this.client = client;
    this.claims = claims;
    this.bell = bell;
    this.reclaimer = reclaimer;
    this.listener = listener;
    this.reached = reached;
    this.free = new Semaphore(parallel);
    this.queue = new UploadQueue(spool, config);
    this.pauses = config.retrySchedule();
  }

  @Override
  public void run() {
    while (!bell.isStopped()) {
      try {
        Optional<Duration> pause = takePause();
        if (pause.isPresent()) {
          bell.pause(pause.get());
        }
        round();
      } catch (InterruptedException e) {
        log.warn("the thread upload was interrupted; it ends");
        bell.stop();
      } catch (Throwable e) { // not even an Error ends the uploads for good
        isUnworkable(e);
      }
    }
  }

  /** Waits until nothing is on its way any more, once it was stopped. */
  void awaitEnd(Duration most) throws InterruptedException {
    helpers.shutdown();
    if (!helpers.awaitTermination(most.toNanos(), TimeUnit.NANOSECONDS)) {
      log.warn("a thread upload-backlog did not end within {} s", most.toSeconds());
    }
  }

  private static Thread helper(Runnable work) {
    Thread thread = new Thread(work, "upload-backlog");
    thread.setDaemon(true);
    return thread;
  }

  /** Looks into the spool, then begins one after the other until it is through, or poked. */
  private void round() throws IOException, InterruptedException {
    bell.takePoke();
    look();
    long until = System.nanoTime() + config.pollInterval().toNanos();
    free.acquire();
    Optional<SegmentFiles> next = next();
    while (next.isPresent()) {
      begin(next.get());
      free.acquire();
      if (bell.takePoke() || System.nanoTime() - until >= 0) {
        bell.poke();
        free.release();
        return;
      }
      next = next();
    }
    free.release();
    bell.awaitPoke(untilNext());
  }

  private synchronized void look() throws IOException {
    long ticket = bell.scanning();
    try {
      reclaimer.finish();
    } catch (IOException e) {
      complain("a verified segment in " + spool.folder() + " cannot be deleted", e);
    }
    queue.refresh();
    bell.scanned(ticket, queue.backlog(), isDone());
    log.debug("{}", queue.backlog());
  }

  private synchronized Optional<SegmentFiles> next() {
    return isTroubled || bell.isStopped() ? Optional.empty() : queue.next();
  }

  private synchronized Duration untilNext() {
    return isTroubled ? Duration.ZERO : queue.untilNext(config.pollInterval());
  }

  /** A pause, where one is due: one for all that were on their way and met the same. */
  private synchronized Optional<Duration> takePause() {
    if (!isTroubled) {
      return Optional.empty();
    }
    isTroubled = false;
    pausesMade++;
    return Optional.of(pauses.next());
  }

  private synchronized long pausesMade() {
    return pausesMade;
  }

  private synchronized void isInTrouble(long begunAfter) {
    if (begunAfter == pausesMade) {
      isTroubled = true;
      bell.poke();
    }
  }

  /** With one of the free places, which it gives back when it is over. */
  private void begin(SegmentFiles files) {
    long begunAfter = pausesMade();
    if (!claims.take(files)) {
      free.release(); // it is on its way
      return;
    }
    Runnable work =
        () -> {
          try {
            send(files, begunAfter);
          } catch (Throwable e) {
            isUnworkable(e);
          } finally {
            isOver(files);
          }
        };
    synchronized (this) {
      onTheirWay++;
    }
    helpers.execute(work);
  }

  private void isOver(SegmentFiles files) {
    claims.release(files);
    synchronized (this) {
      onTheirWay--;
      tellBacklog();
    }
    free.release();
  }

  private void send(SegmentFiles files, long begunAfter) throws IOException {
    Optional<SealedSegment> segment = spool.find(files);
    if (segment.isEmpty()) {
      isGone(files);
      return;
    }
    long before = client.acceptedBytes();
    try {
      reclaimer.verified(segment.get(), client.upload(segment.get()));
      succeeded(files);
    } catch (UploadException problem) {
      UploadException judged = judged(files, problem, client.acceptedBytes() > before);
      if (judged.kind() != Kind.CANCELLED) {
        failed(segment.get(), judged, begunAfter);
      }
    }
  }

  private synchronized void isGone(SegmentFiles files) {
    queue.remove(files);
    tellBacklog();
  }

  /** Whether all that may be sent was, and was told of. */
  @GuardedBy("this")
  private boolean isDone() {
    return onTheirWay == 0 && queue.isDone();
  }

  private synchronized void tellBacklog() {
    bell.changed(queue.backlog(), isDone());
  }

  private void succeeded(SegmentFiles files) {
    synchronized (this) {
      pauses.reset();
      putOff = 0;
      queue.forgetPutOff();
      complained.clear();
      isGone(files);
    }
    reached.run();
  }

  /** A master that fails on one segment again and again may be well for all the others. */
  private synchronized UploadException judged(
      SegmentFiles files, UploadException problem, boolean carried) {
    if (carried) {
      pauses.reset(); // a link that breaks off now and then still carries
    }
    if (problem.kind() == Kind.BUSY) {
      return putOff(files, problem);
    }
    if (!problem.masterFailed()) {
      queue.forgetFailures(files);
      return problem;
    }
    int failures = queue.countFailure(files);
    return failures < MAX_FAILURES
        ? problem
        : new UploadException(
            Kind.REJECTED, problem.getMessage() + ", " + failures + " times in a row", problem);
  }

  /** What the master has no room for may be this one alone, or all of them. */
  @GuardedBy("this")
  private UploadException putOff(SegmentFiles files, UploadException problem) {
    queue.putOff(files);
    putOff++;
    return putOff < MAX_PUT_OFF
        ? problem
        : new UploadException(
            Kind.UNREACHABLE, problem.getMessage() + ", as of those before it", problem);
  }

  private void failed(SealedSegment segment, UploadException problem, long begunAfter)
      throws IOException {
    SegmentFiles files = segment.files();
    Kind kind = problem.kind();
    if (kind == Kind.DAMAGED) {
      if (spool.find(files).isEmpty()) {
        return; // it was deleted meanwhile, by somebody who may
      }
      spool.quarantine(files, problem.getMessage());
    }
    boolean isNew;
    synchronized (this) {
      if (kind == Kind.DAMAGED) {
        queue.remove(files);
      } else if (!kind.concernsAll() && kind != Kind.BUSY) {
        queue.setAside(files);
      }
      isNew = !kind.concernsAll() || complained.add(kind);
    }
    if (isNew) {
      log.warn("{}: {}", segment.manifest().id(), problem.getMessage());
    }
    tell(segment, problem);
    tellBacklog();
    if (kind.concernsAll()) {
      isInTrouble(begunAfter);
    } else {
      bell.poke(); // its time comes earlier than the next look
    }
  }

  private void tell(SealedSegment segment, UploadException problem) {
    try {
      listener.failed(segment.manifest().id(), problem);
    } catch (Throwable e) {
      log.error("a listener of the uploader failed", e);
    }
  }

  private void isUnworkable(Throwable e) {
    complain("the spool " + spool.folder() + " cannot be worked on", e);
    isInTrouble(pausesMade());
  }

  private synchronized void complain(String what, Throwable e) {
    if (complained.add(Kind.DISK)) {
      log.error("{}; it is tried again", what, e);
    }
  }
}
