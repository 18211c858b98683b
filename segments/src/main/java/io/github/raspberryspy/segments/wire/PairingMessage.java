package io.github.raspberryspy.segments.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.SegmentId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** What camera and master say to each other once, on a connection whose key the camera checked. */
public final class PairingMessage {

  /** Where a camera asks. */
  public static final String PATH = "/pair";

  private static final String SIGNED_BY = "SHA256withECDSA";

  private PairingMessage() {}

  /**
   * What a camera asks.
   *
   * @param ticket of the code, a secret; bytes are in URL-safe base64 here
   * @param name that it wants
   * @param key its public key, an EC one, as SubjectPublicKeyInfo
   * @param proof that it has the private one
   */
  public record Ask(String ticket, String name, String key, String proof) {

    /** Makes one. */
    public static Ask of(byte[] ticket, String name, PublicKey key, PrivateKey secret) {
      try {
        Signature signature = Signature.getInstance(SIGNED_BY);
        signature.initSign(secret);
        signature.update(signed(ticket, name));
        return new Ask(base64(ticket), name, base64(key.getEncoded()), base64(signature.sign()));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this Java has no ECDSA", e);
      }
    }

    /**
     * The public key.
     *
     * @throws ManifestException in one sentence, if it is none, or the camera has not proved that
     *     it has the private one
     */
    public PublicKey provedKey() throws ManifestException {
      try {
        PublicKey made =
            KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(bytes(key)));
        Signature signature = Signature.getInstance(SIGNED_BY);
        signature.initVerify(made);
        signature.update(signed(bytes(ticket), name));
        if (signature.verify(bytes(proof))) {
          return made;
        }
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        throw new ManifestException("the camera's key is none: " + e.getClass().getSimpleName());
      }
      throw new ManifestException("the camera has not proved that it has its key");
    }

    private static byte[] signed(byte[] ticket, String name) {
      byte[] text = ("raspberryspy pair v1\n" + name + "\n").getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.allocate(text.length + ticket.length).put(text).put(ticket).array();
    }

    /**
     * The ticket.
     *
     * @throws IllegalArgumentException if it is not in base64
     */
    public byte[] ticketBytes() {
      return bytes(ticket);
    }

    /** As UTF-8 JSON. */
    public byte[] encode() {
      return object("ticket", ticket, "name", name, "key", key, "proof", proof);
    }

    /**
     * Reads JSON.
     *
     * @throws ManifestException in one sentence that repeats no secret, if it is none
     */
    public static Ask decode(byte[] json) throws ManifestException {
      return JsonFields.parse(
          json,
          "pairing",
          f ->
              new Ask(
                  f.text("ticket"),
                  SegmentId.requireCameraName(f.text("name")),
                  f.text("key"),
                  f.text("proof")));
    }

    @Override
    public String toString() {
      return "Ask[" + name + "]";
    }
  }

  /**
   * What the master answers.
   *
   * @param certificate for the camera's key, as DER in URL-safe base64
   * @param credential by which the camera checks receipts; a secret
   */
  public record Grant(String certificate, CameraCredential credential) {

    /** Makes one, of a certificate as DER. */
    public static Grant of(byte[] der, CameraCredential credential) {
      return new Grant(base64(der), credential);
    }

    /**
     * The certificate as DER.
     *
     * @throws IllegalArgumentException if it is not in base64
     */
    public byte[] der() {
      return bytes(certificate);
    }

    /** As UTF-8 JSON. */
    public byte[] encode() {
      return object("certificate", certificate, "credential", credential.token());
    }

    /**
     * Reads JSON.
     *
     * @throws ManifestException in one sentence that repeats no secret, if it is none
     */
    public static Grant decode(byte[] json) throws ManifestException {
      return JsonFields.parse(
          json,
          "grant",
          f -> new Grant(f.text("certificate"), CameraCredential.parse(f.text("credential"))));
    }

    @Override
    public String toString() {
      return "Grant[" + credential + "]";
    }
  }

  private static byte[] object(String... pairs) {
    var out = new ByteArrayOutputStream(512);
    try (JsonGenerator g = JsonFields.FACTORY.createGenerator(out)) {
      g.writeStartObject();
      for (int i = 0; i < pairs.length; i += 2) {
        g.writeStringField(pairs[i], pairs[i + 1]);
      }
      g.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a byte array cannot fail", e);
    }
    return out.toByteArray();
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] bytes(String text) {
    return Base64.getUrlDecoder().decode(text);
  }
}
