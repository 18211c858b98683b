package io.github.raspberryspy.motion;

import java.time.Duration;

/**
 * What lies below the one knob of {@link MotionConfig#sensitivity}. Immutable; each {@code with}
 * method returns a changed copy.
 *
 * @param contrast what the contrast that a change must have is multiplied with, 0.1 to 10, on top
 *     of the sensitivity
 * @param weight what the weight that a body must have is multiplied with, 0.1 to 10, on top of the
 *     sensitivity
 * @param minSize share of the picture that must move for an event to begin, 0 to 1
 * @param goOn which part of {@code minSize} is enough for an event to go on, 0 to 1
 * @param standing how long somebody who came and now stands still counts as motion, 1 s to 1 h
 * @param rateHz how many frames a second are looked at, at the most, 1 to 120; those between them
 *     share the verdict of the one before
 */
public record MotionExpert(
    double contrast, double weight, double minSize, double goOn, Duration standing, double rateHz) {

  private static final MotionExpert DEFAULTS =
      new MotionExpert(1, 1, 0, 0.5, Duration.ofSeconds(60), 16);

  /** Checks the ranges. */
  public MotionExpert {
    requireWithin("motion.expert.contrast", contrast, 0.1, 10);
    requireWithin("motion.expert.weight", weight, 0.1, 10);
    requireWithin("motion.expert.min-size", minSize, 0, 1);
    requireWithin("motion.expert.go-on", goOn, 0, 1);
    MotionConfig.requireWithin(
        "motion.expert.standing", standing, Duration.ofSeconds(1), Duration.ofHours(1));
    requireWithin("motion.expert.rate", rateHz, 1, 120);
  }

  /** The defaults. */
  public static MotionExpert defaults() {
    return DEFAULTS;
  }

  /** With this {@link #contrast}. */
  public MotionExpert withContrast(double value) {
    return new MotionExpert(value, weight, minSize, goOn, standing, rateHz);
  }

  /** With this {@link #weight}. */
  public MotionExpert withWeight(double value) {
    return new MotionExpert(contrast, value, minSize, goOn, standing, rateHz);
  }

  /** With these {@link #minSize} and {@link #goOn}. */
  public MotionExpert withSize(double begin, double goesOn) {
    return new MotionExpert(contrast, weight, begin, goesOn, standing, rateHz);
  }

  /** With this {@link #standing}. */
  public MotionExpert withStanding(Duration value) {
    return new MotionExpert(contrast, weight, minSize, goOn, value, rateHz);
  }

  /** With this {@link #rateHz}. */
  public MotionExpert withRateHz(double value) {
    return new MotionExpert(contrast, weight, minSize, goOn, standing, value);
  }

  private static void requireWithin(String key, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw MotionConfig.invalid(key, value, least + " to " + most);
    }
  }
}
