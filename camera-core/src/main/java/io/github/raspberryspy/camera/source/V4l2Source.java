package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.libc.NativeException;
import io.github.raspberryspy.natives.v4l2.BufferType;
import io.github.raspberryspy.natives.v4l2.CaptureQueue;
import io.github.raspberryspy.natives.v4l2.Interval;
import io.github.raspberryspy.natives.v4l2.V4l2Buffer;
import io.github.raspberryspy.natives.v4l2.V4l2Device;
import io.github.raspberryspy.natives.v4l2.V4l2Event;
import io.github.raspberryspy.natives.v4l2.V4l2Format;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A camera behind the kernel's V4L2: {@code v4l2:///dev/video0?size=1280x720&fps=30&format=auto}.
 *
 * <p>Raw pictures stay in the driver's own buffers; a compressed one is copied once, small as it
 * is, and its buffer goes back at once. H.264 comes out as packets, undecoded, unless frames are
 * wanted. A camera that falls silent is waited for: how long is for whoever supervises to say.
 */
final class V4l2Source implements CameraSource {

  private static final Logger log = LoggerFactory.getLogger(V4l2Source.class);
  private static final int PATIENCE_MILLIS = 400;
  private static final double SLOWEST_FPS = 0.01;
  private static final double FASTEST_FPS = 1000;
  private static final int ENCODED_BUFFERS = 6;

  private final String path;
  private final String name;
  private final V4l2Menu.Wish wish;
  private final V4l2Settings settings;
  private final Supplier<LibC> libc;
  private final LongSupplier nanoTime;
  private final V4l2Clock clock = new V4l2Clock();
  private V4l2Device device;
  private volatile CaptureQueue queue; // made by open(), woken by stop() on any thread
  private V4l2Frames frames; // for raw pictures
  private V4l2Stream stream; // for encoded ones
  private long number;
  private volatile boolean stopped; // set by any thread

  V4l2Source(
      String path,
      V4l2Menu.Wish wish,
      V4l2Settings settings,
      Supplier<LibC> libc,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.path = path;
    this.name = "camera " + path;
    this.wish = wish;
    this.libc = libc;
    this.nanoTime = nanoTime;
  }

  /**
   * The source that an address names.
   *
   * @throws CameraException of kind INVALID, for an unknown key or a value out of range
   */
  static V4l2Source of(SourceUri uri, boolean framesOnly) {
    uri.requireOnly("size", "fps", "format", "controls");
    int[] size = uri.size("size", "1280x720", 16, 8192);
    double fps = uri.decimal("fps", 30, 1, 240);
    String format = uri.text("format", "auto");
    Optional<V4l2Pixels> kind = V4l2Pixels.of(format);
    if (kind.isEmpty() && !format.equals("auto")) {
      throw new CameraException(
          Kind.INVALID,
          "source "
              + uri
              + ": key \"format\" is \""
              + format
              + "\"; allowed is auto or one of "
              + V4l2Pixels.allowed());
    }
    if (uri.hasHost() || !uri.path().startsWith("/")) {
      throw new CameraException(
          Kind.INVALID, "source \"" + uri.text() + "\" does not read v4l2:///DEVICE");
    }
    V4l2Menu.Wish wish = new V4l2Menu.Wish(kind, size[0], size[1], fps, framesOnly);
    V4l2Settings settings = V4l2Settings.parse(uri.text("controls", ""));
    return new V4l2Source(uri.path(), wish, settings, LibC::load, System::nanoTime);
  }

  @Override
  public Optional<Path> deviceNode() {
    return Optional.of(Path.of(path));
  }

  /** The driver says it to whoever opens the device beside the one that films. */
  @Override
  public void check() {
    try (V4l2Device asked = V4l2Device.open(loaded(), path)) {
      asked.capabilities().captureType().ifPresent(type -> choose(asked, type));
    } catch (NativeException e) {
      log.debug("{} does not say what it offers: {}", name, e.getMessage());
    }
  }

  @Override
  public StreamInfo open() {
    if (device != null) {
      throw new IllegalStateException("the source is open already");
    }
    try {
      device = V4l2Device.open(loaded(), path);
      BufferType type =
          device
              .capabilities()
              .captureType()
              .orElseThrow(() -> new CameraException(Kind.INVALID, name + " delivers no pictures"));
      settings.apply(device.controls(), name);
      V4l2Menu.Dish dish = choose(device, type);
      V4l2Format format = grant(type, dish);
      double fps = rate(type, dish);
      log.info(
          "{} ({}) delivers {} at {} frames/s", name, device.capabilities().card(), format, fps);
      device.subscribe(V4l2Event.Kind.SOURCE_CHANGE);
      return start(dish.kind(), format, fps);
    } catch (NativeException e) {
      throw V4l2Failure.onOpen(path, e, DeviceUsers.of(Path.of(path), device != null));
    }
  }

