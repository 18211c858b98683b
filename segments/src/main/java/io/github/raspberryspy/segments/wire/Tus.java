package io.github.raspberryspy.segments.wire;

/**
 * Names of the resumable upload protocol that both sides use. Source: tus 1.0.0,
 * tus.io/protocols/resumable-upload.
 */
public final class Tus {

  /** The version spoken. */
  public static final String VERSION = "1.0.0";

  /** The path of the uploads on the master. */
  public static final String PATH = "/api/v1/uploads";

  /** The path of the control link on the master. */
  public static final String LINK_PATH = "/api/v1/link";

  /** The path on the master to which live pictures go. */
  public static final String LIVE_PATH = "/api/v1/live";

  /** The path on the master to which pictures of now go; the id of the command follows. */
  public static final String SNAPSHOT_PATH = "/api/v1/snapshots/";

  /** When a picture was filmed, in ISO 8601. */
  public static final String CAPTURED = "X-Captured-At";

  /** Carries {@link #VERSION} in every request and answer. */
  public static final String RESUMABLE = "Tus-Resumable";

  /** Bytes that the server has. */
  public static final String OFFSET = "Upload-Offset";

  /** Bytes of the whole upload. */
  public static final String LENGTH = "Upload-Length";

  /** {@code 1} where the length comes later. */
  public static final String DEFER_LENGTH = "Upload-Defer-Length";

  /** Pairs of name and base64 value, separated by commas. */
  public static final String METADATA = "Upload-Metadata";

  /** {@code sha256 BASE64} over one request's body. */
  public static final String CHECKSUM = "Upload-Checksum";

  /** The body of a PATCH. */
  public static final String CONTENT_TYPE = "application/offset+octet-stream";

  /** Status of a body that does not have the checksum it claimed. */
  public static final int CHECKSUM_MISMATCH = 460;

  /** Metadata: the segment's id. */
  public static final String META_ID = "id";

  /** Metadata: the SHA-256 of the whole file in hexadecimal digits. */
  public static final String META_SHA256 = "sha256";

  private Tus() {}
}
