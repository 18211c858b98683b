package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.audio.AudioCapture;
import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.live.FragmentTap;
import io.github.raspberryspy.camera.overlay.OverlayConfig;
import io.github.raspberryspy.camera.record.EventMode;
import io.github.raspberryspy.camera.snapshot.Snapshot;
import io.github.raspberryspy.camera.supervise.CameraFault;
import io.github.raspberryspy.camera.supervise.PictureWatch;
import io.github.raspberryspy.camera.supervise.StallWatch;
import io.github.raspberryspy.segments.Gap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one camera running: opens a run, watches it, and opens the next one where it is worth it.
 *
 * <p>Runs on {@code supervise-CAMERA}, which never calls native code, waits for nobody for long,
 * and tells the listener what it finds; {@link #stop}, {@link #flush} and the questions may come
 * from any thread.
 */
final class Supervisor implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(Supervisor.class);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration HEALTHY_RUN = Duration.ofSeconds(10);

  /** How long a run that has stalled may take to end by itself before it is abandoned. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  /** So many runs in a row that gave nothing are a fault: after some 3 s, and the opening. */
  private static final int MOST_IN_VAIN = 3;

  /** So many runs may hang at a time: each keeps the memory of its frames, and maybe its device. */
  private static final int MOST_ABANDONED = 3;

  private final PipelineSetup setup;
  private final Counters counters;
  private final PictureWatch pictures;
  private final SinkWatch sinks;
  private final StallLog stalls;
  private final Object opening = new Object(); // held while a run is made, and an overlay changed
  private final Object exchange = new Object(); // held while an encoder takes another's place
  private final CountDownLatch stopSignal = new CountDownLatch(1);
  private final List<CaptureThread> abandoned = new ArrayList<>();
  private int inVain; // runs that failed since the last picture
  private boolean isMissing; // said of the source
  private String gapReason; // of what is missing before the next run
  private Optional<Path> deviceNode = Optional.empty(); // of the latest run
  private volatile PipelineState state = PipelineState.STARTING; // written by supervise-CAMERA
  private volatile CaptureThread current; // written by supervise-CAMERA
  private volatile CameraException failure; // written by supervise-CAMERA before it ends

  Supervisor(PipelineSetup setup, Counters counters) {
    this.setup = setup;
    this.gapReason = setup.gapReason();
    this.counters = counters;
    this.pictures = new PictureWatch(setup.name(), setup.supervision());
    this.sinks =
        new SinkWatch(setup.name(), setup.sinks(), setup.supervision().stallAfter(), setup.clock());
    this.stalls = new StallLog(setup.name(), setup.supervision().stallAfter());
  }

  PipelineState state() {
    return state;
  }

  /** Why it ended, once it has. */
  Optional<CameraException> failure() {
    return Optional.ofNullable(failure);
  }

  /** Whether a thread belongs to the run under way. */
  boolean owns(Thread thread) {
    CaptureThread running = current;
    return running != null && running.owns(thread);
  }

  void stop() {
    stopSignal.countDown();
    CaptureThread running = current;
    if (running != null) {
      running.run().stop();
    }
  }

  /** Makes the run under way end its segment. Returns whether there is one that records. */
  boolean flush() {
    CaptureThread running = current;
    return running != null && running.run().flush();
  }

  /**
   * Burns this in from the next picture on. Returns false, and changes nothing, where the run under
   * way brings no pictures to burn into.
   */
  boolean burn(OverlayConfig next) {
    synchronized (opening) {
      CaptureThread running = current;
      if (running != null && !running.run().burns()) {
        return false;
      }
      setup.overlay().set(next);
      return true;
    }
  }

  /**
   * Makes the run under way encode by this. Returns false, and changes nothing, where there is none
   * that can.
   */
  boolean encodeBy(EncoderConfig next) {
    synchronized (exchange) {
      if (next.equals(setup.encoder().get())) {
        return true;
      }
      Optional<EventMode> events = setup.recording().flatMap(to -> to.config().get().events());
      CaptureThread running = current;
      return running != null && setup.room().fits(events, next) && running.run().encodeBy(next);
    }
  }

  /** Tells the run under way that something happens. Returns whether there is one that records. */
  boolean trigger(String reason) {
    CaptureThread running = current;
    return running != null && running.run().trigger(reason);
  }

  /** Asks the run under way for a picture. */
  CompletableFuture<Snapshot> snapshot() {
    CaptureThread running = current;
    return running == null ? CameraPipeline.noSnapshot(setup.name()) : running.run().snapshot();
  }

  /** A reader of the run under way, for live view. */
  Optional<FragmentTap> tap() {
    CaptureThread running = current;
    return running == null ? Optional.empty() : running.run().tap();
  }

  @Override
  public void run() {
    RetryPause pause = new RetryPause(stopSignal);
    try {
      while (!isStopping()) {
        change(PipelineState.STARTING, "");
        long started = System.nanoTime();
        long stallsBefore = stalls.count();
        Optional<CameraException> problem = runOnce();
        if (problem.isEmpty() || !isRetried(problem.get())) {
          failure = problem.orElse(null);
          return;
        }
        boolean wasHealthy = System.nanoTime() - started > HEALTHY_RUN.toNanos();
        if (wasHealthy) {
          pause.reset();
        }
        change(PipelineState.RETRYING, problem.get().getMessage());
        missed(problem.get());
        // What has just stalled is not absent: it is opened again at once, unless it stalls for
        // ever.
        boolean atOnce = stalls.count() > stallsBefore && (wasHealthy || stalls.count() == 1);
        if (!atOnce && pause.await(deviceNode)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop();
    } catch (Throwable e) {
      failure = new CameraException(Kind.BUG, "the supervisor of " + setup.name() + ": " + e, e);
      stop();
    } finally {
      change(PipelineState.STOPPED, failure().map(Throwable::getMessage).orElse(""));
    }
  }

  /** A run has failed: once too often, where none of the latest gave a picture. */
  private void missed(CameraException why) {
    inVain++;
    if (inVain >= MOST_IN_VAIN && !isMissing && !stalls.isOpen()) {
      isMissing = true;
      String sentence = "camera " + setup.name() + " films nothing: " + why.getMessage();
      log.warn("{}", sentence);
      setup
          .listener()
          .onFault(new CameraFault(CameraFault.Kind.SOURCE_MISSING, false, true, sentence));
    }
  }

  /** A run gives pictures. */
  private void found() {
    inVain = 0;
    if (isMissing) {
      isMissing = false;
      setup
          .listener()
          .onFault(
              new CameraFault(
                  CameraFault.Kind.SOURCE_MISSING,
                  true,
                  false,
                  "camera " + setup.name() + " films again"));
    }
  }

  private boolean isRetried(CameraException problem) {
    return setup.retries() && problem.kind().response() == CameraException.Response.RETRY;
  }

  /** One run, from opening the source to its end. */
  private Optional<CameraException> runOnce() throws InterruptedException {
    try {
      CameraRun run;
      synchronized (opening) { // its source is one for the overlay
        run = new CameraRun(setup, counters, pictures, sinks, gapReason);
        current = new CaptureThread(setup.name(), run, counters);
      }
      gapReason = Gap.RESTART;
      deviceNode = run.deviceNode();
      if (isStopping()) {
        run.close();
        return Optional.empty();
      }
      current.start();
      return watch(current).filter(problem -> !(isStopping() && problem.kind() == Kind.CANCELLED));
    } catch (CameraException e) {
      return Optional.of(e);
    } finally {
      current = null;
    }
  }

  private Optional<CameraException> watch(CaptureThread running) throws InterruptedException {
    StallWatch watch = new StallWatch(setup.supervision().stallAfter(), running.run().progress());
    while (true) {
      boolean ended = running.await(LOOK);
      if (state == PipelineState.STARTING && running.run().progress().isOpen()) {
        change(PipelineState.RUNNING, "");
      }
      tellFaults(running);
      if (ended) {
        return running.problem();
      }
      if (isStopping() && sinks.isHeldUp()) {
        return Optional.of(end(running, CameraFault.Kind.CAPTURE_STALLED));
      }
      if (pictures.takeRestart() && setup.retries()) {
        running.run().fail(standsStill());
      }
      Optional<CameraFault.Kind> stall =
          watch.look(setup.seams().nanos().getAsLong(), isStopping());
      if (stall.isPresent() && isLivedWith(running, stall.get())) {
        if (!stalls.isOpen()) {
          tell(running, stall.get());
        }
      } else if (stall.isPresent()) {
        return Optional.of(end(running, stall.get()));
      }
    }
  }

  /** Whoever does not want a silent source to be opened again waits for it. */
  private boolean isLivedWith(CaptureThread running, CameraFault.Kind kind) {
    return kind == CameraFault.Kind.CAPTURE_STALLED
        && !setup.retries()
        && !isStopping()
        && running.run().progress().isCapturing();
  }

  private CameraFault tell(CaptureThread running, CameraFault.Kind kind) {
    boolean isEncoder = kind == CameraFault.Kind.ENCODER_STALLED;
    counters.increment(isEncoder ? Counter.ENCODER_STALLS : Counter.CAPTURE_STALLS);
    CameraFault fault =
        stalls.begin(kind, running.run().progress(), setup.seams().nanos().getAsLong());
    log.warn("{}", fault.sentence());
    setup.listener().onFault(fault);
    return fault;
  }

  private CameraException standsStill() {
    gapReason = "the picture stood still";
    return new CameraException(
        Kind.DEVICE_TIMEOUT, "the picture of camera " + setup.name() + " stands still");
  }

  /** Ends a run that has stalled: in order where that works, and otherwise without it. */
  private CameraException end(CaptureThread running, CameraFault.Kind kind)
      throws InterruptedException {
    boolean isEncoder = kind == CameraFault.Kind.ENCODER_STALLED;
    CameraFault fault = tell(running, kind);
    gapReason =
        isEncoder
            ? "the encoder stalled"
            : sinks.isHeldUp() ? "a sink held the camera up" : "the source stalled";
    CameraException why =
        new CameraException(
            isEncoder ? Kind.ENCODER_FAILED : Kind.DEVICE_TIMEOUT, fault.sentence());
    running.run().giveUp(why, isEncoder);
    long end = System.nanoTime() + GRACE.toNanos();
    boolean ended = running.await(LOOK);
    while (!ended && System.nanoTime() - end < 0) {
      ended = running.await(LOOK);
    }
    if (!ended) {
      running.run().abandon();
    }
    String hanging = running.hanging();
    return hanging.isEmpty() ? why : abandon(running, hanging, why);
  }

  private CameraException abandon(CaptureThread running, String hanging, CameraException why) {
    counters.increment(Counter.RUNS_ABANDONED);
    abandoned.removeIf(run -> run.hanging().isEmpty());
    abandoned.add(running);
    String sentence =
        "camera "
            + setup.name()
            + " leaves behind what hangs, with the memory of its frames: "
            + hanging;
    log.error("{}; {} of at most {}", sentence, abandoned.size(), MOST_ABANDONED);
    setup.listener().onProblem(sentence);
    return abandoned.size() <= MOST_ABANDONED
        ? why
        : new CameraException(
            Kind.STUCK, sentence + "; it is one too many, only a new process helps", why);
  }

  private void tellFaults(CaptureThread running) {
    if (running.run().progress().deliveries() > 0) {
      found();
    }
    stalls.end(running.run().progress()).ifPresent(setup.listener()::onFault);
    for (CameraFault fault : sinks.look(setup.seams().nanos().getAsLong())) {
      if (!fault.ended()) {
        counters.increment(Counter.SINK_STALLS);
      }
      log.warn("{}", fault.sentence());
      setup.listener().onFault(fault);
    }
    for (Optional<CameraFault> f = pictures.poll(); f.isPresent(); f = pictures.poll()) {
      CameraFault fault = f.get();
      if (!fault.ended()) {
        counters.increment(Counter.PICTURE_FAULTS);
      }
      log.warn("{}", fault.sentence());
      setup.listener().onFault(fault);
    }
    setup.audio().ifPresent(this::tellFaults);
  }

  private void tellFaults(AudioCapture audio) {
    for (Optional<CameraFault> f = audio.poll(); f.isPresent(); f = audio.poll()) {
      if (!f.get().ended()) {
        counters.increment(Counter.SOUND_FAULTS);
      }
      setup.listener().onFault(f.get());
    }
  }

  private boolean isStopping() {
    return stopSignal.getCount() == 0;
  }

  private void change(PipelineState newState, String problem) {
    state = newState;
    if (newState == PipelineState.RETRYING) { // what ends it is thrown to whoever waits for the end
      log.warn("camera {}: {}", setup.name(), problem);
    }
    setup.listener().onState(newState, problem);
  }
}
