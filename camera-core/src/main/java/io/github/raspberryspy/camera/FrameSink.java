package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.source.StreamInfo;

/**
 * Somebody who wants to see raw frames.
 *
 * <p>One call at a time. What it throws is counted, logged, and goes no further. A call that takes
 * longer than {@link io.github.raspberryspy.camera.supervise.SuperviseConfig#stallAfter} is a fault
 * that names the sink, which is shown nothing more until it returns, in later runs neither. What
 * was recorded until then is sealed; a camera whose {@code capture-CAMERA} the sink holds is opened
 * again without it, which a device that lets itself be opened once only refuses until then.
 */
@FunctionalInterface
public interface FrameSink {

  /**
   * Looks at a frame.
   *
   * <p>Called on {@code capture-CAMERA} (on {@code decode-CAMERA} where the source delivers H.264).
   * The handle is borrowed: it is closed when this returns. It must return within a frame interval,
   * for the camera waits; to work longer, {@link Frame#share} it and hand it to a thread of your
   * own.
   */
  void onFrame(Frame frame);

  /**
   * A run begins: its frames are like this. Called before its first frame, on {@code
   * stream-CAMERA}; the camera waits for it 1 s at the most, and shows frames once it has returned.
   *
   * @param info what the source delivers
   */
  default void onStream(StreamInfo info) {}
}
