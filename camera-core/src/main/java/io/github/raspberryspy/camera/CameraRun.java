package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.decode.FrameDecoder;
import io.github.raspberryspy.camera.encode.H264Encoder;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketCursor;
import io.github.raspberryspy.camera.encode.PacketWindow;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.record.RecorderListener;
import io.github.raspberryspy.camera.record.RunClock;
import io.github.raspberryspy.camera.record.SegmentRecorder;
import io.github.raspberryspy.camera.snapshot.LatestPicture;
import io.github.raspberryspy.camera.snapshot.Snapshot;
import io.github.raspberryspy.camera.snapshot.Snapshotter;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.spool.SpoolState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 * <p>{@link #stop} and {@link #flush} may come from any thread; all else runs on {@code
 * capture-CAMERA}.
 */
final class CameraRun implements AutoCloseable, CameraSource.Receiver {

  private static final Logger log = LoggerFactory.getLogger(CameraRun.class);

  /**
   * A quarter of a second at 30 frames a second: what a busy machine may keep the encoder waiting.
   */
  private static final int ENCODE_QUEUE = 8;

  private final CameraPipeline.Setup setup;
  private final Counters counters;
  private final CameraSource source;
  private final FrameSink[] sinks;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<CameraException> failure = new AtomicReference<>();
  private volatile StreamInfo info; // written by open(), read by snapshot
  private PacketWindow window;
  private FrameQueue encodeQueue;
  private volatile long
      runStartNanos; // written by capture-CAMERA before its first packet, read by decode-
  private volatile RunClock clock; // written likewise, read by encode-
  private volatile Snapshotter snapshotter; // written by open()
  private boolean begun;
  private long bytesSinceKeyframe;
  private volatile boolean stopping; // set by any thread
  private volatile H264Encoder encoder; // written by open() and then encode-CAMERA, read by flush
  private volatile SegmentRecorder recorder; // written by capture-CAMERA, read by flush

  CameraRun(CameraPipeline.Setup setup, Counters counters) {
    this.setup = setup;
    this.counters = counters;
    this.source = setup.source().get();
    this.sinks = setup.sinks().toArray(FrameSink[]::new);
  }

