package io.github.raspberryspy.motion;

/** How a passive-infrared sensor and the picture make events together. */
public enum FusionMode {
  /** Motion in the picture counts only about when the sensor sees warmth. */
  AND,
  /** Either is enough. */
  OR,
  /** The sensor alone counts. */
  ONLY
}
