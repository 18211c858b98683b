package io.github.raspberryspy.bridge;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.camera.PixelFormat;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * The planes of a frame as OpenCV matrices over the frame's own memory.
 *
 * <p>The view holds the frame: until it is closed the memory is not used again. Closing it also
 * empties the matrices that it gave out, so that a call with one of them fails and does not read
 * another picture. What was made of them (a region, a header copied by {@code new Mat(mat)}) still
 * points there and cannot be emptied: it must not be used any more. The matrices are for reading,
 * since the encoder reads the same memory.
 *
 * <p>Not thread-safe; may be made on one thread and used on another.
 */
public final class MatView implements AutoCloseable {

  private final Frame held;
  private final List<Mat> planes = new ArrayList<>(3);
  private boolean closed;

  private MatView(Frame held) {
    this.held = held;
    Image image = held.image();
    for (int plane = 0; plane < image.format().planes(); plane++) {
      planes.add(matrix(image, plane));
    }
  }

  /**
   * A view of a frame. Borrows the handle and shares it: the view is closed by whoever asked for
   * it, on whatever thread.
   */
  public static MatView of(Frame frame) {
    Frame held = frame.share("opencv");
    try {
      return new MatView(held);
    } catch (Throwable e) {
      held.close();
      throw e;
    }
  }

  /**
   * The plane that holds luma, 8 bits: one channel; of {@link PixelFormat#YUYV} two, luma and
   * chroma; three of red, green and blue.
   *
   * @throws IllegalStateException once closed
   */
  public Mat luma() {
    return plane(0);
  }

  /**
   * A plane, 8 bits: one channel; two for YUYV and for the chroma of NV12, three for RGB and BGR.
   *
   * @throws IllegalStateException once closed
   */
  public Mat plane(int plane) {
    requireOpen();
    return planes.get(plane);
  }

  /**
   * The frame that is held: its number and times. Borrowed.
   *
   * @throws IllegalStateException once closed
   */
  public Frame frame() {
    requireOpen();
    return held;
  }

  /** Empties the matrices and gives the frame back. Idempotent. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      planes.forEach(Mat::close);
      held.close();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this view is closed, and its memory is another frame's");
    }
  }

  private static Mat matrix(Image image, int plane) {
    PixelFormat format = image.format();
    int channels = plane == 0 ? format.lumaStep() : format == PixelFormat.NV12 ? 2 : 1;
    Pointer memory = image.avFrame().data(plane);
    return new Mat(
        format.rows(plane, image.height()),
        format.rowBytes(plane, image.width()) / channels,
        opencv_core.CV_8UC(channels),
        memory,
        image.stride(plane));
  }
}