  /** Opens the source and starts the threads that wait for what it delivers. */
  void open() {
    info = source.open();
    setup.listener().onStream(info);
    setup.room().problem().ifPresent(setup.listener()::onProblem);
    for (FrameSink sink : sinks) {
      announce(sink);
    }
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
      start("encode-", this::encode);
    } else if (sinks.length > 0) {
      PacketCursor cursor = window.openCursor();
      start("decode-", () -> decode(cursor));
    }
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
    source.stop();
  }

  /** Asks for a keyframe, and ends the segment there. */
  void flush() {
    SegmentRecorder currentRecorder = recorder;
    if (currentRecorder != null) {
      currentRecorder.flush();
    }
    H264Encoder currentEncoder = encoder;
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
    counters.increment(Counter.FRAMES_CAPTURED);
    begin(frame.captureNanos() - frame.ptsUs() * 1000);
    if (!encodeQueue.offer(frame.share("encode"))) {
      counters.increment(Counter.FRAMES_REFUSED_BY_ENCODER);
    }
    snapshotter.onFrame(frame);
    show(frame);
  }

  @Override
  public void onPacket(Packet packet) {
    counters.increment(Counter.FRAMES_CAPTURED);
    if (!begun) {
      begin(System.nanoTime() - packet.ptsUs() * 1000);
    }
    requireKeyframes(packet);
    window.append(packet);
  }

  /** Nothing can be recorded of a stream without keyframes, and the window cannot forget it. */
  private void requireKeyframes(Packet packet) {
    bytesSinceKeyframe = packet.isKeyframe() ? 0 : bytesSinceKeyframe + packet.sizeBytes();
    if (bytesSinceKeyframe > 4 * setup.room().windowBytes()) {
      throw new CameraException(
          Kind.FORMAT_UNSUPPORTED,
          "the H.264 of camera "
              + setup.name()
              + " has had no keyframe (IDR picture) for "
              + bytesSinceKeyframe / 1_000_000
              + " MB");
    }
  }

  @Override
  public void onLost(long frames) {
    counters.add(Counter.FRAMES_LOST_AT_SOURCE, frames);
  }

  /** Drains, seals and frees: what {@link #open} built, in reverse. Throws what ended the run. */
  @Override
  public void close() {
    source.stop();
    if (encodeQueue != null) {
      encodeQueue.end(); // the encoder's thread drains it, then ends the window
    } else if (window != null) {
      window.close();
    }
    threads.forEach(CameraRun::join);
    if (snapshotter != null) {
      snapshotter.close();
    }
    source.close();
    CameraException e = failure.get();
    if (e != null) {
      throw e;
    }
  }

  private void announce(FrameSink sink) {
    try {
      sink.onStream(info);
    } catch (RuntimeException e) {
      log.warn("a sink of camera {} failed on the stream", setup.name(), e);
    }
  }

  private void show(Frame frame) {
    for (FrameSink sink : sinks) {
      try {
        sink.onFrame(frame);
      } catch (RuntimeException e) {
        log.warn("a sink of camera {} failed on a frame", setup.name(), e);
      }
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
      start("record-", () -> record(recorder, cursor));
    } catch (IOException e) {
      throw new CameraException(
          Kind.DISK_FAILED, "spool " + spool.folder() + " cannot be written: " + e.getMessage(), e);
    }
  }

  /** However it ends, the source must not wait for a reader that is gone. */
  private static void record(SegmentRecorder recorder, PacketCursor cursor) {
    try (cursor) {
      recorder.run();
    }
  }

  private void encode() {
    try (EncoderFeed feed =
        new EncoderFeed(setup.encoder(), setup.overlay(), () -> clock, counters)) {
      try {
        for (Frame frame = encodeQueue.take(); frame != null; frame = encodeQueue.take()) {
          encode(feed.prepare(frame));
        }
        if (encoder != null) {
          encoder.flush(window::append);
        }
      } finally {
        closeEncoder();
      }
    } catch (CameraException e) {
      fail(e);
    } catch (RuntimeException e) {
      fail(new CameraException(Kind.BUG, "the encoder of camera " + setup.name() + ": " + e, e));
    } finally {
      encodeQueue.close();
      window.close();
    }
  }

  private void encode(Frame ready) {
    if (encoder == null || !encoder.fits(ready.image())) {
      reopenEncoder(ready);
    }
    encoder.encode(ready, window::append);
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

  private H264Encoder openEncoder(ImageFormat image) {
    boolean isTaken = H264Encoder.takes(setup.encoder(), image.pixels());
    return H264Encoder.open(
        setup.encoder(),
        isTaken ? image : new ImageFormat(image.width(), image.height(), PixelFormat.I420, false),
        info.fps());
  }

  private void closeEncoder() {
    H264Encoder opened = encoder;
    encoder = null;
    if (opened != null) {
      opened.close();
    }
  }

  /** Shows the pictures of an H.264 source to the sinks. Never holds up the recording. */
  private void decode(PacketCursor cursor) {
    long[] number = {0};
    try (cursor;
        FrameDecoder decoder = FrameDecoder.openH264(() -> !info.isLive() && !stopping)) {
      for (Packet packet = cursor.next(); packet != null; packet = cursor.next()) {
        if (cursor.takeMissed() > 0) {
          decoder.reset();
        }
        decoder.decode(packet, (slot, pts) -> showDecoded(slot, number[0]++, pts));
      }
      decoder.finish((slot, pts) -> showDecoded(slot, number[0]++, pts));
    } catch (RuntimeException e) {
      log.warn("frames of camera {} can no longer be shown; it records on", setup.name(), e);
    }
  }

  private void showDecoded(FrameSlot slot, long number, long ptsUs) {
    try (Frame frame = slot.publish(number, ptsUs, runStartNanos + ptsUs * 1000)) {
      show(frame);
    }
  }

  private void fail(CameraException e) {
    failure.compareAndSet(null, e);
    source.stop();
  }

  private void start(String role, Runnable work) {
    Thread thread = new Thread(work, role + setup.name());
    threads.add(thread);
    thread.start();
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // what was captured is sealed first
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
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
