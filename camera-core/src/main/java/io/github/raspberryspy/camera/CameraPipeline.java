package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.internal.Natives;
import io.github.raspberryspy.camera.overlay.OverlayConfig;
import io.github.raspberryspy.camera.record.ClockWatch;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.record.SegmentAnnotator;
import io.github.raspberryspy.camera.record.SpoolRecovery;
import io.github.raspberryspy.camera.record.Storage;
import io.github.raspberryspy.camera.snapshot.Snapshot;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.Sources;
import io.github.raspberryspy.camera.supervise.SuperviseConfig;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger log = LoggerFactory.getLogger(CameraPipeline.class);
  private static final int LONGEST_REASON = 64;

  private final Setup setup;
  private final Counters counters;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;
  private final Closeable recordingLock;
  private final Supervisor supervisor;

  private CameraPipeline(Setup setup, Counters counters, Closeable recordingLock) {
    this.setup = setup;
    this.counters = counters;
    this.recordingLock = recordingLock;
    this.supervisor = new Supervisor(setup, counters);
    this.thread = new Thread(this::supervise, "supervise-" + setup.name);
  }

  /** What a builder collected, checked. */
  record Setup(
      String name,
      Supplier<CameraSource> source,
      EncoderConfig encoder,
      OverlayConfig overlay,
      Optional<RecorderConfig> recorder,
      Optional<Spool> spool,
      Optional<Storage> storage,
      List<FrameSink> sinks,
      SegmentAnnotator annotator,
      PipelineListener listener,
      InstantSource clock,
      ClockWatch clocks,
      boolean retries,
      PreRollRoom room,
      SuperviseConfig supervision,
      Seams seams) {}

  /** Begins to describe a pipeline. */
  public static Builder builder() {
    return new Builder();
  }

  /** What it is doing. */
  public PipelineState state() {
    return supervisor.state();
  }

  /** What it has counted. */
  public Counters counters() {
    return counters;
  }

  /** Ends the current segment at the next keyframe, which is asked for at once. */
  public void flush() {
    supervisor.flush();
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
          "a sink or listener of camera " + setup.name + " would wait for its own thread");
    }
  }

  private void throwFailure() {
    if (supervisor.failure().isPresent()) {
      throw supervisor.failure().get();
    }
  }

  private void supervise() {
    try (recordingLock) {
      supervisor.run();
    } catch (IOException e) {
      log.warn("the lock of {} could not be given back", setup.name, e);
    } finally {
      setup.storage.ifPresent(Storage::close);
      ended.countDown();
    }
  }

  /** The sources for an address; the first is made at once, which checks it. Thread-safe. */
  private static final class SourcesOf implements Supplier<CameraSource>, AutoCloseable {
    private final String address;
    private final Sources.Delivery delivery;
    private final AtomicReference<CameraSource> first;

    SourcesOf(String address, Sources.Delivery delivery) {
      this.address = address;
      this.delivery = delivery;
      this.first = new AtomicReference<>(Sources.create(address, delivery));
    }

    @Override
    public CameraSource get() {
      CameraSource source = first.getAndSet(null);
      return source == null ? Sources.create(address, delivery) : source;
    }

    /** Closes the first one where no run has taken it. */
    @Override
    public void close() {
      CameraSource source = first.getAndSet(null);
      if (source != null) {
        source.close();
      }
    }
  }

  /** Collects what a pipeline is made of. For one thread. */
  public static final class Builder {

    private String name = "camera";
    private String source;
    private Supplier<CameraSource> sources;
    private EncoderConfig encoder = EncoderConfig.h264();
    private OverlayConfig overlay = OverlayConfig.none();
    private RecorderConfig recorder;
    private final List<FrameSink> sinks = new ArrayList<>();
    private SegmentAnnotator annotator = (from, to, patience) -> List.of();
    private PipelineListener listener = new PipelineListener() {};
    private InstantSource clock = Clock.systemUTC();
    private BooleanSupplier clockIsSet = () -> true;
    private boolean retries;
    private SuperviseConfig supervision = SuperviseConfig.stallsOnly();
    private Seams seams = Seams.none();

    private Builder() {}

    /** The camera's name, which its files carry; default {@code camera}. */
    public Builder name(String newName) {
      name = SegmentId.requireCameraName(newName);
      return this;
    }

    /** Where pictures come from: a URI, see {@link Sources}. Required. */
    public Builder source(String uri) {
      source = Objects.requireNonNull(uri, "source");
      return this;
    }

    /** Where pictures come from: each run asks for a new one. For tests. */
    Builder source(Supplier<CameraSource> newSources) {
      sources = Objects.requireNonNull(newSources, "sources");
      return this;
    }

    /** How video is encoded; default {@link EncoderConfig#h264}. */
    public Builder encoder(EncoderConfig config) {
      encoder = Objects.requireNonNull(config, "encoder");
      return this;
    }

    /**
     * Burns this into every recorded picture and every snapshot; default nothing. Sinks see frames
     * as they were captured. An H.264 source is then decoded and encoded anew.
     */
    public Builder overlay(OverlayConfig config) {
      overlay = Objects.requireNonNull(config, "overlay");
      return this;
    }

    /** Records into a spool; without it nothing is written. */
    public Builder record(RecorderConfig config) {
      recorder = Objects.requireNonNull(config, "recorder");
      return this;
    }

    /** Shows every frame to this sink as well. */
    public Builder sink(FrameSink sink) {
      sinks.add(Objects.requireNonNull(sink, "sink"));
      return this;
    }

    /** Asks this one what moved, when a segment is sealed. */
    public Builder annotator(SegmentAnnotator newAnnotator) {
      annotator = Objects.requireNonNull(newAnnotator, "annotator");
      return this;
    }

    /** Tells this one what happens. */
    public Builder listener(PipelineListener newListener) {
      listener = Objects.requireNonNull(newListener, "listener");
      return this;
    }

    /** The wall clock; default the system's. */
    public Builder clock(InstantSource newClock) {
      clock = Objects.requireNonNull(newClock, "clock");
      return this;
    }

    /**
     * Whether the system says that its wall clock is set; default always yes. While it is not, what
     * is filmed is labelled as such, and dated anew once it is. Called on {@code record-CAMERA} and
     * {@code capture-CAMERA}.
     */
    public Builder clockIsSet(BooleanSupplier isSet) {
      clockIsSet = Objects.requireNonNull(isSet, "isSet");
      return this;
    }

    /** Whether a source that fails is opened again, for ever; default no. */
    public Builder retries(boolean newRetries) {
      retries = newRetries;
      return this;
    }

    /** What is watched, and how patiently; default {@link SuperviseConfig#stallsOnly}. */
    public Builder supervise(SuperviseConfig config) {
      supervision = Objects.requireNonNull(config, "supervise");
      return this;
    }

    /** For tests. */
    Builder seams(Seams newSeams) {
      seams = newSeams;
      return this;
    }

    /**
     * Recovers the spool and starts. The source is opened on the pipeline's own thread: whether
     * that worked is told by the state, the listener, and {@link CameraPipeline#awaitStop()}.
     *
     * @throws CameraException if the source's address, or the spool, cannot be used
     */
    public CameraPipeline start() {
      Natives.load();
      Supplier<CameraSource> opened = sources == null ? fromAddress() : sources;
      Closeable lock = () -> {};
      Optional<Spool> spool = Optional.empty();
      Optional<Storage> storage = Optional.empty();
      PipelineListener careful = new CarefulListener(listener);
      Counters counters = new Counters();
      try {
        if (recorder != null) {
          Spool card = Spool.open(recorder.spool(), name);
          spool = Optional.of(card);
          lock = card.lockForRecording();
          SpoolRecovery.recover(card);
          card.removeEmptyDays();
          storage =
              Optional.of(new Storage(card, recorder.storage(), careful::onProblem, counters));
        }
      } catch (IOException | RuntimeException e) {
        giveBack(lock, e);
        if (opened instanceof SourcesOf unused) {
          unused.close();
        }
        throw new CameraException(CameraException.Kind.DISK_FAILED, sentence(e), e);
      }
      PreRollRoom room =
          PreRollRoom.of(
              Optional.ofNullable(recorder).flatMap(RecorderConfig::events),
              encoder,
              Runtime.getRuntime().maxMemory());
      CameraPipeline pipeline =
          new CameraPipeline(
              new Setup(
                  name,
                  opened,
                  encoder,
                  overlay,
                  Optional.ofNullable(recorder),
                  spool,
                  storage,
                  List.copyOf(sinks),
                  annotator,
                  careful,
                  clock,
                  new ClockWatch(clock, System::nanoTime, clockIsSet),
                  retries,
                  room,
                  supervision,
                  seams),
              counters,
              lock);
      storage.ifPresent(Storage::start);
      pipeline.thread.start();
      return pipeline;
    }

    private Supplier<CameraSource> fromAddress() {
      if (source == null) {
        throw new CameraException(CameraException.Kind.INVALID, "a pipeline needs a source");
      }
      String address = source;
      boolean isPainted = !overlay.isEmpty();
      if (isPainted && encoder.choice() == EncoderConfig.Choice.COPY) {
        throw new CameraException(
            CameraException.Kind.INVALID,
            "encoder \"copy\" records H.264 as it comes: nothing can be burnt into it");
      }
      Sources.Delivery delivery =
          switch (encoder.choice()) {
            case AUTO, COPY -> isPainted ? Sources.Delivery.FRAMES : Sources.Delivery.AS_IT_COMES;
            default -> Sources.Delivery.FRAMES;
          };
      return new SourcesOf(address, delivery);
    }

    private static void giveBack(Closeable lock, Exception why) {
      try {
        lock.close();
      } catch (IOException e) {
        why.addSuppressed(e);
      }
    }

    private static String sentence(Exception e) {
      return e instanceof IOException ? e.getMessage() : "the spool cannot be recovered: " + e;
    }
  }
}
