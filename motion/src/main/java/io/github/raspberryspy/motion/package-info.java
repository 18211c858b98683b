/**
 * Tells motion from everything else that changes in a picture, beside the recording and never in
 * its way.
 *
 * <p>{@link io.github.raspberryspy.motion.MotionAnalyzer} is the detector: frames in, flags and
 * events out, on the caller's thread. {@link io.github.raspberryspy.motion.MotionDetector} runs one
 * on a thread of its own behind a camera, and remembers what it saw for the recorder. The method is
 * described in {@code docs/motion.md}.
 */
package io.github.raspberryspy.motion;
