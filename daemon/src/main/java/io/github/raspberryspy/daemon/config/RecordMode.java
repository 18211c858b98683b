package io.github.raspberryspy.daemon.config;

import java.util.Locale;

/** What of a camera's pictures is recorded. */
public enum RecordMode {
  /** Everything. */
  CONTINUOUS,
  /** What moves, with a pre-roll and a post-roll. */
  EVENTS;

  /** As users write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
