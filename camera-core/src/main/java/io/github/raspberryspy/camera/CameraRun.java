package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.encode.H264Encoder;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketCursor;
import io.github.raspberryspy.camera.encode.PacketWindow;
import io.github.raspberryspy.camera.encode.VideoEncoder;
import io.github.raspberryspy.camera.encode.VideoEncoders;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.record.RecorderListener;
import io.github.raspberryspy.camera.record.RunClock;
import io.github.raspberryspy.camera.record.SegmentRecorder;
import io.github.raspberryspy.camera.snapshot.LatestPicture;
import io.github.raspberryspy.camera.snapshot.Snapshot;
import io.github.raspberryspy.camera.snapshot.Snapshotter;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.camera.supervise.PictureWatch;
import io.github.raspberryspy.camera.supervise.RunProgress;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.spool.SpoolState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * One run of a camera: its source, its threads and its packet window, built in {@link #open} and
 * taken down in the reverse order in {@link #close}.
 *
 * <pre>
 *   source ── frame ─► sinks
 *     │          └──► FrameQueue ─ encode-CAMERA ─► PacketWindow ─┬─ record-CAMERA ─► segments
 *     └── packet (H.264 already) ─────────────────►      "        └─ decode-CAMERA ─► sinks
 * </pre>
 *
 * <p>{@link #stop} and {@link #flush} may come from any thread, {@link #giveUp} and {@link
 * #abandon} from {@code supervise-CAMERA}; all else runs on {@code capture-CAMERA}.
 *
 * <p>A call into native code that does not return cannot be ended. What such a call may still use
 * is then left as it is, the memory of its frames included; should it return, its thread cleans up.
 */
final class CameraRun implements AutoCloseable, CameraSource.Receiver {

  /**
   * A quarter of a second at 30 frames a second: what a busy machine may keep the encoder waiting.
   */
  private static final int ENCODE_QUEUE = 8;

  /** How often a thread that waits for the encoder's looks whether that was given up. */
  private static final Duration LOOK = Duration.ofMillis(50);

  /** How long a thread that was given up may take to end. */
  private static final Duration LAST_CHANCE = Duration.ofMillis(500);

  private final CameraPipeline.Setup setup;
  private final Counters counters;
  private final CameraSource source;
  private final Showing showing;
  private final RunThreads threads;
  private final KeyframeRule keyframes;
  private final RunProgress progress = new RunProgress();
  private final String gapReason;
  private final AtomicReference<CameraException> failure = new AtomicReference<>();
  private volatile StreamInfo info; // written by open(), read by snapshot
  private volatile PacketWindow window; // both written by open(), read by supervise-CAMERA
  private volatile FrameQueue encodeQueue;
  private volatile long
      runStartNanos; // written by capture-CAMERA before its first packet, read by decode-
  private volatile RunClock clock; // written likewise, read by encode-
  private volatile Snapshotter snapshotter; // written by open()
  private boolean begun;
  private volatile boolean stopping; // set by any thread
  private volatile boolean encoderGivenUp; // set by supervise-CAMERA
  private volatile boolean abandoned; // set by supervise-CAMERA
  private volatile Thread encodeThread; // written by open(), read by supervise-CAMERA
  private volatile VideoEncoder encoder; // written by open() and then encode-CAMERA, read by flush
  private volatile SegmentRecorder recorder; // written by capture-CAMERA, read by flush

  /**
   * A run that has not begun.
   *
   * @param gapReason why footage is missing between the run before it and this one
   */
  CameraRun(
      CameraPipeline.Setup setup, Counters counters, PictureWatch pictures, String gapReason) {
    this.setup = setup;
    this.counters = counters;
    this.gapReason = gapReason;
    this.source = setup.source().get();
    this.threads = new RunThreads(setup.name());
    this.keyframes = new KeyframeRule(setup.name(), 4 * setup.room().windowBytes());
    this.showing =
        new Showing(
            setup.name(), counters, setup.sinks(), pictures, setup.supervision().watchesPictures());
  }

  /** Opens the source and starts the threads that wait for what it delivers. */
  void open() {
    info = source.open();
    if (abandoned) {
      throw new CameraException(Kind.CANCELLED, "the source opened too late");
    }
    setup.listener().onStream(info);
    setup.room().problem().ifPresent(setup.listener()::onProblem);
    showing.announce(info);
    if (info.isEncoded() && !setup.overlay().isEmpty()) {
      throw new CameraException(
          Kind.INVALID, "nothing can be burnt into H.264 that is recorded as it comes");
    }
    window = new PacketWindow(setup.room().windowBytes(), !info.isLive());
    snapshotter =
        new Snapshotter(
            setup.name(),
            setup.overlay(),
            setup.clock(),
            info.isEncoded() ? Optional.of(this::showLatest) : Optional.empty());
    if (!info.isEncoded()) {
      encodeQueue =
          new FrameQueue(
              ENCODE_QUEUE,
              info.isLive() ? FrameQueue.WhenFull.REFUSE_NEWEST : FrameQueue.WhenFull.WAIT);
      // Opened before the first frame is captured: frames must not be lost to a codec's start.
      info.image().ifPresent(image -> encoder = openEncoder(image));
      encodeThread = threads.start("encode-", this::encode);
    } else if (showing.isWanted()) {
      PacketCursor cursor = window.openCursor();
      threads.start("decode-", () -> showing.decode(cursor, info, () -> runStartNanos));
    }
    progress.opened(info);
  }

  /** How far it has come. Thread-safe. */
  RunProgress progress() {
    return progress;
  }

  /** Whether this is one of its threads, other than the capturing one. Thread-safe. */
  boolean owns(Thread thread) {
    return threads.contains(thread);
  }

  /** The file that is there while the source's device is, if it has one. */
  Optional<Path> deviceNode() {
    return source.deviceNode();
  }

  /** Captures until the source ends, breaks, or is stopped. */
  void capture() {
    boolean goesOn = true;
    while (goesOn && !stopping && failure.get() == null) {
      goesOn = source.deliver(this);
    }
  }

  /** Makes {@link #capture} return soon. */
  void stop() {
    stopping = true;
    showing.end();
    source.stop();
  }

  /** Ends the run with this failure, unless it has one. Thread-safe. */
  void fail(CameraException e) {
    failure.compareAndSet(null, e);
    source.stop();
  }

  /**
   * Ends the run because it has stalled. Where it is the encoder that has, its thread is not waited
   * for any longer than {@link #LAST_CHANCE}.
   */
  void giveUp(CameraException e, boolean isEncoder) {
    encoderGivenUp |= isEncoder;
    fail(e);
  }

  /**
   * Ends what still can be ended though the capturing thread hangs; what was captured is sealed.
   */
  void abandon() {
    abandoned = true;
    encoderGivenUp = true;
    stop();
    if (encodeQueue != null) {
      encodeQueue.end();
    }
    joinEncoder();
    if (window != null) {
      window.close();
    }
    threads.joinAllBut(encodeThread, LAST_CHANCE);
  }

  /** The threads that have not ended, each with the call that it is in; empty where all have. */
  String hanging() {
    return threads.hanging();
  }

  /** Asks for a keyframe, and ends the segment there. */
  void flush() {
    SegmentRecorder currentRecorder = recorder;
    if (currentRecorder != null) {
      currentRecorder.flush();
    }
    VideoEncoder currentEncoder = encoder;
    if (currentEncoder != null) {
      currentEncoder.requestKeyframe();
    }
  }

  /** Asks for a picture. */
  CompletableFuture<Snapshot> snapshot() {
    Snapshotter current = snapshotter;
    return current == null ? CameraPipeline.noSnapshot(setup.name()) : current.request();
  }

  /** Of an H.264 source only what is asked for is decoded. */
  private void showLatest(Consumer<Frame> to) {
    new LatestPicture(window, runStartNanos).show(to);
  }

  /** Tells the recorder that something happens. Returns whether there is one. */
  boolean trigger(String reason) {
    SegmentRecorder currentRecorder = recorder;
    if (currentRecorder == null) {
      return false;
    }
    currentRecorder.trigger(reason);
    return true;
  }

  @Override
  public void onFrame(Frame frame) {
    if (abandoned) {
      return;
    }
    progress.delivered();
    counters.increment(Counter.FRAMES_CAPTURED);
    begin(frame.captureNanos() - frame.ptsUs() * 1000);
    if (!encodeQueue.offer(frame.share("encode"))) {
      counters.increment(Counter.FRAMES_REFUSED_BY_ENCODER);
    }
    snapshotter.onFrame(frame);
    showing.show(frame);
  }

  @Override
  public void onPacket(Packet packet) {
    if (abandoned) {
      return;
    }
    progress.delivered();
    counters.increment(Counter.FRAMES_CAPTURED);
    if (!begun) {
      begin(System.nanoTime() - packet.ptsUs() * 1000);
    }
    keyframes.check(packet);
    window.append(packet);
  }

  @Override
  public void onLost(long frames) {
    if (abandoned) {
      return;
    }
    progress.delivered();
    counters.add(Counter.FRAMES_LOST_AT_SOURCE, frames);
  }

  /** Drains, seals and frees: what {@link #open} built, in reverse. Throws what ended the run. */
  @Override
  public void close() {
    progress.draining();
    source.stop();
    if (encodeQueue != null) {
      encodeQueue.end(); // the encoder's thread drains it, then ends the window
    }
    joinEncoder();
    if (window != null) {
      window.close();
    }
    threads.joinAllBut(encodeThread);
    if (snapshotter != null) {
      snapshotter.close();
    }
    progress.closing();
    source.close();
    CameraException e = failure.get();
    if (e != null) {
      throw e;
    }
  }

  /** The recorder can start only now: the wall clock is tied to the run's first picture. */
  private void begin(long startNanos) {
    if (begun) {
      return;
    }
    begun = true;
    runStartNanos = startNanos;
    clock = setup.clocks().tie(startNanos);
    if (setup.recorder().isPresent()) {
      record(setup.recorder().get(), setup.spool().orElseThrow());
    }
  }

  private void record(RecorderConfig config, Spool spool) {
    try {
      SpoolState state = spool.beginRun();
      PacketCursor cursor = window.openCursor();
      recorder =
          new SegmentRecorder(
              new SegmentRecorder.Job(
                  config,
                  spool,
                  state,
                  info,
                  clock,
                  setup.annotator(),
                  new Relay(setup.listener()),
                  counters,
                  setup.storage().orElseThrow(),
                  setup.clocks()),
              cursor);
      recorder.missingBecause(gapReason);
      threads.start("record-", () -> record(recorder, cursor));
    } catch (IOException e) {
      throw new CameraException(
          Kind.DISK_FAILED, "spool " + spool.folder() + " cannot be written: " + e.getMessage(), e);
    }
  }

  /** However it ends, the source must not wait for a reader that is gone. */
  private void record(SegmentRecorder running, PacketCursor cursor) {
    try (cursor) {
      running.run();
    } catch (Throwable e) { // a camera that records nothing must not look as if it did
      fail(new CameraException(Kind.BUG, "the recorder of camera " + setup.name() + ": " + e, e));
    }
  }

  private void encode() {
    try (EncoderFeed feed =
        new EncoderFeed(this::isTaken, setup.overlay(), () -> clock, counters)) {
      try {
        for (Frame frame = encodeQueue.take(); frame != null; frame = encodeQueue.take()) {
          progress.encoderTakes();
          encode(feed.prepare(frame));
        }
        if (encoder != null) {
          progress.encoderGoesOn();
          encoder.flush(this::append);
        }
      } finally {
        closeEncoder();
      }
    } catch (CameraException e) {
      fail(e);
    } catch (Throwable e) {
      fail(new CameraException(Kind.BUG, "the encoder of camera " + setup.name() + ": " + e, e));
    } finally {
      progress.encoderEnded();
      encodeQueue.close();
      window.close();
    }
  }

  /** A packet goes into the window, which may let this thread wait: the encoder is not to blame. */
  private void append(Packet packet) {
    progress.encoderGives();
    window.append(packet);
    progress.encoderGoesOn();
  }

  /** Whether the encoder, open or to be opened, takes pixels as they are. */
  private boolean isTaken(PixelFormat pixels) {
    VideoEncoder opened = encoder;
    return opened == null ? H264Encoder.takes(setup.encoder(), pixels) : opened.takes(pixels);
  }

  private void encode(Frame ready) {
    if (encoder == null || !encoder.fits(ready.image())) {
      reopenEncoder(ready);
    }
    setup.seams().encoding().encode(encoder, ready, this::append);
    progress.encoderReturns();
    counters.increment(Counter.FRAMES_ENCODED);
  }

  /** The source turned out to deliver, or has changed to, something else than it said. */
  private void reopenEncoder(Frame frame) {
    try {
      closeEncoder();
      encoder = openEncoder(frame.image().imageFormat());
    } catch (CameraException e) {
      frame.close();
      throw e;
    }
  }

  private VideoEncoder openEncoder(ImageFormat image) {
    return VideoEncoders.open(setup.encoder(), image, info.fps());
  }

  private void closeEncoder() {
    VideoEncoder opened = encoder;
    encoder = null;
    if (opened != null) {
      opened.close();
    }
  }

  /** Waits for the encoder's thread; once it is given up, for its last chance only. */
  private void joinEncoder() {
    Thread thread = encodeThread;
    if (thread == null) {
      return;
    }
    while (thread.isAlive() && !encoderGivenUp) {
      RunThreads.join(thread, LOOK);
    }
    if (thread.isAlive()) {
      encodeQueue.close(); // what waits for it would only keep memory
      RunThreads.join(thread, LAST_CHANCE);
    }
  }

  /** Passes the recorder's news on to the pipeline's listener. */
  private record Relay(PipelineListener listener) implements RecorderListener {
    @Override
    public void onSealed(SealedSegment segment) {
      listener.onSealed(segment);
    }

    @Override
    public void onProblem(String sentence) {
      listener.onProblem(sentence);
    }
  }
}
