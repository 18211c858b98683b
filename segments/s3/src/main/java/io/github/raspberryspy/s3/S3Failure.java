package io.github.raspberryspy.s3;

import java.io.IOException;
import java.util.Objects;

/** Why an object store did not do something, in one sentence without secrets. */
public final class S3Failure extends IOException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure it is. */
  public enum Kind {
    /** No answer, no such bucket, no room, or it can take nothing now: to be tried again. */
    AWAY,
    /** It answers that it failed, which may be because of this very request. */
    FAILED,
    /** It does not let this key do it: somebody has to act. */
    UNAUTHORIZED,
    /** It refuses this very request. */
    REFUSED
  }

  private final Kind kind;

  S3Failure(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = Objects.requireNonNull(kind, "kind");
  }

  /** What kind of failure it is. */
  public Kind kind() {
    return kind;
  }
}
