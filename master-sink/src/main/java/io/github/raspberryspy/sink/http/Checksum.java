package io.github.raspberryspy.sink.http;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.StringTokenizer;

/**
 * What {@code Upload-Checksum} says of a request's body. SHA-1, which the protocol asks of every
 * server, finds what broke on the way, as a sum does; nothing is trusted for it. Source: tus 1.0.0,
 * section Checksum.
 */
final class Checksum {

  /** The algorithms, the better one first, as {@code Tus-Checksum-Algorithm} lists them. */
  static final String ALGORITHMS = "sha256,sha1";

  private final MessageDigest digest;
  private final byte[] expected;

  private Checksum(MessageDigest digest, byte[] expected) {
    this.digest = digest;
    this.expected = expected;
  }

  /** Reads the header. */
  static Checksum parse(String header) {
    StringTokenizer pair = new StringTokenizer(header, " ");
    if (pair.countTokens() != 2) {
      throw malformed();
    }
    MessageDigest digest = digest(pair.nextToken());
    byte[] expected = Metadata.decode(pair.nextToken(), "Upload-Checksum");
    if (expected.length != digest.getDigestLength()) {
      throw new Problem(400, "Upload-Checksum is not of " + digest.getDigestLength() + " bytes");
    }
    return new Checksum(digest, expected);
  }

  /** Whether these bytes have it; they stay unread. */
  boolean isOf(ByteBuffer bytes) {
    digest.update(bytes.duplicate());
    return MessageDigest.isEqual(digest.digest(), expected);
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(
          switch (algorithm) {
            case "sha256" -> "SHA-256";
            case "sha1" -> "SHA-1";
            default -> throw malformed();
          });
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has both", e);
    }
  }

  private static Problem malformed() {
    return new Problem(400, "Upload-Checksum reads: sha256 BASE64, or sha1 BASE64");
  }
}
