package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Frame;
import java.util.Optional;

/** What {@link MotionDetector} runs on its thread; a seam for tests. */
interface Analysis extends AutoCloseable {

  /** Looks at the next frame, which it borrows. */
  MotionResult analyze(Frame frame);

  /**
   * Whether it would miss nothing if it saw the next frames only where something changes: it has
   * learnt the scene, and nothing has been out of the ordinary for some time.
   */
  default boolean isCalm() {
    return false;
  }

  /** The event under way, as far as it is known. */
  Optional<MotionEvent> current();

  /** Ends the event under way. */
  Optional<MotionEvent> finish();

  @Override
  void close();
}
