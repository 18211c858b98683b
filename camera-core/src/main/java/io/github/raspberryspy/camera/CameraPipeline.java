package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.audio.AudioCapture;
import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.live.FragmentTap;
import io.github.raspberryspy.camera.overlay.OverlayConfig;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.snapshot.Snapshot;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One camera: captured, encoded, recorded, and shown to whoever wants its frames.
 *
 * <pre>{@code
 * try (var camera = CameraPipeline.builder()
 *     .source("v4l2:///dev/video0?size=1920x1080&fps=30")
 *     .record(RecorderConfig.into(spool).segment(Duration.ofHours(1)))
 *     .start()) {
 *   camera.awaitStop();
 * }
 * }</pre>
 *
 * <p>Thread-safe. A run ends when its source does; a pipeline that retries opens the source again,
 * with pauses from 1 s to 30 s, and lists what is missing in between. A device that comes back ends
 * the pause.
 */
public final class CameraPipeline implements AutoCloseable {

  /** The most characters of a trigger's reason. */
  public static final int LONGEST_REASON = 64;

  private final PipelineSetup setup;
  private final Counters counters;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;
  private final Supervisor supervisor;

  CameraPipeline(PipelineSetup setup, Counters counters) {
    this.setup = setup;
    this.counters = counters;
    this.supervisor = new Supervisor(setup, counters);
    this.thread = new Thread(this::supervise, "supervise-" + setup.name());
  }

  /** Begins to describe a pipeline. */
  public static CameraPipelineBuilder builder() {
    return new CameraPipelineBuilder();
  }

  /** What it is doing. */
  public PipelineState state() {
    return supervisor.state();
  }

  /** What it has counted. */
  public Counters counters() {
    return counters;
  }

  /**
   * How many bytes a day it writes to its disk, measured over the last 24 hours or since the start;
   * empty within the first minute, and where nothing is recorded.
   */
  public OptionalLong bytesToDiskADay() {
    return setup
        .recording()
        .map(recording -> recording.storage().bytesToDiskADay())
        .orElse(OptionalLong.empty());
  }

  /**
   * Why nothing can be recorded to its disk, which is put to the test every 4 s; empty where that
   * works, and where nothing is recorded.
   */
  public Optional<String> diskTrouble() {
    return setup.recording().flatMap(recording -> recording.storage().diskTrouble());
  }

  /**
   * Ends the current segment at the next keyframe, which is asked for at once.
   *
   * @return whether there is a recording that does so: not where nothing is filmed or written at
   *     present
   */
  public boolean flush() {
    return supervisor.flush();
  }

  /**
   * Burns this into each picture from the next one on, in later runs too; no frame is lost.
   *
   * @return whether that was taken; else nothing has changed, since the source brings H.264 into
   *     which nothing can be burnt: a new pipeline opens it another way
   */
  public boolean changeOverlay(OverlayConfig overlay) {
    return supervisor.burn(Objects.requireNonNull(overlay, "overlay"));
  }

  /**
   * Encodes by this from the next picture on, which is a keyframe, and in later runs too; no frame
   * is lost. The open segment ends there, if the stream's parameters become others. Waits, for 5 s
   * at the most, until something was encoded so.
   *
   * @return whether that was taken, also where H.264 is copied from the source, to whatever target;
   *     else a new pipeline has to be built: frames are encoded or not for the other choice,
   *     nothing is filmed at present, the device takes no second encoder, or a pre-roll would no
   *     longer fit
   * @throws IllegalStateException as {@link #awaitStop()}
   */
  public boolean changeEncoder(EncoderConfig encoder) {
    Objects.requireNonNull(encoder, "encoder");
    requireForeignThread();
    return supervisor.encodeBy(encoder);
  }

  /**
   * Records by this from now on; no frame is lost. The open segment, too, ends when it is as long
   * as this says.
   *
   * @return whether that was taken; else nothing has changed, since more than the length of a
   *     segment and the post-roll would, or nothing is recorded: that takes a new pipeline
   */
  public boolean changeRecorder(RecorderConfig recorder) {
    Objects.requireNonNull(recorder, "recorder");
    return setup.recording().map(recording -> recording.change(recorder)).orElse(false);
  }

