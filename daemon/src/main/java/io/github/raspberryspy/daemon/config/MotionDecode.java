package io.github.raspberryspy.daemon.config;

import java.util.Locale;

/** How much of an H.264 source is decoded to look for motion. */
public enum MotionDecode {
  /** What may move, by the packets and a keyframe a second. */
  AUTO,
  /** Everything. */
  ALL;

  /** As users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
