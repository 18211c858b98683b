package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Frame;
import java.util.Optional;

/** What {@link MotionDetector} runs on its thread; a seam for tests. */
interface Analysis extends AutoCloseable {

  /** Looks at the next frame, which it borrows. */
  MotionResult analyze(Frame frame);

  /** The event under way, as far as it is known. */
  Optional<MotionEvent> current();

  /** Ends the event under way. */
  Optional<MotionEvent> finish();

  @Override
  void close();
}
