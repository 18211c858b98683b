package io.github.raspberryspy.s3;

import io.github.raspberryspy.segments.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * How a file is cut for an object store, and the hashes of its parts. Holds these and one buffer.
 * Thread-safe as its source is.
 *
 * <p>Source: the S3 API's limits of multipart uploads (parts of 5 MiB to 5 GiB, 10,000 of them),
 * and its composite checksums: the hash of the parts' hashes, a hyphen, and their number.
 */
public final class S3Parts {

  /** The least that S3 takes for a part, bytes. */
  public static final long LEAST_BYTES = 5L << 20;

  private static final int MOST_PARTS = 10_000;
  private static final int BUFFER = 64 << 10;

  private final S3Source source;
  private final long length;
  private final long partBytes;
  private final List<String> hashes = new ArrayList<>();
  private final String whole;
  private final byte[] sha256;

  /**
   * Reads all of something for its hashes; borrows it.
   *
   * @param length bytes, above 0
   * @param partBytes how large a part is, at least {@link #LEAST_BYTES}, since one that breaks off
   *     is lost; larger where there would be too many
   * @throws IOException as the source does
   */
  public S3Parts(S3Source source, long length, long partBytes) throws IOException {
    this.source = source;
    this.length = length;
    this.partBytes =
        Math.max(Math.max(LEAST_BYTES, partBytes), (length + MOST_PARTS - 1) / MOST_PARTS);
    MessageDigest all = DurableFiles.sha256();
    MessageDigest composite = DurableFiles.sha256();
    for (int number = 1; number <= count(); number++) {
      byte[] hash = digest(number, DurableFiles.sha256(), all);
      composite.update(hash);
      hashes.add(base64(hash));
    }
    this.sha256 = all.digest();
    this.whole = isOne() ? hashes.get(0) : base64(composite.digest()) + "-" + count();
  }

  /** Whether it goes as one, without parts. */
  boolean isOne() {
    return length <= partBytes;
  }

  /** How many there are, numbered from 1. */
  int count() {
    return isOne() ? 1 : (int) ((length + partBytes - 1) / partBytes);
  }

  /** Bytes of a part. */
  long bytes(int number) {
    return Math.min(partBytes, length - from(number));
  }

  private long from(int number) {
    return (number - 1) * partBytes;
  }

  /** A part's SHA-256, as the store writes it. */
  String sha256(int number) {
    return hashes.get(number - 1);
  }

  /** The SHA-256 of all its bytes; a copy. */
  public byte[] sha256() {
    return sha256.clone();
  }

  /** How many bytes there are. */
  long length() {
    return length;
  }

  /** The bytes. */
  S3Source source() {
    return source;
  }

  /** The SHA-256 of the whole, as the store writes it. */
  String whole() {
    return whole;
  }

  /** Reads a part for its hash in other algorithms. */
  byte[] digest(int number, MessageDigest... digests) throws IOException {
    long end = from(number) + bytes(number);
    for (long at = from(number); at < end; at += BUFFER) {
      ByteBuffer piece = source.piece(at, (int) Math.min(BUFFER, end - at));
      for (MessageDigest digest : digests) {
        digest.update(piece.duplicate());
      }
    }
    return digests[0].digest();
  }

  private static String base64(byte[] hash) {
    return Base64.getEncoder().encodeToString(hash);
  }

  /** A part's bytes, read as they are taken. */
  InputStream stream(int number) {
    return new PartStream(from(number), from(number) + bytes(number));
  }

  /** What the source throws while the library reads it, to be told from what the store does. */
  static final class SourceException extends IOException {
    private static final long serialVersionUID = 1L;

    SourceException(IOException cause) {
      super(cause);
    }
  }

  private final class PartStream extends InputStream {
    private final long end;
    private long at;

    PartStream(long from, long end) {
      this.at = from;
      this.end = end;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
      if (at == end) {
        return -1;
      }
      ByteBuffer piece = piece((int) Math.min(Math.min(BUFFER, most), end - at));
      int bytes = piece.remaining();
      piece.get(into, from, bytes);
      at += bytes;
      return bytes;
    }

    private ByteBuffer piece(int bytes) throws SourceException {
      try {
        return source.piece(at, bytes);
      } catch (IOException e) {
        throw new SourceException(e);
      }
    }
  }
}
