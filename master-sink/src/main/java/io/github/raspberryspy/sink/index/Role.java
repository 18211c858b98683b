package io.github.raspberryspy.sink.index;

/** What a person may do. */
public enum Role {
  /** Everything. */
  OWNER,
  /** Looks, and changes nothing but what is their own. */
  VIEWER
}
