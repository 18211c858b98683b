package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.wire.CameraCredential;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the segments of one spool to the master. What is filmed now leaves at once, on the thread
 * {@code upload-tail}: the open segment as it becomes durable, and its end when it is sealed; while
 * the master verifies that, the next one leaves already. Everything else is the backlog, which
 * {@link Drain} sends beside it: the segments with motion first, then the newest. A segment is
 * deleted here only on a receipt that vouches for the id, size and hash of the camera's own
 * manifest.
 *
 * <p>Works from {@link #start} until {@link #close}. It may be killed at any moment: the spool says
 * what is left to do, and the master what it has. Thread-safe.
 */
public final class Uploader implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Uploader.class);
  private static final Duration JOIN = Duration.ofSeconds(10);

  private final Spool spool;
  private final SharedLink.Lane lane;
  private final SharedLink.Lane tailLane;
  private final UploadTarget target;
  private final TargetClient client;
  private final TargetClient tailClient;
  private final Tail tail;
  private final Drain drain;
  private final Speed speed = new Speed();
  private final Bell bell = new Bell();
  private final Thread thread;
  private final Thread tailThread;
  private final AtomicBoolean started = new AtomicBoolean();

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
    this(spool, config, link, listener, OptionalInt.empty());
  }

  /** One that has so many segments of the backlog on their way at once, or as suits the target. */
  Uploader(
      Spool spool,
      UploaderConfig config,
      SharedLink link,
      UploadListener listener,
      OptionalInt parallel) {
    config.access().ifPresent(access -> requireSameCamera(spool, access.credential()));
    this.spool = spool;
    this.lane = link.lane(false);
    this.tailLane = link.lane(true);
    this.target = config.open();
    this.client = target.on(lane);
    this.tailClient = target.on(tailLane);
    Claims claims = new Claims();
    Reclaimer reclaimer = new Reclaimer(spool, Objects.requireNonNull(listener, "listener"));
    this.tail =
        new Tail(
            spool,
            config,
            tailClient,
            tailLane,
            claims,
            reclaimer::verified,
            bell::poke,
            bell::reachable);
    this.drain =
        new Drain(
            spool,
            config,
            client,
            claims,
            bell,
            reclaimer,
            listener,
            parallel.orElse(target.parallel()),
            tail::reachable);
    this.thread = new Thread(drain, "upload");
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
    OptionalLong rate = speed.read(client.acceptedBytes(), System.nanoTime());
    return backlog().isEmpty() ? OptionalLong.empty() : rate;
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
      drain.awaitEnd(JOIN);
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
}
