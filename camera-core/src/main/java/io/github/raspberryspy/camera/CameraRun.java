package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketCursor;
import io.github.raspberryspy.camera.encode.PacketWindow;
import io.github.raspberryspy.camera.live.FragmentTap;
import io.github.raspberryspy.camera.record.RunClock;
import io.github.raspberryspy.camera.snapshot.LatestPicture;
import io.github.raspberryspy.camera.snapshot.Snapshot;
import io.github.raspberryspy.camera.snapshot.Snapshotter;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.camera.supervise.PictureWatch;
import io.github.raspberryspy.camera.supervise.RunProgress;
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

  /** How often a thread that waits for another looks whether that was given up. */
  static final Duration LOOK = Duration.ofMillis(50);

  /** How long a thread that was given up may take to end. */
  static final Duration LAST_CHANCE = Duration.ofMillis(500);

  private final PipelineSetup setup;
  private final Counters counters;
  private final CameraSource source;
  private final SinkWatch sinks;
  private final Showing showing;
  private final RunThreads threads;
  private final KeyframeRule keyframes;
  private final RunProgress progress = new RunProgress();
  private final String gapReason;
  private final AtomicReference<CameraException> failure = new AtomicReference<>();
  private volatile RunContext context; // these four are written by open(), read by supervise-CAMERA
  private volatile PacketWindow window;
  private volatile EncodeThread encoding;
  private volatile Snapshotter snapshotter;
  private volatile long
      runStartNanos; // written by capture-CAMERA before its first packet, read by decode-
  private volatile RunClock clock; // written likewise, read by encode- and live-
  private volatile Decoding decoding; // written likewise, none where nobody looks
  private Thread decodeThread; // written by open()
  private boolean begun;
  private volatile boolean stopping; // set by any thread
  private volatile boolean abandoned; // set by supervise-CAMERA
  private volatile RecordThread recording; // written by capture-CAMERA, read by flush

  /**
   * A run that has not begun.
   *
   * @param gapReason why footage is missing between the run before it and this one
   */
  CameraRun(
      PipelineSetup setup,
      Counters counters,
      PictureWatch pictures,
      SinkWatch sinks,
      String gapReason) {
    this.setup = setup;
    this.counters = counters;
    this.sinks = sinks;
    this.gapReason = gapReason;
    this.source = setup.source().get();
    this.threads = new RunThreads(setup.name());
    this.keyframes = new KeyframeRule(setup.name(), 4 * setup.room().windowBytes());
    this.showing =
        new Showing(
            setup.name(), counters, sinks.sinks(), pictures, setup.supervision().watchesPictures());
  }

  /** Opens the source and starts the threads that wait for what it delivers. */
  void open() {
    StreamInfo info = source.open();
    if (abandoned) {
      throw new CameraException(Kind.CANCELLED, "the source opened too late");
    }
    setup.listener().onStream(info);
    setup.room().problem().ifPresent(setup.listener()::onProblem);
    showing.announce(info, threads, setup.listener()::onProblem);
    if (info.isEncoded() && !setup.overlay().get().isEmpty()) {
      throw new CameraException(
          Kind.INVALID, "nothing can be burnt into H.264 that is recorded as it comes");
    }
    if (setup.audio().isPresent() && !info.isLive()) {
      throw new CameraException(
          Kind.INVALID,
          "sound cannot be recorded with a source that is not live: they would not fit together");
    }
    window = new PacketWindow(setup.room().windowBytes(), !info.isLive());
    snapshotter =
        new Snapshotter(
            setup.name(),
            setup.overlay()::get,
            setup.clock(),
            info.isEncoded() ? Optional.of(this::showLatest) : Optional.empty());
    context =
        new RunContext(setup, counters, info, progress, window, threads, snapshotter, this::fail);
    if (!info.isEncoded()) {
      encode();
    } else if (showing.isWanted()) {
      PacketCursor cursor = window.openCursor();
      Decoding decoder =
          new Decoding(setup.name(), counters, showing, info.isLive(), () -> runStartNanos);
      decoding = decoder;
      decodeThread = threads.start("decode-", () -> decoder.run(cursor));
    }
    progress.opened(info);
  }

  private void encode() {
    EncodeThread thread = new EncodeThread(context, () -> clock);
    encoding = thread;
    if (abandoned) {
      thread.giveUp(); // whoever abandoned the run may not have seen it
    }
    thread.start();
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
   * for any longer than its last chance.
   */
  void giveUp(CameraException e, boolean isEncoder) {
    EncodeThread thread = encoding;
    if (isEncoder && thread != null) {
      thread.giveUp();
    }
    fail(e);
  }

  /**
   * Ends what still can be ended though the capturing thread hangs; what was captured is sealed.
   */
  void abandon() {
    abandoned = true;
    stop();
    EncodeThread thread = encoding;
    if (thread != null) {
      thread.giveUp();
    }
    drain();
    threads.joinAllBut(encodeThread(), LAST_CHANCE);
  }

  /** The threads that have not ended, each with the call that it is in; empty where all have. */
  String hanging() {
    return threads.hanging();
  }

  /** Asks for a keyframe, and ends the segment there. Returns whether anything is recorded. */
  boolean flush() {
    RecordThread recorder = recording;
    if (recorder != null) {
      recorder.flush();
    }
    EncodeThread encoder = encoding;
    if (encoder != null) {
      encoder.requestKeyframe();
    }
    return recorder != null;
  }

  /** Whether its pictures pass by where something can be burnt into them. */
  boolean burns() {
    RunContext opened = context;
    return opened != null && !opened.info().isEncoded();
  }

  /** Encodes by this from now on. Returns false, and changes nothing, where that cannot be. */
  boolean encodeBy(EncoderConfig next) {
    RunContext opened = context;
    if (opened != null && opened.info().isEncoded()) { // it is copied, to whatever target
      EncoderConfig before = setup.encoder().get();
      return before.choice() == next.choice() && setup.encoder().compareAndSet(before, next);
    }
    EncodeThread thread = encoding;
    return thread != null && thread.change(next);
  }

  /** Asks for a picture. */
  CompletableFuture<Snapshot> snapshot() {
    Snapshotter current = snapshotter;
    return current == null ? CameraPipeline.noSnapshot(setup.name()) : current.request();
  }

  /** A reader for live view; empty before the first picture. */
  Optional<FragmentTap> tap() {
    RunClock tied = clock;
    return tied == null
        ? Optional.empty()
        : Optional.of(new FragmentTap(window, context.info(), tied));
  }

  /** Of an H.264 source only what is asked for is decoded. */
  private void showLatest(Consumer<Frame> to) {
    new LatestPicture(window, runStartNanos).show(to);
  }

  /** Tells the recorder that something happens. Returns whether there is one. */
  boolean trigger(String reason) {
    RecordThread recorder = recording;
    if (recorder == null) {
      return false;
    }
    recorder.trigger(reason);
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
    if (!encoding.offer(frame.share("encode"))) {
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
    drain();
    threads.joinAllBut(encodeThread(), decodeThread);
    joinDecoder();
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
    setup
        .recording()
        .ifPresent(to -> recording = RecordThread.start(context, to, clock, gapReason));
  }

  /**
   * Ends the encoder, whose thread ends the window once it has drained; without one the window.
   * What a decoder behind a live source has not decoded soon nobody needs any more.
   */
  private void drain() {
    EncodeThread thread = encoding;
    if (thread != null) {
      thread.end();
      thread.join();
    }
    if (window != null) {
      window.close();
    }
    Decoding decoder = decoding;
    if (decoder != null && context.info().isLive()) {
      decoder.endBy(System.nanoTime() + LAST_CHANCE.toNanos());
    }
  }

  /** Waits for the thread that shows decoded frames, unless a sink has it. */
  private void joinDecoder() {
    Thread thread = decodeThread;
    long end = System.nanoTime() + LAST_CHANCE.toNanos();
    while (thread != null
        && thread.isAlive()
        && !(sinks.isAnyBusy() && System.nanoTime() - end > 0)) {
      RunThreads.join(thread, LOOK);
    }
  }

  private Thread encodeThread() {
    EncodeThread thread = encoding;
    return thread == null ? null : thread.thread();
  }
}
