package io.github.raspberryspy.camera;

import java.util.Objects;

/** Something about a camera failed: the {@link Kind} says what is to be done, the message why. */
public final class CameraException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What a supervisor does about a failure. */
  public enum Response {
    /** Open the source again, with growing pauses. */
    RETRY,
    /** End: nothing will change by itself. */
    STOP
  }

  /** What failed. */
  public enum Kind {
    /** The device, host or stream is not there (now). */
    DEVICE_ABSENT(Response.RETRY),
    /** Another program has the device. */
    DEVICE_BUSY(Response.RETRY),
    /** The device stopped answering, or its stream broke. */
    DEVICE_TIMEOUT(Response.RETRY),
    /** A URI, file or setting cannot be used as it is. */
    INVALID(Response.STOP),
    /** What the source delivers cannot be taken. */
    FORMAT_UNSUPPORTED(Response.STOP),
    /** The encoder could not be opened, or gave up. */
    ENCODER_FAILED(Response.RETRY),
    /** No room, or no right, to write. */
    DISK_FAILED(Response.RETRY),
    /** The input is damaged. */
    CORRUPT(Response.STOP),
    /** Native code hangs, and holds so much that only a new process helps. */
    STUCK(Response.STOP),
    /** It was told to stop while it waited. */
    CANCELLED(Response.STOP),
    /** A fault of this program. */
    BUG(Response.STOP);

    private final Response response;

    Kind(Response response) {
      this.response = response;
    }

    /** What is to be done about it. */
    public Response response() {
      return response;
    }
  }

  private final Kind kind;

  /** One sentence that names the subject. */
  public CameraException(Kind kind, String message) {
    super(message);
    this.kind = Objects.requireNonNull(kind, "kind");
  }

  /** One sentence that names the subject, and what lies behind it. */
  public CameraException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = Objects.requireNonNull(kind, "kind");
  }

  /** What failed. */
  public Kind kind() {
    return kind;
  }
}