  /**
   * Says that something happens now: a door bell, a sensor. The segment's manifest lists it, with
   * the reason in place of a zone; where only {@linkplain RecorderConfig#events events} are
   * recorded, it is recorded, with what was before and what comes after it.
   *
   * @param reason for people, 1 to 64 characters
   * @return whether it was taken: not where nothing is being filmed or written at present
   */
  public boolean trigger(String reason) {
    if (reason.isBlank() || reason.length() > LONGEST_REASON) {
      throw new IllegalArgumentException(
          "the reason of a trigger is \"" + reason + "\"; 1 to 64 characters are allowed");
    }
    return supervisor.trigger(reason);
  }

  /**
   * Asks for a picture of now, as JPEG, with what is burnt in. It costs the recording nothing: the
   * picture is made on a thread of its own, and of an H.264 source only the latest GOP is decoded.
   *
   * @return fails with a {@link CameraException}: of kind DEVICE_ABSENT where nothing is filmed at
   *     present, DEVICE_TIMEOUT where no frame comes within 5 s, CANCELLED where the run ends
   */
  public CompletableFuture<Snapshot> snapshot() {
    return supervisor.snapshot();
  }

  /**
   * Opens a reader for live view of the run under way, from its last keyframe on; it ends with the
   * run. It costs the recording nothing, however slowly it is read.
   *
   * @return owned by the caller; empty where nothing is filmed at present
   */
  public Optional<FragmentTap> tap() {
    return supervisor.tap();
  }

  static CompletableFuture<Snapshot> noSnapshot(String camera) {
    return CompletableFuture.failedFuture(
        new CameraException(
            CameraException.Kind.DEVICE_ABSENT, "camera " + camera + " films nothing at present"));
  }

  /**
   * Waits until the pipeline has stopped and everything recorded is sealed.
   *
   * @throws CameraException if it stopped because of a failure
   * @throws IllegalStateException if called by a sink or a listener on a thread of the pipeline's
   *     own, which would wait for itself
   */
  public void awaitStop() throws InterruptedException {
    requireForeignThread();
    ended.await();
    throwFailure();
  }

  /**
   * Waits so long at the most. Returns whether it has stopped.
   *
   * @throws CameraException if it stopped because of a failure
   * @throws IllegalStateException as {@link #awaitStop()}
   */
  public boolean awaitStop(Duration timeout) throws InterruptedException {
    requireForeignThread();
    boolean stopped = ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    if (stopped) {
      throwFailure();
    }
    return stopped;
  }

  /**
   * Stops: no new frames, queues drained, encoder flushed, the last segment sealed, memory freed.
   * Called by a sink or a listener on a thread of the pipeline's own it only asks for that, and
   * returns at once.
   */
  @Override
  public void close() {
    supervisor.stop();
    if (isOwnThread()) {
      return;
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // the footage is sealed first
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isOwnThread() {
    Thread caller = Thread.currentThread();
    return caller == thread || supervisor.owns(caller);
  }

  private void requireForeignThread() {
    if (isOwnThread()) {
      throw new IllegalStateException(
          "a sink or listener of camera " + setup.name() + " would wait for its own thread");
    }
  }

  private void throwFailure() {
    if (supervisor.failure().isPresent()) {
      throw supervisor.failure().get();
    }
  }

  /** Starts its thread. Called once, by whoever built it. */
  void begin() {
    setup.recording().ifPresent(recording -> recording.begin(setup.clocks()));
    setup.audio().ifPresent(AudioCapture::start);
    thread.start();
  }

  private void supervise() {
    try {
      supervisor.run();
    } finally {
      setup.audio().ifPresent(AudioCapture::close);
      setup.recording().ifPresent(Recording::close);
      ended.countDown();
    }
  }
}
