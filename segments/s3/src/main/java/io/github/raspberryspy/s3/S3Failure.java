package io.github.raspberryspy.s3;

import java.io.IOException;
import java.util.Objects;
import software.amazon.awssdk.services.s3.model.S3Exception;

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

  /**
   * Whether it lies in what it was told: another key, or the name of another bucket, would be let
   * in.
   */
  public boolean isOfConfiguration() {
    return kind == Kind.UNAUTHORIZED
        || (getCause() instanceof S3Exception refusal && refusal.statusCode() == 404);
  }

  /** What kind of failure it is. */
  public Kind kind() {
    return kind;
  }
}
