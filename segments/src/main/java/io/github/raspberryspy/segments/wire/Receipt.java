package io.github.raspberryspy.segments.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.SegmentId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Objects;

/**
 * The master's word that it holds a segment: re-read, hashed, durable, indexed. The MAC binds it to
 * the segment's id, size and hash with the camera's own secret, so nobody else can make a camera
 * delete footage.
 *
 * @param id which segment
 * @param content size and SHA-256 of the bytes that the master holds
 * @param mac HMAC-SHA256 in URL-safe base64 without padding; empty where no master gave it
 */
public record Receipt(SegmentId id, Content content, String mac) {

  /** Checks presence. */
  public Receipt {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(content, "content");
    Objects.requireNonNull(mac, "mac");
  }

  /** Signs one. Master only, after the last step of its seal. */
  public static Receipt sign(CameraCredential credential, SegmentId id, Content content) {
    return new Receipt(id, content, macOf(credential, id, content));
  }

  /**
   * What a camera notes for itself where there is no master: it found size and hash again at the
   * target. It vouches for nothing on the wire.
   */
  public static Receipt unsigned(SegmentId id, Content content) {
    return new Receipt(id, content, "");
  }

  /**
   * Whether it was signed for this camera, is about a segment of this camera, and speaks of this
   * segment with these bytes.
   */
  public boolean vouchesFor(CameraCredential credential, SegmentId segment, Content bytes) {
    return credential.camera().equals(segment.camera())
        && id.equals(segment)
        && content.equals(bytes)
        && MessageDigest.isEqual(
            macOf(credential, segment, bytes).getBytes(StandardCharsets.UTF_8),
            mac.getBytes(StandardCharsets.UTF_8));
  }

  /** As UTF-8 JSON. */
  public byte[] encode() {
    var out = new ByteArrayOutputStream(256);
    try (JsonGenerator g = JsonFields.FACTORY.createGenerator(out)) {
      g.writeStartObject();
      g.writeStringField("id", id.toString());
      g.writeNumberField("bytes", content.bytes());
      g.writeStringField("sha256", content.sha256());
      g.writeStringField("mac", mac);
      g.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a byte array cannot fail", e);
    }
    return out.toByteArray();
  }

  /**
   * Reads JSON.
   *
   * @throws ManifestException in one sentence, if it is not a receipt
   */
  public static Receipt decode(byte[] json) throws ManifestException {
    return JsonFields.parse(
        json,
        "receipt",
        f ->
            new Receipt(
                SegmentId.parse(f.text("id")),
                new Content(f.whole("bytes"), f.text("sha256")),
                f.text("mac")));
  }

  private static String macOf(CameraCredential credential, SegmentId id, Content content) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(
            credential.mac(
                "raspberryspy receipt v1\n"
                    + id
                    + "\n"
                    + content.bytes()
                    + "\n"
                    + content.sha256()));
  }
}
