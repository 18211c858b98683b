package io.github.raspberryspy.sink.alert;

import java.util.Locale;

/** What an alert is about. */
public enum AlertKind {
  /** A camera is not heard any more. */
  LOST,
  /** It is heard again. */
  BACK,
  /** A camera says that something is wrong with it, of which somebody should be told at once. */
  FAULT,
  /** Something moves. */
  MOTION,
  /** Something is wrong with the master itself. */
  TROUBLE,
  /** Somebody tries a channel. */
  TEST;

  /** As it stands in JSON and in the configuration. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is bad news that should wake somebody. */
  public boolean isUrgent() {
    return this == LOST || this == FAULT || this == TROUBLE;
  }
}
