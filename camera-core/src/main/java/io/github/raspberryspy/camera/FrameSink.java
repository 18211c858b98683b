package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.source.StreamInfo;

/** Somebody who wants to see raw frames. */
@FunctionalInterface
public interface FrameSink {

  /**
   * Looks at a frame.
   *
   * <p>Called on {@code capture-CAMERA} (on {@code decode-CAMERA} where the source delivers H.264),
   * one frame at a time. The handle is borrowed: it is closed when this returns. It must return
   * soon, for the camera waits; to work longer, {@link Frame#share} it and hand it to a thread of
   * your own.
   */
  void onFrame(Frame frame);

  /**
   * A run begins: its frames are like this. Called on the same thread, before the first frame.
   *
   * @param info what the source delivers
   */
  default void onStream(StreamInfo info) {}
}
