package io.github.raspberryspy.camera.encode;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.libc.NativeException;
import io.github.raspberryspy.natives.v4l2.EncoderControl;
import io.github.raspberryspy.natives.v4l2.EncoderQueue;
import io.github.raspberryspy.natives.v4l2.FourCc;
import io.github.raspberryspy.natives.v4l2.Interval;
import io.github.raspberryspy.natives.v4l2.V4l2Controls;
import io.github.raspberryspy.natives.v4l2.V4l2Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's own H.264 encoder, behind the kernel's stateful mem-to-mem interface (Raspberry Pi
 * 4 and older).
 *
 * <p>A frame that lies in a camera's buffer is encoded where it is, if its rows lie as the encoder
 * wants them and it takes the camera's memory; its handle is held until the encoder has read it.
 * Others are copied, once.
 *
 * <p>Whether it has stalled is for {@link #giveUp}'s caller to say; it has a patience of its own
 * only for where nobody watches. Source: raspberrypi/linux {@code
 * drivers/staging/vc04_services/bcm2835-codec/bcm2835-v4l2-codec.c} and raspberrypi/rpicam-apps
 * {@code encoder/h264_encoder.cpp}.
 */
final class V4l2M2mEncoder implements VideoEncoder, EncoderQueue.Receiver {

  private static final Logger log = LoggerFactory.getLogger(V4l2M2mEncoder.class);
  private static final int PLACES = 4;
  private static final long PATIENCE_NANOS = 10_000_000_000L;
  private static final int WAIT_MILLIS = 100;

  private final V4l2Device device;
  private final EncoderQueue.Job job;
  private final EncoderConfig config;
  private final ImageFormat image;
  private final KeyframeGrid keyframes;
  private final long intervalUs;
  private final LongSupplier nanoTime;
  private final Frame[] held = new Frame[64]; // by place, while the device reads them
  private EncoderQueue queue;
  private RawLayout layout;
  private boolean hasBegun;
  private boolean isImporting;
  private long lastInUs = Long.MIN_VALUE; // the latest picture that went in
  private long lastOutUs = Long.MIN_VALUE; // and the latest that has come out
  private long progressNanos;
  private Consumer<Packet> into;
  private volatile boolean givenUp; // set by any thread

  private V4l2M2mEncoder(
      V4l2Device device,
      EncoderQueue.Job job,
      ImageFormat image,
      EncoderConfig config,
      LongSupplier nanoTime) {
    this.device = device;
    this.job = job;
    this.config = config;
    this.image = image;
    this.intervalUs = Math.round(1_000_000 / job.interval().fps());
    this.keyframes = new KeyframeGrid(config.gop().toNanos() / 1000, intervalUs);
    this.nanoTime = nanoTime;
  }

  /**
   * Opens the encoder at a device, and takes there what it needs.
   *
   * @throws CameraException of kind ENCODER_FAILED
   */
  static V4l2M2mEncoder open(
      HardwareEncoders machine,
      String path,
      FourCc codec,
      EncoderConfig config,
      ImageFormat source,
      double fps) {
    boolean isTaken = code(source.pixels()).isPresent() && !source.isFullRange();
    ImageFormat image = isTaken ? source : VideoEncoders.i420(source);
    EncoderQueue.Job job =
        new EncoderQueue.Job(
            codec,
            code(image.pixels()).orElseThrow(),
            image.width(),
            image.height(),
            Interval.ofFps(fps),
            Math.max(512 << 10, image.width() * image.height()));
    V4l2M2mEncoder encoder = null;
    try {
      V4l2Device device = V4l2Device.open(machine.libc().get(), path);
      encoder = new V4l2M2mEncoder(device, job, image, config, machine.nanoTime());
      encoder.prepare();
      return encoder;
    } catch (NativeException e) {
      if (encoder != null) {
        encoder.close();
      }
      throw new CameraException(
          Kind.ENCODER_FAILED, "encoder v4l2m2m cannot be opened: " + e.getMessage(), e);
    }
  }

  /**
   * The target for a picture size: hardware encoders stall at too low a rate, about 1 Mbit/s at
   * 1920x1080.
   */
  static int bitrate(int asked, int width, int height) {
    return (int)
        Math.max(asked, Math.min(100_000_000L, 1_000_000L * width * height / (1920 * 1080)));
  }

  /** The lowest level that allows the size and the rate. Source: ITU-T H.264, table A-1. */
  static int level(int width, int height, double fps) {
    double macroblocks = Math.ceil(width / 16.0) * Math.ceil(height / 16.0);
    if (macroblocks <= 8192 && macroblocks * fps <= 245_760) {
      return EncoderControl.LEVEL_4_0;
    }
    return macroblocks <= 8704 && macroblocks * fps <= 522_240
        ? EncoderControl.LEVEL_4_2
        : EncoderControl.LEVEL_5_1;
  }

  @Override
  public String name() {
    return "v4l2m2m (" + device.path() + ")";
  }

  /** Whether frames are encoded where they are, and not copied. */
  boolean isImporting() {
    return isImporting;
  }

  @Override
  public boolean takes(PixelFormat format) {
    return format == image.pixels();
  }

  @Override
  public boolean fits(Image candidate) {
    return candidate.imageFormat().equals(image);
  }

  @Override
  public void encode(Frame frame, Consumer<Packet> receiver) {
    into = receiver;
    boolean isHandedOver = false;
    try {
      if (!hasBegun) {
        begin(frame.image());
      }
      awaitPlace();
      if (keyframes.isDue(frame.ptsUs())) {
        device.controls().trySet(EncoderControl.FORCE_KEYFRAME.id(), 1);
      }
      isHandedOver = tryImport(frame);
      if (!isHandedOver) {
        copy(frame);
      }
      lastInUs = frame.ptsUs();
      queue.exchange(0, this);
      requireProgress();
    } catch (NativeException e) {
      throw failed(e);
    } finally {
      if (!isHandedOver) {
        frame.close();
      }
    }
  }

  @Override
  public void requestKeyframe() {
    keyframes.request();
  }

  @Override
  public void giveUp() {
    givenUp = true;
  }

  @Override
  public void flush(Consumer<Packet> receiver) {
    into = receiver;
    try {
      drain();
    } catch (NativeException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    try {
      if (queue != null) {
        queue.close();
      }
    } finally {
      device.close(); // once more does nothing
      giveBackAll();
    }
  }

  @Override
  public void onCoded(byte[] data, long ptsUs) {
    lastOutUs = ptsUs;
    into.accept(new Packet(data, ptsUs, ptsUs, intervalUs, NalUnits.hasIdr(data)));
    progressNanos = nanoTime.getAsLong(); // what the receiver took is not the device's
  }

  /** Counts as nothing: a device that only damages is to be given up. */
  @Override
  public void onDamaged() {
    log.warn("{} has damaged a picture: a keyframe is asked for", name());
    keyframes.request();
  }

  @Override
  public void onReturned(int place) {
    giveBack(place);
  }

  private void prepare() {
    queue = EncoderQueue.prepare(device, job);
    layout = RawLayout.of(queue.raw(), image);
    configure(device.controls());
    queue.reserve();
  }

  private void configure(V4l2Controls controls) {
    int bitrate = bitrate(config.bitrateBps(), image.width(), image.height());
    if (bitrate != config.bitrateBps()) {
      log.info("{} would stall at {} bit/s: it gets {}", name(), config.bitrateBps(), bitrate);
    }
    double fps = job.interval().fps();
    // Keyframes are asked for by time; this only bounds a GOP whose frames come faster than they
    // said. A device that cannot be asked makes them by number alone.
    boolean canBeAsked = controls.find(EncoderControl.FORCE_KEYFRAME.id()).isPresent();
    double seconds = (canBeAsked ? 2 : 1) * config.gop().toMillis() / 1000.0;
    long gop = Math.max(1, Math.round(seconds * fps));
    controls.trySet(EncoderControl.B_FRAMES.id(), 0);
    boolean hasGop = controls.trySet(EncoderControl.H264_I_PERIOD.id(), gop);
    hasGop |= controls.trySet(EncoderControl.GOP_SIZE.id(), gop);
    List<EncoderControl> without = new ArrayList<>();
    if (!hasGop) {
      without.add(EncoderControl.H264_I_PERIOD);
    }
    set(controls, EncoderControl.BITRATE, bitrate, without);
    set(controls, EncoderControl.REPEAT_HEADER, 1, without);
    set(controls, EncoderControl.H264_PROFILE, EncoderControl.PROFILE_HIGH, without);
    set(controls, EncoderControl.H264_LEVEL, level(image.width(), image.height(), fps), without);
    if (!without.isEmpty()) {
      log.info("{} goes by its own mind in {}", name(), without);
    }
  }

  private static void set(
      V4l2Controls controls, EncoderControl control, long value, List<EncoderControl> without) {
    if (!controls.trySet(control.id(), value)) {
      without.add(control);
    }
  }

  /** The first frame shows whether frames can stay where they are. */
  private void begin(Image first) {
    if (layout.isThatOf(first)) {
      try {
        queue.startImporting(PLACES);
        isImporting = true;
      } catch (NativeException e) {
        copyFromNowOn(e.getMessage());
      }
    } else {
      queue.startCopying(PLACES);
    }
    hasBegun = true;
    progressNanos = nanoTime.getAsLong();
  }

  /** Returns whether the encoder has the frame, which is then held. */
  private boolean tryImport(Frame frame) {
    if (!isImporting) {
      return false;
    }
    String obstacle = "a frame lies otherwise";
    if (layout.isThatOf(frame.image())) {
      int place = queue.freeInput().getAsInt();
      try {
        queue.queueImported(place, frame.image().dmabufs(), frame.ptsUs());
        held[place] = frame;
        return true;
      } catch (NativeException e) {
        if (e.number() == Errno.ENODEV.number()) {
          throw e;
        }
        obstacle = e.getMessage();
      }
    }
    drain();
    copyFromNowOn(obstacle);
    return false;
  }

  private void copy(Frame frame) {
    int place = queue.freeInput().getAsInt();
    layout.copy(frame.image(), queue.inputAddress(place, 0));
    queue.queueCopied(place, frame.ptsUs());
  }

  /** Not all memory can be reached by the device: a camera's may lie in pieces, for instance. */
  private void copyFromNowOn(String obstacle) {
    log.info("{} copies its pictures, because {}", name(), obstacle);
    isImporting = false;
    queue.close();
    giveBackAll();
    prepare();
    queue.startCopying(PLACES);
  }

  private void awaitPlace() {
    if (lastOutUs == lastInUs) {
      progressNanos = nanoTime.getAsLong(); // it had nothing to do
    }
    while (queue.freeInput().isEmpty()) {
      queue.exchange(WAIT_MILLIS, this);
      requireProgress();
    }
  }

  /** Gets out what is inside; nothing more goes in. */
  private void drain() {
    if (lastOutUs == lastInUs) {
      return;
    }
    queue.drain();
    progressNanos = nanoTime.getAsLong();
    while (!queue.isDrained()) {
      queue.exchange(WAIT_MILLIS, this);
      requireProgress();
    }
  }

  private void requireProgress() {
    boolean isLong = nanoTime.getAsLong() - progressNanos > PATIENCE_NANOS;
    if (givenUp || isLong) {
      throw new CameraException(
          Kind.ENCODER_FAILED,
          "encoder " + name() + (isLong ? " has given nothing for 10 s" : " was given up"));
    }
  }

  private void giveBackAll() {
    for (int i = 0; i < held.length; i++) {
      giveBack(i);
    }
  }

  private void giveBack(int place) {
    Frame frame = held[place];
    held[place] = null;
    if (frame != null) {
      frame.close();
    }
  }

  private CameraException failed(NativeException e) {
    return new CameraException(
        Kind.ENCODER_FAILED, "encoder " + name() + " failed: " + e.getMessage(), e);
  }

  private static Optional<FourCc> code(PixelFormat pixels) {
    return switch (pixels) {
      case I420 -> Optional.of(FourCc.of("YU12"));
      case NV12 -> Optional.of(FourCc.of("NV12"));
      default -> Optional.empty();
    };
  }
}
