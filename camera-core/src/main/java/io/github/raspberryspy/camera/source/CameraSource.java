package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.encode.Packet;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A camera, or what stands in for one, for a single run: opened once, read until its end, closed.
 * One that was not opened holds nothing.
 *
 * <p>All methods are called on one thread, {@code capture-CAMERA}, but for {@link #stop}, which any
 * thread may call.
 */
public interface CameraSource extends AutoCloseable {

  /** Takes what a source delivers. */
  interface Receiver {

    /** A frame; the source keeps the handle and closes it when this returns. */
    void onFrame(Frame frame);

    /** An access unit, Annex B, with its parameter sets in front where it is a keyframe. */
    void onPacket(Packet packet);

    /** The source lost so many frames since the last one it delivered. */
    void onLost(long frames);
  }

  /**
   * Refuses what its device says that it does not offer; the device may be in use meanwhile, by
   * another source too. What cannot be known without opening it is not refused.
   *
   * @throws CameraException of kind FORMAT_UNSUPPORTED, in one sentence that says what there is
   */
  default void check() {}

  /**
   * Opens the device, host or file.
   *
   * @throws CameraException if it cannot be opened, in one sentence that names it
   */
  StreamInfo open();

  /**
   * Waits for the next frame or packets and hands them over. Returns after half a second at the
   * latest, with or without one.
   *
   * @return false at the end of the stream, or once stopped
   * @throws CameraException if the stream breaks
   */
  boolean deliver(Receiver receiver);

  /**
   * The file whose existence says that the device is there, where there is one. Thread-safe, also
   * before it is opened and after it is closed.
   */
  default Optional<Path> deviceNode() {
    return Optional.empty();
  }

  /** Makes a waiting {@link #deliver} return soon. Thread-safe. */
  void stop();

  /**
   * Gives back everything; waits for open frame handles as {@link
   * io.github.raspberryspy.camera.FramePool#close} does.
   */
  @Override
  void close();
}
