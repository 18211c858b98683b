package io.github.raspberryspy.sink.store;

/** The store refuses: the kind says what to answer, the message says why in one sentence. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Kind {
    /** There is no such upload or segment, or it is somebody else's. */
    NOT_FOUND,
    /** It is not the camera's to do. */
    FORBIDDEN,
    /** The request contradicts itself or the upload. */
    INVALID,
    /** The bytes would not go where the upload ends: {@link #offset()} is where it does. */
    WRONG_OFFSET,
    /** The segment is here with other bytes. */
    CONFLICT,
    /** More bytes than the upload has. */
    TOO_LARGE,
    /** The bytes are not those that were promised; the upload was dropped. */
    CORRUPT,
    /** The bytes are no segment that plays; they are in quarantine. */
    UNPLAYABLE,
    /** Somebody else is at this upload. */
    BUSY,
    /** Too many uploads are open. */
    TOO_MANY,
    /** There is no room. */
    FULL,
    /** The footage folder's disk is not there, or the bucket cannot be asked: try again. */
    AWAY,
    /** The store is being closed. */
    CLOSING,
    /** The disk failed. */
    IO
  }

  private final Kind kind;
  private final long offset;

  /** Says what is wrong. */
  public StoreException(Kind kind, String message) {
    this(kind, message, -1, null);
  }

  StoreException(Kind kind, String message, Throwable cause) {
    this(kind, message, -1, cause);
  }

  private StoreException(Kind kind, String message, long offset, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.offset = offset;
  }

  static StoreException away(FootageAwayException e) {
    return new StoreException(Kind.AWAY, String.valueOf(e.getMessage()), e);
  }

  static StoreException wrongOffset(long claimed, long offset) {
    return new StoreException(
        Kind.WRONG_OFFSET,
        "the upload goes on at offset " + offset + ", not at " + claimed,
        offset,
        null);
  }

  static StoreException incomplete(long offset, long length) {
    return new StoreException(
        Kind.WRONG_OFFSET,
        "the upload is not complete: " + offset + " of " + length + " bytes are here",
        offset,
        null);
  }

  /** What is wrong. */
  public Kind kind() {
    return kind;
  }

  /** Where the upload ends, bytes; negative where that is not the matter. */
  public long offset() {
    return offset;
  }
}
