package io.github.raspberryspy.daemon.analyze;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.clip.Mp4File;
import io.github.raspberryspy.camera.decode.PixelConverter;
import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.encode.H264Encoder;
import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.VideoEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/**
 * A video of two by two panels: the first shows a picture, somebody else paints into all of them.
 * For one thread.
 */
final class PanelVideo implements AutoCloseable {

  private static final int LONGEST_SIDE = 640;
  private static final int BITRATE_BPS = 3_000_000;

  private final Path target;
  private final ImageFormat input;
  private final int width; // of a panel
  private final int height;
  private final FramePool canvases;
  private final AVFrame small;
  private final PixelConverter shrinker = new PixelConverter();
  private final PixelConverter converter = new PixelConverter();
  private final VideoEncoder encoder;
  private Optional<Mp4File> file = Optional.empty();
  private long number;
  private boolean isClosed;

  PanelVideo(Path target, Image image, double fps) {
    this.target = target;
    this.input = image.imageFormat();
    double scale = LONGEST_SIDE / (double) Math.max(image.width(), image.height());
    width = even(image.width() * scale);
    height = even(image.height() * scale);
    canvases = FramePool.allocate(PixelFormat.BGR24, 2 * width, 2 * height, 1);
    small = avutil.av_frame_alloc();
    try {
      if (small == null) {
        throw new CameraException(Kind.BUG, "no memory for a picture");
      }
      small.format(PixelFormat.BGR24.avFormat()).width(width).height(height);
      if (avutil.av_frame_get_buffer(small, 0) < 0) {
        throw new CameraException(Kind.BUG, "no memory for a picture of " + width + "x" + height);
      }
      encoder =
          H264Encoder.open(
              EncoderConfig.h264().bitrateBps(BITRATE_BPS),
              new ImageFormat(2 * width, 2 * height, PixelFormat.I420, false),
              fps);
    } catch (Throwable e) { // nobody has it who could close it
      closePictures();
      throw e;
    }
  }

  private static int even(double pixels) {
    return Math.max(2, 2 * (int) Math.round(pixels / 2));
  }

  boolean fits(Image image) {
    return image.imageFormat().equals(input);
  }

  /**
   * Adds a picture.
   *
   * @param image shown in the first panel; borrowed
   * @param us when; rising
   * @param painter paints into the four panels
   */
  void add(Image image, long us, Consumer<List<Mat>> painter) {
    FrameSlot slot = canvases.poll();
    try {
      paint(image, slot.avFrame(), painter);
    } catch (Throwable e) {
      slot.discard();
      throw e;
    }
    encoder.encode(converter.toI420(slot.publish(number++, us, us * 1000)), this::write);
  }

  private void paint(Image image, AVFrame canvas, Consumer<List<Mat>> painter) {
    shrinker.convert(image.avFrame(), small);
    int wide = 2 * width;
    int high = 2 * height;
    try (Mat all = mat(canvas, wide, high);
        Mat shown = mat(small, width, height);
        Mat first = new Mat(all, new Rect(0, 0, width, height));
        Mat second = new Mat(all, new Rect(width, 0, width, height));
        Mat third = new Mat(all, new Rect(0, height, width, height));
        Mat fourth = new Mat(all, new Rect(width, height, width, height))) {
      shown.copyTo(first);
      painter.accept(List.of(first, second, third, fourth));
    }
  }

  /** Completes the file. */
  void finish() {
    encoder.flush(this::write);
    try {
      if (file.isPresent()) {
        file.get().finish();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + target + " failed: " + e.getMessage(), e);
    }
  }

  /** Leaves nothing of a file that was not finished. */
  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    try {
      encoder.close();
    } finally {
      closePictures();
      file.ifPresent(Mp4File::close);
    }
  }

  private void closePictures() {
    try (canvases;
        shrinker;
        converter) {
      avutil.av_frame_free(small);
    }
  }

  private void write(Packet packet) {
    if (file.isEmpty()) {
      byte[] sets = NalUnits.parameterSets(packet.array());
      file = Optional.of(Mp4File.create(target, 2 * width, 2 * height, sets));
    }
    file.get().add(packet);
  }

  private static Mat mat(AVFrame frame, int width, int height) {
    return new Mat(height, width, opencv_core.CV_8UC3, frame.data(0), frame.linesize(0));
  }
}
