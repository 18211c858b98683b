package io.github.raspberryspy.camera.encode;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.libc.NativeException;
import io.github.raspberryspy.natives.v4l2.EncoderControl;
import io.github.raspberryspy.natives.v4l2.EncoderQueue;
import io.github.raspberryspy.natives.v4l2.FourCc;
import io.github.raspberryspy.natives.v4l2.Interval;
import io.github.raspberryspy.natives.v4l2.V4l2Controls;
import io.github.raspberryspy.natives.v4l2.V4l2Device;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's own H.264 encoder, behind the kernel's stateful mem-to-mem interface (Raspberry Pi
 * 4 and older).
 *
 * <p>A frame that lies in a camera's buffer is encoded where it is, if its rows lie as the encoder
 * wants them; its handle is held until the encoder has read it. Others are copied, once.
 */
final class V4l2M2mEncoder implements VideoEncoder, EncoderQueue.Receiver {

  private static final Logger log = LoggerFactory.getLogger(V4l2M2mEncoder.class);
  private static final int PLACES = 4;
  private static final long STALL_NANOS = 2_000_000_000L;
  private static final int WAIT_MILLIS = 100;

  private final V4l2Device device;
  private final EncoderQueue.Job job;
  private final ImageFormat image;
  private final KeyframeGrid keyframes;
  private final long intervalUs;
  private final LongSupplier nanoTime;
  private final Consumer<V4l2Controls> settings;
  private final Frame[] held = new Frame[64]; // by place, while the device reads them
  private EncoderQueue queue;
  private RawLayout layout;
  private boolean hasBegun;
  private boolean isImporting;
  private long progressNanos;
  private Consumer<Packet> into;

  private V4l2M2mEncoder(
      V4l2Device device, EncoderQueue.Job job, ImageFormat image, EncoderConfig config) {
    this.device = device;
    this.job = job;
    this.image = image;
    this.intervalUs = Math.round(1_000_000 / job.interval().fps());
    this.keyframes = new KeyframeGrid(config.gop().toNanos() / 1000, intervalUs);
    this.nanoTime = System::nanoTime;
    this.settings = controls -> configure(controls, config);
  }

  /**
   * Opens the encoder at a device.
   *
   * @throws CameraException of kind ENCODER_FAILED
   */
  static V4l2M2mEncoder open(String path, EncoderConfig config, ImageFormat source, double fps) {
    return open(path, FourCc.of("H264"), config, source, fps);
  }

  static V4l2M2mEncoder open(
      String path, FourCc codec, EncoderConfig config, ImageFormat source, double fps) {
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
    V4l2Device device = null;
    try {
      device = V4l2Device.open(LibC.load(), path);
      V4l2M2mEncoder encoder = new V4l2M2mEncoder(device, job, image, config);
      encoder.prepare();
      return encoder;
    } catch (NativeException e) {
      if (device != null) {
        device.close();
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
      int place = awaitPlace();
      if (keyframes.isDue(frame.ptsUs())) {
        device.controls().trySet(EncoderControl.FORCE_KEYFRAME.id(), 1);
      }
      if (isImporting) {
        queue.queueImported(place, frame.image().dmabufs(), frame.ptsUs());
        held[place] = frame;
        isHandedOver = true;
      } else {
        layout.copy(frame.image(), queue.inputAddress(place, 0));
        queue.queueCopied(place, frame.ptsUs());
      }
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
  public void flush(Consumer<Packet> receiver) {
    into = receiver;
    if (!hasBegun) {
      return;
    }
    try {
      queue.drain();
      progressNanos = nanoTime.getAsLong();
      while (!queue.isDrained()) {
        if (queue.exchange(WAIT_MILLIS, this)) {
          progressNanos = nanoTime.getAsLong();
        }
        requireProgress();
      }
    } catch (NativeException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    queue.close();
    device.close(); // once more does nothing
    for (int i = 0; i < held.length; i++) {
      giveBack(i);
    }
  }

  @Override
  public void onCoded(byte[] data, long ptsUs) {
    progressNanos = nanoTime.getAsLong();
    into.accept(new Packet(data, ptsUs, ptsUs, intervalUs, NalUnits.hasIdr(data)));
  }

  @Override
  public void onReturned(int place) {
    giveBack(place);
  }

  private void prepare() {
    queue = EncoderQueue.prepare(device, job);
    settings.accept(device.controls());
    layout = RawLayout.of(queue.raw(), image);
  }

  private void configure(V4l2Controls controls, EncoderConfig config) {
    int bitrate = bitrate(config.bitrateBps(), image.width(), image.height());
    if (bitrate != config.bitrateBps()) {
      log.info("{} would stall at {} bit/s: it gets {}", name(), config.bitrateBps(), bitrate);
    }
    double fps = job.interval().fps();
    controls.trySet(EncoderControl.BITRATE.id(), bitrate);
    controls.trySet(EncoderControl.B_FRAMES.id(), 0);
    controls.trySet(EncoderControl.REPEAT_HEADER.id(), 1);
    controls.trySet(EncoderControl.H264_PROFILE.id(), EncoderControl.PROFILE_HIGH);
    int level = level(image.width(), image.height(), fps);
    controls.trySet(EncoderControl.H264_LEVEL.id(), level);
    // Keyframes are asked for by time; this only bounds a GOP whose frames come faster than they
    // said.
    long gop = Math.max(1, Math.round(2 * fps * config.gop().toMillis() / 1000.0));
    controls.trySet(EncoderControl.H264_I_PERIOD.id(), gop);
    controls.trySet(EncoderControl.GOP_SIZE.id(), gop);
  }

  /** The first frame shows whether frames can stay where they are. */
  private void begin(Image first) {
    if (layout.isThatOf(first)) {
      try {
        queue.startImporting(PLACES);
        isImporting = true;
      } catch (NativeException e) {
        log.info("{} copies its pictures, because {}", name(), e.getMessage());
        queue.close();
        prepare();
      }
    }
    if (!isImporting) {
      queue.startCopying(PLACES);
    }
    hasBegun = true;
    progressNanos = nanoTime.getAsLong();
  }

  private int awaitPlace() {
    OptionalInt place = queue.freeInput();
    while (place.isEmpty()) {
      queue.exchange(WAIT_MILLIS, this);
      requireProgress();
      place = queue.freeInput();
    }
    if (queue.pending() == 0) {
      progressNanos = nanoTime.getAsLong(); // it had nothing to do
    }
    return place.getAsInt();
  }

  private void requireProgress() {
    if (nanoTime.getAsLong() - progressNanos > STALL_NANOS) {
      throw new CameraException(
          Kind.ENCODER_FAILED, "encoder " + name() + " has given nothing for 2 s");
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
