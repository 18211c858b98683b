package io.github.raspberryspy.camera.encode;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.camera.PixelFormat;
import java.util.function.Consumer;

/**
 * Makes H.264 out of frames of one size and format: no B-frames, an IDR picture at fixed intervals
 * of presentation time, parameter sets in front of each.
 *
 * <p>For one thread, but for {@link #requestKeyframe}.
 */
public interface VideoEncoder extends AutoCloseable {

  /** Which one it is. */
  String name();

  /** Whether it takes this format as it is; others must be converted to I420 first. */
  boolean takes(PixelFormat format);

  /** Whether images like this one can go into it. */
  boolean fits(Image image);

  /**
   * Encodes a frame. Takes ownership of the handle.
   *
   * @param into takes each packet that comes out, on this thread
   * @throws io.github.raspberryspy.camera.CameraException of kind ENCODER_FAILED
   */
  void encode(Frame frame, Consumer<Packet> into);

  /** Makes the next frame a keyframe. Thread-safe. */
  void requestKeyframe();

  /**
   * Makes a call that waits for a device fail soon, with ENCODER_FAILED: whoever watches has seen
   * that nothing comes. Thread-safe.
   */
  default void giveUp() {}

  /** Gets out what it still holds. No frame may follow. */
  void flush(Consumer<Packet> into);

  /** Frees it, then gives back the frames it still held. */
  @Override
  void close();
}
