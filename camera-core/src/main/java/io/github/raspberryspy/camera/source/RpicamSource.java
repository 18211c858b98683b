package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.encode.Packet;
import java.util.List;
import java.util.Optional;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * A Raspberry Pi's camera by the program {@code rpicam-vid} ({@code libcamera-vid} on older
 * systems): H.264 as the program encodes it, or pixels, which are copied out of the pipe.
 *
 * <p>The fallback where libcamera itself cannot be bound. A child that dies, or sends no picture
 * for a while, ends the run, and the pipeline starts another one.
 */
final class RpicamSource implements CameraSource {

  /** A camera takes its time to start; afterwards pictures come steadily. */
  private static final long FIRST_PATIENCE_NANOS = 10_000_000_000L;

  private static final long PATIENCE_NANOS = 2_000_000_000L;
  private static final long WAIT_MILLIS = 400;

  private final RpicamRequest request;
  private final long firstPatienceNanos;
  private final long patienceNanos;
  private final RpicamClock clock;
  private final RpicamAccessUnits units;
  private volatile RpicamProcess process; // written by open, read by stop
  private volatile boolean stopped; // set by any thread
  private FramePool pool;
  private FrameSlot slot; // under way
  private int slotBytes;
  private boolean isLosing; // the picture under way, for no slot was free
  private long arrivalNanos; // of the picture under way
  private long number;
  private long pictureNanos; // when the latest one came

  private RpicamSource(RpicamRequest request, long firstPatienceNanos, long patienceNanos) {
    this.request = request;
    this.firstPatienceNanos = firstPatienceNanos;
    this.patienceNanos = patienceNanos;
    this.clock = new RpicamClock(Math.round(1_000_000 / request.fps()));
    this.units = new RpicamAccessUnits("rpicam-vid");
  }

  /** The source that an address names. */
  static CameraSource of(SourceUri uri, boolean frames) {
    return of(uri, frames, FIRST_PATIENCE_NANOS, PATIENCE_NANOS);
  }

  static CameraSource of(SourceUri uri, boolean frames, long firstPatience, long patience) {
    return new RpicamSource(RpicamRequest.of(uri, frames), firstPatience, patience);
  }

  @Override
  public StreamInfo open() {
    if (process != null) {
      throw new IllegalStateException("the source is open already");
    }
    Optional<ImageFormat> image = Optional.empty();
    if (!request.isEncoded()) {
      // Full range: rpicam-vid asks for the colours of JPEG where it is to deliver pixels.
      image =
          Optional.of(new ImageFormat(request.width(), request.height(), PixelFormat.I420, true));
      pool =
          FramePool.allocate(
              PixelFormat.I420, request.width(), request.height(), FramePool.DEFAULT_SLOTS);
    }
    process = RpicamProcess.start(request.arguments());
    pictureNanos = System.nanoTime();
    return new StreamInfo(
        request.isEncoded(),
        true,
        request.width(),
        request.height(),
        request.fps(),
        image,
        List.of());
  }

  @Override
  public boolean deliver(Receiver receiver) {
    RpicamProcess.Chunk chunk;
    try {
      chunk = stopped ? null : process.poll(WAIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped = true;
      return false;
    }
    if (stopped) {
      return false;
    }
    if (chunk != null) {
      if (chunk.length < 0) {
        units.finish((unit, isKeyframe, nanos) -> packet(unit, isKeyframe, nanos, receiver));
        throw process.ended();
      }
      take(chunk, receiver);
      process.recycle(chunk);
    }
    requirePicture();
    return true;
  }

  @Override
  public void stop() {
    stopped = true;
    RpicamProcess started = process;
    if (started != null) {
      started.stop();
    }
  }

  @Override
  public void close() {
    stop();
    if (process != null) {
      process.close();
    }
    if (slot != null) {
      slot.discard();
      slot = null;
    }
    if (pool != null) {
      pool.close();
    }
  }

  private void requirePicture() {
    long patience = number == 0 ? firstPatienceNanos : patienceNanos;
    if (System.nanoTime() - pictureNanos > patience) {
      String said = process.said();
      throw new CameraException(
          Kind.DEVICE_TIMEOUT,
          process.program()
              + " has sent no picture for "
              + patience / 1_000_000
              + " ms"
              + (said.isEmpty() ? "" : ": " + said));
    }
  }

  private void take(RpicamProcess.Chunk chunk, Receiver receiver) {
    if (request.isEncoded()) {
      units.take(
          chunk.bytes,
          chunk.length,
          chunk.arrivalNanos,
          (unit, isKeyframe, nanos) -> packet(unit, isKeyframe, nanos, receiver));
    } else {
      pixels(chunk, receiver);
    }
  }

  private void packet(byte[] unit, boolean isKeyframe, long nanos, Receiver receiver) {
    number++;
    pictureNanos = System.nanoTime();
    long us = clock.place(nanos);
    long durationUs = Math.round(1_000_000 / request.fps());
    receiver.onPacket(new Packet(unit, us, us, durationUs, isKeyframe));
  }

  /** Pictures follow each other without a border: each has so many bytes. */
  private void pixels(RpicamProcess.Chunk chunk, Receiver receiver) {
    int frameBytes = request.width() * request.height() * 3 / 2;
    int at = 0;
    while (at < chunk.length) {
      if (slotBytes == 0) {
        arrivalNanos = chunk.arrivalNanos;
        slot = pool.poll();
        isLosing = slot == null;
      }
      int some = Math.min(chunk.length - at, frameBytes - slotBytes);
      if (!isLosing) {
        copy(chunk.bytes, at, some);
      }
      at += some;
      slotBytes += some;
      if (slotBytes == frameBytes) {
        slotBytes = 0;
        frame(receiver);
      }
    }
  }

  private void frame(Receiver receiver) {
    pictureNanos = System.nanoTime();
    long us = clock.place(arrivalNanos);
    long frameNumber = number++;
    if (isLosing) {
      receiver.onLost(1);
      return;
    }
    FrameSlot full = slot;
    slot = null;
    full.avFrame().color_range(avutil.AVCOL_RANGE_JPEG);
    try (Frame frame = full.publish(frameNumber, us, clock.nanos(us))) {
      receiver.onFrame(frame);
    }
  }

  /**
   * Copies a part of the picture to where it belongs: FFmpeg's rows may be longer than the pipe's.
   */
  private void copy(byte[] bytes, int from, int length) {
    AVFrame to = slot.avFrame();
    int position = slotBytes;
    int left = length;
    int at = from;
    while (left > 0) {
      int plane = 0;
      int planeStart = 0;
      int width = request.width();
      int planeBytes = width * request.height();
      if (position >= planeBytes) {
        int chromaBytes = planeBytes / 4;
        plane = 1 + (position - planeBytes) / chromaBytes;
        planeStart = planeBytes + (plane - 1) * chromaBytes;
        planeBytes = chromaBytes;
        width /= 2;
      }
      int inPlane = position - planeStart;
      int stride = to.linesize(plane);
      int some = Math.min(left, planeBytes - inPlane);
      long target = inPlane;
      if (stride != width) {
        some = Math.min(some, width - inPlane % width);
        target = (long) (inPlane / width) * stride + inPlane % width;
      }
      to.data(plane).position(target).put(bytes, at, some);
      position += some;
      at += some;
      left -= some;
    }
  }
}
