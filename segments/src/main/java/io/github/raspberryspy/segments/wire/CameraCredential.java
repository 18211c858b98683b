package io.github.raspberryspy.segments.wire;

import io.github.raspberryspy.segments.SegmentId;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A camera's secret, which the master derives from its own: {@code CAMERA:SECRET} as text, sent as
 * a bearer token. It lets a camera append to its own stream and nothing else, and it keys the
 * receipts.
 *
 * <p>The text is a secret: {@link #toString} hides it.
 */
public final class CameraCredential {

  private static final int SECRET_BYTES = 32;

  private final String camera;
  private final byte[] secret;

  private CameraCredential(String camera, byte[] secret) {
    this.camera = SegmentId.requireCameraName(camera);
    this.secret = secret;
  }

  /**
   * Derives a camera's credential from the master's secret. Source: RFC 2104, HMAC.
   *
   * @param masterSecret at least 32 bytes
   */
  public static CameraCredential derive(byte[] masterSecret, String camera) {
    if (masterSecret.length < SECRET_BYTES) {
      throw new IllegalArgumentException("the master's secret is shorter than 32 bytes");
    }
    return new CameraCredential(camera, hmac(masterSecret, "raspberryspy camera v1 " + camera));
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if it is not one; the message does not repeat it
   */
  public static CameraCredential parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("the camera's token does not read CAMERA:SECRET");
    }
    byte[] secret;
    try {
      secret = Base64.getUrlDecoder().decode(text.substring(colon + 1).strip());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the camera's token is damaged behind its colon", e);
    }
    if (secret.length != SECRET_BYTES) {
      throw new IllegalArgumentException("the camera's token is not of 32 bytes behind its colon");
    }
    try {
      return new CameraCredential(text.substring(0, colon).strip(), secret);
    } catch (IllegalArgumentException e) {
      // without the cause: it repeats what stands before the colon, which may be anything
      throw new IllegalArgumentException("the camera's token does not start with a camera's name");
    }
  }

  /** The camera's name. */
  public String camera() {
    return camera;
  }

  /** The text form: the secret itself, for the camera's token file and the bearer header. */
  public String token() {
    return camera + ":" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }

  /** Keyed hash of a text for one purpose, which the text starts with. */
  byte[] mac(String text) {
    return hmac(secret, text);
  }

  /** Compares in constant time. */
  @Override
  public boolean equals(Object other) {
    return other instanceof CameraCredential c
        && camera.equals(c.camera)
        && MessageDigest.isEqual(secret, c.secret);
  }

  @Override
  public int hashCode() {
    return camera.hashCode();
  }

  @Override
  public String toString() {
    return camera + ":…";
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("this Java has no HMAC-SHA256", e);
    }
  }
}