  @Override
  public boolean deliver(Receiver receiver) {
    if (stopped) {
      return false;
    }
    try {
      switch (queue.await(PATIENCE_MILLIS)) {
        case PICTURE -> take(receiver);
        case NOTHING -> {} // whether that is too long is for whoever watches to say
        case NEW_SIZE ->
            throw new CameraException(
                Kind.DEVICE_TIMEOUT, name + " has changed the size of its pictures");
      }
    } catch (NativeException e) {
      throw V4l2Failure.onRead(path, e);
    }
    return !stopped;
  }

  @Override
  public void stop() {
    stopped = true;
    CaptureQueue waiting = queue;
    if (waiting != null) {
      waiting.wake();
    }
  }

  @Override
  public void close() {
    stop();
    if (queue != null) {
      queue.close();
    }
    if (device != null) {
      device.close();
    }
    if (stream != null) {
      stream.close();
    }
    if (frames != null) {
      frames.close();
    } else if (queue != null) {
      queue.releaseAll();
    }
  }

  private LibC loaded() {
    try {
      return libc.get();
    } catch (UnsupportedOperationException e) {
      throw new CameraException(
          Kind.INVALID, name + " cannot be opened: V4L2 is Linux's; " + e.getMessage(), e);
    }
  }

  private V4l2Menu.Dish choose(V4l2Device from, BufferType type) {
    return V4l2Menu.of(name, from.offers(), type, wish).choose(wish);
  }

  private V4l2Format grant(BufferType type, V4l2Menu.Dish dish) {
    V4l2Format format = device.setFormat(type, dish.code(), wish.width(), wish.height(), 0);
    if (!format.pixels().equals(dish.code())
        || format.width() != wish.width()
        || format.height() != wish.height()) {
      throw new CameraException(
          Kind.FORMAT_UNSUPPORTED,
          name
              + " grants "
              + format
              + " instead of "
              + dish.code()
              + " "
              + wish.width()
              + "x"
              + wish.height());
    }
    return format;
  }

  /**
   * Asks for the rate that is wanted, and returns the one that comes. Some drivers grant what no
   * camera does, such as one picture in a billionth of a second.
   */
  private double rate(BufferType type, V4l2Menu.Dish dish) {
    double granted =
        device.setInterval(type, Interval.ofFps(wish.fps())).map(Interval::fps).orElse(0.0);
    return granted >= SLOWEST_FPS && granted <= FASTEST_FPS
        ? granted
        : dish.fps() > 0 ? dish.fps() : wish.fps();
  }

  private StreamInfo start(V4l2Pixels kind, V4l2Format format, double fps) {
    boolean isRaw = kind.pixels().isPresent();
    CaptureQueue opened =
        CaptureQueue.allocate(device, format, isRaw ? FramePool.DEFAULT_SLOTS : ENCODED_BUFFERS);
    queue = opened;
    Optional<ImageFormat> image = Optional.empty();
    if (isRaw) {
      warnOfFewBuffers(opened.count());
      frames = new V4l2Frames(opened, format, kind.pixels().get(), name);
      image =
          Optional.of(
              new ImageFormat(
                  format.width(), format.height(), kind.pixels().get(), format.isFullRange()));
    } else {
      stream = new V4l2Stream(kind, wish.framesOnly(), Math.round(1_000_000 / fps));
    }
    opened.start();
    return new StreamInfo(
        !isRaw && stream.isPackets(), true, format.width(), format.height(), fps, image, List.of());
  }

  private void warnOfFewBuffers(int granted) {
    if (granted < FramePool.DEFAULT_SLOTS) {
      log.warn(
          "{} granted {} of {} buffers: it loses frames when readers are behind by more",
          name,
          granted,
          FramePool.DEFAULT_SLOTS);
    }
  }

  private void take(Receiver receiver) {
    V4l2Buffer picture = queue.taken();
    long lost = clock.accept(picture, nanoTime.getAsLong());
    boolean isUsable =
        !picture.isDamaged()
            && (frames == null ? picture.bytesUsed(0) > 0 : frames.isWhole(picture));
    if (!isUsable) {
      queue.requeue(picture.index());
      lost++;
    }
    if (lost > 0) {
      number += lost;
      receiver.onLost(lost);
    }
    if (isUsable && frames != null) {
      show(picture, receiver);
    } else if (isUsable) {
      decode(picture, receiver);
    }
  }

  private void show(V4l2Buffer picture, Receiver receiver) {
    try (Frame frame = frames.publish(picture, number++, clock)) {
      if (frame != null) {
        receiver.onFrame(frame);
      }
    }
  }

  private void decode(V4l2Buffer picture, Receiver receiver) {
    int index = picture.index();
    stream.read(
        queue.address(index, 0) + picture.dataOffset(0),
        picture.bytesUsed(0) - picture.dataOffset(0),
        clock.ptsUs());
    queue.requeue(index);
    long start = clock.captureNanos() - clock.ptsUs() * 1000;
    stream.deliver(
        receiver::onPacket,
        (slot, pts) -> {
          try (Frame frame = slot.publish(number++, pts, start + pts * 1000)) {
            receiver.onFrame(frame);
          }
        });
    long lost = stream.takeLost();
    if (lost > 0) {
      number += lost;
      receiver.onLost(lost);
    }
  }
}
