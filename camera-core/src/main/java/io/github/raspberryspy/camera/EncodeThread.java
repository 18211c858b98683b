package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.encode.EncoderConfig.Choice;
import io.github.raspberryspy.camera.encode.H264Encoder;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.VideoEncoder;
import io.github.raspberryspy.camera.record.RunClock;
import io.github.raspberryspy.camera.supervise.RunProgress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The encoder of one run on its {@code encode-CAMERA}: frames wait for it in a bounded queue, and
 * its packets go into the run's window, which it ends.
 *
 * <p>{@link #offer} and {@link #start} belong to {@code capture-CAMERA}; all else is thread-safe.
 */
final class EncodeThread {

  /**
   * A quarter of a second at 30 frames a second: what a busy machine may keep the encoder waiting.
   */
  private static final int LIVE_QUEUE = 8;

  /**
   * Where the source waits, so few that each frame is still in the processor's cache when its turn
   * comes, and enough that neither thread waits for the other's step.
   */
  private static final int PATIENT_QUEUE = 2;

  /** Long enough for a picture of the slowest source, and what an encoder takes for its first. */
  private static final Duration MOST_FOR_EXCHANGE = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(EncodeThread.class);

  private final RunContext context;
  private final RunProgress progress;
  private final Supplier<RunClock> clock;
  private final FrameQueue queue;
  private final Consumer<Packet> into = this::append; // one, not one for each frame
  private volatile VideoEncoder encoder; // written by start() and then encode-CAMERA, read by all
  private volatile Thread thread; // written by start()
  private volatile boolean givenUp; // set by supervise-CAMERA
  private volatile ImageFormat image; // that the encoder was opened for; written as it is
  private final AtomicReference<Exchange> wanted = new AtomicReference<>();
  private CompletableFuture<Boolean> proof; // of the latest exchange, until a packet comes

  /** An encoder that is to take the place of the one at work. */
  private record Exchange(
      EncoderConfig config, VideoEncoder encoder, CompletableFuture<Boolean> proof) {

    void refuse() {
      encoder.close();
      proof.complete(false);
    }
  }

  /**
   * An encoder that is not open.
   *
   * @param clock the run's, known with its first frame
   */
  EncodeThread(RunContext context, Supplier<RunClock> clock) {
    this.context = context;
    this.progress = context.progress();
    this.clock = clock;
    this.queue =
        context.info().isLive()
            ? new FrameQueue(LIVE_QUEUE, FrameQueue.WhenFull.REFUSE_NEWEST)
            : new FrameQueue(PATIENT_QUEUE, FrameQueue.WhenFull.WAIT);
  }

  /**
   * Opens the encoder, as far as it is known what the frames look like, and starts the thread:
   * before the first frame is captured, for none must be lost to a codec's start.
   */
  void start() {
    context.info().image().ifPresent(known -> encoder = open(known));
    thread = context.threads().start("encode-", this::run);
  }

  /** Takes ownership of a frame. Returns whether there was room for it. */
  boolean offer(Frame frame) {
    return queue.offer(frame);
  }

  /** Makes the next picture a keyframe. */
  void requestKeyframe() {
    VideoEncoder opened = encoder;
    if (opened != null) {
      opened.requestKeyframe();
    }
  }

  /**
   * Encodes by this from the next picture on, by an encoder that is opened here, meanwhile. Waits
   * for what comes out of it. One call at a time.
   *
   * @return whether something did; else nothing has changed, but where an encoder took its pictures
   *     and gave nothing
   */
  boolean change(EncoderConfig next) {
    VideoEncoder opened = encoder;
    if (opened == null || next.choice() == Choice.COPY) {
      return false;
    }
    Optional<VideoEncoder> other = another(next, opened.name());
    if (other.isEmpty()) {
      return false;
    }
    Exchange exchange = new Exchange(next, other.get(), new CompletableFuture<>());
    wanted.set(exchange);
    try {
      return exchange.proof.get(MOST_FOR_EXCHANGE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // nobody fails it
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      if (wanted.compareAndSet(exchange, null)) { // no picture came, or the thread has ended
        exchange.refuse();
      }
    }
  }

  /** One of the same kind, beside the one at work; empty where there can be none. */
  private Optional<VideoEncoder> another(EncoderConfig next, String kind) {
    try {
      VideoEncoder other = open(next, image);
      if (next.choice() == context.setup().encoder().get().choice() && !other.name().equals(kind)) {
        other.close();
        return Optional.empty(); // the device takes no second one: not a worse one instead
      }
      return Optional.of(other);
    } catch (CameraException e) {
      log.info("no second encoder of camera {}: {}", context.setup().name(), e.getMessage());
      return Optional.empty();
    }
  }

  /** No more frames come: what waits is encoded, and the window ended. */
  void end() {
    queue.end();
  }

  /**
   * From now on nobody waits for it any longer than {@link CameraRun#LAST_CHANCE}, nor it for its
   * device.
   */
  void giveUp() {
    givenUp = true;
    VideoEncoder waiting = encoder;
    if (waiting != null) {
      waiting.giveUp();
    }
  }

  /** Waits until it has ended; once it is given up, for its last chance only. */
  void join() {
    Thread started = thread;
    if (started == null) {
      return;
    }
    while (started.isAlive() && !givenUp) {
      RunThreads.join(started, CameraRun.LOOK);
    }
    if (started.isAlive()) {
      queue.close(); // what waits for it would only keep memory
      RunThreads.join(started, CameraRun.LAST_CHANCE);
    }
  }

  /** The thread, once started; null before. */
  Thread thread() {
    return thread;
  }

  private void run() {
    try (EncoderFeed feed =
        new EncoderFeed(this::isTaken, context.setup().overlay()::get, clock, context.counters())) {
      try {
        for (Frame frame = queue.take(); frame != null; frame = queue.take()) {
          progress.encoderTakes();
          exchange(frame);
          encode(feed.prepare(frame));
        }
        if (encoder != null) {
          progress.encoderGoesOn();
          encoder.flush(into);
        }
      } finally {
        refuseExchange();
        close();
      }
    } catch (CameraException e) {
      context.fail().accept(e);
    } catch (Throwable e) {
      context
          .fail()
          .accept(
              new CameraException(
                  Kind.BUG, "the encoder of camera " + context.setup().name() + ": " + e, e));
    } finally {
      progress.encoderEnded();
      queue.close();
      context.window().close();
    }
  }

  /**
   * Puts another encoder in the place of the one at work, if somebody waits for that, once that one
   * has given what it holds.
   *
   * @param next the frame that is the first for it, freed where that fails
   */
  private void exchange(Frame next) {
    Exchange exchange = wanted.getAndSet(null);
    if (exchange == null) {
      return;
    }
    try {
      progress.encoderGoesOn();
      encoder.flush(this::appendLast);
    } catch (RuntimeException | Error e) {
      exchange.refuse();
      next.close();
      throw e;
    }
    VideoEncoder before = encoder;
    encoder = exchange.encoder;
    context.setup().encoder().set(exchange.config);
    proof = exchange.proof;
    if (givenUp) {
      encoder.giveUp();
    }
    before.close();
  }

  private void refuseExchange() {
    Exchange exchange = wanted.getAndSet(null);
    if (exchange != null) {
      exchange.refuse();
    }
    if (proof != null) {
      proof.complete(false);
    }
  }

  private void encode(Frame ready) {
    if (encoder == null || !encoder.fits(ready.image())) {
      reopen(ready);
    }
    context.setup().seams().encoding().encode(encoder, ready, into);
    progress.encoderReturns();
    context.counters().increment(Counter.FRAMES_ENCODED);
  }

  /** A packet goes into the window, which may let this thread wait: the encoder is not to blame. */
  private void append(Packet packet) {
    if (proof != null) {
      proof.complete(true);
      proof = null;
    }
    appendLast(packet);
  }

  private void appendLast(Packet packet) {
    progress.encoderGives();
    context.window().append(packet);
    progress.encoderGoesOn();
  }

  /** Whether the encoder, open or to be opened, takes pixels as they are. */
  private boolean isTaken(PixelFormat pixels) {
    VideoEncoder opened = encoder;
    return opened == null
        ? H264Encoder.takes(context.setup().encoder().get(), pixels)
        : opened.takes(pixels);
  }

  /** The source turned out to deliver, or has changed to, something else than it said. */
  private void reopen(Frame frame) {
    try {
      close();
      encoder = open(frame.image().imageFormat());
    } catch (CameraException e) {
      frame.close();
      throw e;
    }
  }

  private VideoEncoder open(ImageFormat format) {
    image = format;
    return open(context.setup().encoder().get(), format);
  }

  private VideoEncoder open(EncoderConfig config, ImageFormat format) {
    return context.setup().seams().opening().open(config, format, context.info().fps());
  }

  private void close() {
    VideoEncoder opened = encoder;
    encoder = null;
    if (opened != null) {
      opened.close();
    }
  }
}
