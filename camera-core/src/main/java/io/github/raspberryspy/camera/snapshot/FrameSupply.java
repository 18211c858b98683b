package io.github.raspberryspy.camera.snapshot;

import io.github.raspberryspy.camera.Frame;
import java.util.function.Consumer;

/** Brings a current frame when it is asked for: for sources that show none by themselves. */
@FunctionalInterface
public interface FrameSupply {

  /**
   * Shows the latest frame to somebody, who borrows it. Called on {@code snapshot-CAMERA}, which
   * may wait; without a frame it returns without a call.
   */
  void show(Consumer<Frame> to);
}
