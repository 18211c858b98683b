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

  /**
   * Whether it wants each frame from now on. Behind a live H.264 source, frames in which nothing
   * moves are otherwise not decoded, as far as the packets and a keyframe a second tell, and {@link
   * #onQuiet} is called in their place; once it wants them, or something moves, it sees those of
   * the last moments too, in order.
   *
   * <p>Called on {@code decode-CAMERA} for each packet; it must return at once.
   */
  default boolean wantsEveryFrame() {
    return true;
  }

  /**
   * Nothing moved, up to a moment: the frames between the one that was shown last and that moment
   * are not shown. Called on {@code decode-CAMERA}, as {@link #onFrame} is.
   *
   * @param untilNanos capture time of the first frame of which that is not said
   */
  default void onQuiet(long untilNanos) {}

  /**
   * Whether something moved is not known, up to a moment: the frames between what was shown or
   * called quiet last and that moment could not be decoded, or not in time. They are not shown.
   * Called on {@code decode-CAMERA}, as {@link #onFrame} is.
   *
   * @param untilNanos capture time of the first frame of which that is not said
   */
  default void onUnseen(long untilNanos) {}
}
