package io.github.raspberryspy.bridge;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.Image;
import java.nio.Buffer;

/**
 * A frame as JavaCV's {@link org.bytedeco.javacv.Frame}, over the frame's own memory: its luma as a
 * grey picture, for JavaCV's converters and filters.
 *
 * <p>The view holds the frame: until it is closed the memory is not used again. Closing it takes
 * the picture out of JavaCV's frame, so that a later use of that fails; buffers and matrices that
 * were taken from it before cannot be taken back, and must not be used any more. The picture is for
 * reading, since the encoder reads the same memory.
 *
 * <p>Not thread-safe; may be made on one thread and used on another.
 */
public final class JavacvView implements AutoCloseable {

  private final Frame held;
  private final org.bytedeco.javacv.Frame frame;
  private boolean closed;

  private JavacvView(Frame held) {
    this.held = held;
    Image image = held.image();
    frame = new org.bytedeco.javacv.Frame();
    frame.imageWidth = image.width();
    frame.imageHeight = image.height();
    frame.imageDepth = org.bytedeco.javacv.Frame.DEPTH_UBYTE;
    frame.imageChannels = image.format().lumaStep();
    frame.imageStride = image.stride(0);
    frame.image = new Buffer[] {image.plane(0)};
    frame.timestamp = held.ptsUs();
    frame.type = org.bytedeco.javacv.Frame.Type.VIDEO;
  }

  /**
   * A view of a frame. Borrows the handle and shares it: the view is closed by whoever asked for
   * it, on whatever thread.
   */
  public static JavacvView of(Frame frame) {
    Frame held = frame.share("javacv");
    try {
      return new JavacvView(held);
    } catch (Throwable e) {
      held.close();
      throw e;
    }
  }

  /**
   * JavaCV's frame: 8 bits, one channel (two for YUYV: luma and chroma; three for RGB and BGR), its
   * time in microseconds.
   *
   * @throws IllegalStateException once closed
   */
  public org.bytedeco.javacv.Frame frame() {
    if (closed) {
      throw new IllegalStateException("this view is closed, and its memory is another frame's");
    }
    return frame;
  }

  /** Takes the picture out of JavaCV's frame and gives the frame back. Idempotent. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      frame.image = null;
      held.close();
    }
  }
}
