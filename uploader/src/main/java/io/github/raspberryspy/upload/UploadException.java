package io.github.raspberryspy.upload;

import java.io.IOException;
import java.util.Objects;

/** Why a segment did not reach the master, or another target, in one sentence without secrets. */
public final class UploadException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure it is, which decides what happens next. */
  public enum Kind {
    /** No answer, or the master cannot take anything now: all wait, with growing pauses. */
    UNREACHABLE,
    /**
     * The target does not know this camera or its key, or is not the one that it should be: all
     * wait, somebody has to act.
     */
    UNAUTHORIZED,
    /**
     * The master has no room for this segment now, or is at it already: it waits, with growing
     * pauses, and others go on; where it says so of one after the other, all wait.
     */
    BUSY,
    /** The segment is on the master with other bytes: it waits for a person, others go on. */
    CONFLICT,
    /**
     * The master refuses this segment, fails on it again and again, or vouches wrongly for it:
     * others go on.
     */
    REJECTED,
    /** The file here is not what its manifest says: it goes into quarantine, others go on. */
    DAMAGED,
    /** The file here cannot be read or removed: others go on. */
    DISK,
    /** The uploader was closed meanwhile. */
    CANCELLED;

    /** Whether the next segment would meet the same. */
    boolean concernsAll() {
      return this == UNREACHABLE || this == UNAUTHORIZED;
    }
  }

  private final Kind kind;
  private final boolean masterFailed;

  UploadException(Kind kind, String message) {
    this(kind, message, false);
  }

  UploadException(Kind kind, String message, boolean masterFailed) {
    super(message);
    this.kind = Objects.requireNonNull(kind, "kind");
    this.masterFailed = masterFailed;
  }

  UploadException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = Objects.requireNonNull(kind, "kind");
    this.masterFailed = false;
  }

  /** The target answers that it failed, which may be because of this very segment. */
  static UploadException ofFailing(String message, Throwable cause) {
    UploadException e = new UploadException(Kind.UNREACHABLE, message, true);
    e.initCause(cause);
    return e;
  }

  /** What kind of failure it is. */
  public Kind kind() {
    return kind;
  }

  /** Whether the master answered that it failed, which may be because of this very segment. */
  boolean masterFailed() {
    return masterFailed;
  }
}
