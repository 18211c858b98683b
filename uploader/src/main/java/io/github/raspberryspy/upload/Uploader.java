package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the segments of one spool to the master. What is filmed now leaves at once, on the thread
 * {@code upload-tail}: the open segment as it becomes durable, and its end when it is sealed; while
 * the master verifies that, the next one leaves already. Everything else is the backlog, which the
 * thread {@code upload} sends beside it, one segment after the other: those with motion first, then
 * the newest. A segment is deleted here only on a receipt that vouches for the id, size and hash of
 * the camera's own manifest.
 *
 * <p>Works from {@link #start} until {@link #close}. It may be killed at any moment: the spool says
 * what is left to do, and the master what it has. Thread-safe.
 */
public final class Uploader implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Uploader.class);
  private static final Duration JOIN = Duration.ofSeconds(10);

  /** How often in a row the master may fail on a segment before others go on without it. */
  private static final int MAX_FAILURES = 3;

  /** How many in a row the master may put off before it is taken to be full, or busy, for all. */
  private static final int MAX_PUT_OFF = 3;

  private final Spool spool;
  private final UploaderConfig config;
  private final UploadListener listener;
  private final SharedLink.Lane lane;
  private final SharedLink.Lane tailLane;
  private final UploadTarget target;
  private final TargetClient client;
  private final TargetClient tailClient;
  private final Claims claims = new Claims();
  private final Tail tail;
  private final Speed drain = new Speed();
  private final UploadQueue queue;
  private final RetrySchedule pauses;
  private final Bell bell = new Bell();
  private final Thread thread;
  private final Thread tailThread;
  private int putOff; // so many in a row; of the thread upload
  private final Object reclaims = new Object(); // two threads must not be at the same receipt
  private final AtomicBoolean started = new AtomicBoolean();
  private final Set<Kind> complained = EnumSet.noneOf(Kind.class);

  /** Makes one with a link of its own, which does nothing before {@link #start}. */
  public Uploader(Spool spool, UploaderConfig config, UploadListener listener) {
    this(spool, config, new SharedLink(config), listener);
  }

  /**
   * Makes one that does nothing before {@link #start}.
   *
   * @param link what all uploaders of a camera share
   */
  public Uploader(Spool spool, UploaderConfig config, SharedLink link, UploadListener listener) {
    config.access().ifPresent(access -> requireSameCamera(spool, access.credential()));
    this.spool = spool;
    this.config = config;
    this.listener = Objects.requireNonNull(listener, "listener");
    this.lane = link.lane(false);
    this.tailLane = link.lane(true);
    this.target = config.open();
    this.client = target.on(lane);
    this.tailClient = target.on(tailLane);
    this.tail =
        new Tail(
            spool,
            config,
            tailClient,
            tailLane,
            claims,
            this::verified,
            bell::poke,
            bell::reachable);
    this.queue = new UploadQueue(spool, config);
    this.pauses = config.retrySchedule();
    this.thread = new Thread(this::run, "upload");
    this.thread.setDaemon(true);
    this.tailThread = new Thread(tail, "upload-tail");
    this.tailThread.setDaemon(true);
  }

  private static void requireSameCamera(Spool spool, CameraCredential credential) {
    if (!spool.camera().equals(credential.camera())) {
      throw new IllegalArgumentException(
          "the spool of camera "
              + spool.camera()
              + " and the token of another camera, "
              + credential.camera());
    }
  }

  /** Starts the threads. Once only. */
  public void start() {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("this uploader was started already");
    }
    thread.start();
    tailThread.start();
  }

  /** Says that there may be something new in the spool. Never blocks. */
  public void poke() {
    bell.poke();
  }

  /**
   * Says that a segment that is being written has so many bytes that are durable and change no
   * more: they leave at once. Of another spool's segments nothing happens. Never blocks.
   */
  public void durable(SegmentFiles files, SegmentId segment, long bytes) {
    if (isOurs(files)) {
      tail.durable(files, segment, bytes);
    }
  }

  /**
   * Says that a segment was sealed now: what the master lacks of it leaves at once, before the
   * backlog. Of another spool's segments nothing happens. Never blocks.
   */
  public void sealed(SealedSegment segment) {
    if (isOurs(segment.files())) {
      tail.sealed(segment);
      bell.poke();
    }
  }

  /** Says that something moves now, for which a metered link is used. Never blocks. */
  public void moving() {
    tail.moving();
  }

  private boolean isOurs(SegmentFiles files) {
    return files.folder().startsWith(spool.folder());
  }

  /** What is sealed and not yet verified, as of the latest look into the spool. Costs nothing. */
  public Backlog backlog() {
    return bell.backlog();
  }

  /**
   * How fast the backlog goes, over the last half minute in which this was asked for; empty where
   * there is none, or while it is not known. To be asked now and then.
   */
  public OptionalLong backlogBytesPerSecond() {
    OptionalLong speed = drain.read(client.acceptedBytes(), System.nanoTime());
    return backlog().isEmpty() ? OptionalLong.empty() : speed;
  }

  /** Bytes that the master took since the start, those sent twice included. */
  public long acceptedBytes() {
    return client.acceptedBytes() + tailClient.acceptedBytes();
  }

  /**
   * Waits until all that is sealed by now is verified, cutting a pause after a failure short. What
   * the owner's limits hold back now is not waited for.
   *
   * @return whether it is; {@code false} after the given time, or once closed
   */
  public boolean awaitEmpty(Duration most) throws InterruptedException {
    return bell.awaitEmpty(most);
  }

  /**
   * Breaks off the requests in flight and ends the threads, within 10 s. What was not verified
   * stays in the spool. The threads are never interrupted: that would close files under them.
   */
  @Override
  public void close() {
    bell.stop();
    tail.stop();
    lane.close();
    tailLane.close();
    target.abort();
    try {
      if (started.get()) {
        join(tailThread);
        join(thread);
      }
      tail.awaitReceipts(JOIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      target.close();
    }
  }

  private static void join(Thread worker) throws InterruptedException {
    if (Thread.currentThread() == worker) {
      return;
    }
    worker.join(JOIN.toMillis());
    if (worker.isAlive()) {
      log.warn("the thread {} did not end within {} s", worker.getName(), JOIN.toSeconds());
    }
  }

  private void run() {
    while (!bell.isStopped()) {
      try {
        round();
      } catch (InterruptedException e) {
        log.warn("the thread upload was interrupted; it ends");
        bell.stop();
      } catch (Throwable e) { // not even an Error ends the uploads for good
        complain("the spool " + spool.folder() + " cannot be worked on", e);
        pauseUnlessStopped();
      }
    }
  }

  /** Looks into the spool, then works until it is through, poked or stopped. */
  private void round() throws IOException, InterruptedException {
    boolean poked = bell.takePoke();
    long ticket = bell.scanning();
    finishReclaims();
    queue.refresh();
    bell.scanned(ticket, queue.backlog(), queue.isDone());
    log.debug("{} (poked: {})", queue.backlog(), poked);
    long until = System.nanoTime() + config.pollInterval().toNanos();
    Optional<SegmentFiles> next = queue.next();
    while (next.isPresent() && !bell.isStopped()) {
      if (!mayGoOnAfter(next.get())) {
        bell.pause(pauses.next());
        return;
      }
      if (bell.takePoke() || System.nanoTime() - until >= 0) {
        bell.poke();
        return;
      }
      next = queue.next();
    }
    bell.awaitPoke(queue.untilNext(config.pollInterval()));
  }

  /** Works on one of the queue. Returns whether the next one may be tried at once. */
  private boolean mayGoOnAfter(SegmentFiles files) throws IOException {
    if (!claims.take(files)) {
      return true; // it is on its way as the tail
    }
    try {
      Optional<SealedSegment> segment = spool.find(files);
      if (segment.isPresent()) {
        return tryOne(segment.get());
      }
      queue.remove(files);
      bell.changed(queue.backlog(), queue.isDone());
      return true;
    } finally {
      claims.release(files);
    }
  }

  private void finishReclaims() {
    try {
      synchronized (reclaims) {
        spool.finishReclaims();
      }
    } catch (IOException e) {
      complain("a verified segment in " + spool.folder() + " cannot be deleted", e);
    }
  }

  /** Returns whether the next segment may be tried at once. */
  private boolean tryOne(SealedSegment segment) throws IOException {
    SegmentFiles files = segment.files();
    long before = client.acceptedBytes();
    try {
      verified(segment, client.upload(segment));
      pauses.reset();
      putOff = 0;
      queue.forgetPutOff();
      tail.reachable();
      complained.clear();
      queue.remove(files);
      bell.changed(queue.backlog(), queue.isDone());
      return true;
    } catch (UploadException problem) {
      if (client.acceptedBytes() > before) {
        pauses.reset(); // a link that breaks off now and then still carries
      }
      return failed(segment, judged(segment.files(), problem));
    }
  }

  /** The master vouches for it: nothing but this deletes. On either thread. */
  private void verified(SealedSegment segment, Receipt receipt) throws UploadException {
    SegmentFiles files = segment.files();
    try {
      synchronized (reclaims) {
        spool.reclaim(files, receipt.encode());
      }
    } catch (IOException e) {
      throw new UploadException(
          Kind.DISK, files.video() + " is verified and cannot be deleted: " + e.getMessage(), e);
    }
    log.info("{} is verified there and deleted here", segment.manifest().id());
    tell(() -> listener.verified(segment.manifest()));
  }

  /** A master that fails on one segment again and again may be well for all the others. */
  private UploadException judged(SegmentFiles files, UploadException problem) {
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
  private UploadException putOff(SegmentFiles files, UploadException problem) {
    queue.putOff(files);
    putOff++;
    return putOff < MAX_PUT_OFF
        ? problem
        : new UploadException(
            Kind.UNREACHABLE, problem.getMessage() + ", as of those before it", problem);
  }

  private boolean failed(SealedSegment segment, UploadException problem) throws IOException {
    SegmentFiles files = segment.files();
    Kind kind = problem.kind();
    if (kind == Kind.CANCELLED) {
      return true;
    }
    if (kind == Kind.DAMAGED) {
      if (spool.find(files).isEmpty()) {
        return true; // it was deleted meanwhile, by somebody who may
      }
      spool.quarantine(files, problem.getMessage());
      queue.remove(files);
    } else if (!kind.concernsAll() && kind != Kind.BUSY) {
      queue.setAside(files);
    }
    if (!kind.concernsAll() || complained.add(kind)) {
      log.warn("{}: {}", segment.manifest().id(), problem.getMessage());
    }
    tell(() -> listener.failed(segment.manifest().id(), problem));
    bell.changed(queue.backlog(), queue.isDone());
    return !kind.concernsAll();
  }

  private void tell(Runnable event) {
    try {
      event.run();
    } catch (Throwable e) {
      log.error("a listener of the uploader failed", e);
    }
  }

  private void complain(String what, Throwable e) {
    if (complained.add(Kind.DISK)) {
      log.error("{}; it is tried again", what, e);
    }
  }

  private void pauseUnlessStopped() {
    try {
      bell.pause(pauses.next());
    } catch (InterruptedException e) {
      bell.stop();
    }
  }
}
