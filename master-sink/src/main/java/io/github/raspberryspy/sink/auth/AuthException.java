package io.github.raspberryspy.sink.auth;

import java.time.Duration;

/** Somebody is not let in, or cannot have what they want; the message says why in one sentence. */
public final class AuthException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of refusal it is. */
  public enum Kind {
    /** What was given is not allowed. */
    INVALID,
    /** Name, password, or link is wrong. */
    WRONG,
    /** It is in the way of what there is already. */
    CONFLICT,
    /** There is no such thing. */
    NOT_FOUND,
    /** It was good, and is no longer. */
    GONE,
    /** There were too many tries: again after {@link #pause()}. */
    TOO_MANY,
    /** Too many others are being checked: again after {@link #pause()}. */
    BUSY
  }

  private final Kind kind;
  private final Duration pause;

  AuthException(Kind kind, String message) {
    this(kind, message, Duration.ZERO);
  }

  AuthException(Kind kind, String message, Duration pause) {
    super(message);
    this.kind = kind;
    this.pause = pause;
  }

  /** What kind of refusal it is. */
  public Kind kind() {
    return kind;
  }

  /** After how long it is worth to try again; zero where no time is known. */
  public Duration pause() {
    return pause;
  }
}
