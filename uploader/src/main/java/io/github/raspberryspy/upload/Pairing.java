package io.github.raspberryspy.upload;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.KeyFile;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.wire.CameraCredential;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;

/**
 * What a camera keeps of being paired with a master: where that is, by which key it is known, the
 * camera's own key with its certificate, and what receipts are checked with. One file, open to its
 * owner alone. Immutable; {@link #toString} hides the secrets.
 */
public final class Pairing {

  private final URI master;
  private final byte[] pin;
  private final X509Certificate certificate;
  private final PrivateKey key;
  private final CameraCredential credential;
  private final SSLContext context;

  Pairing(
      URI master,
      byte[] pin,
      X509Certificate certificate,
      PrivateKey key,
      CameraCredential credential) {
    this.master = master;
    this.pin = pin.clone();
    this.certificate = certificate;
    this.key = key;
    this.credential = credential;
    this.context = PinnedMaster.context(pin, new CameraKey(certificate, key));
  }

  /** The master's address. */
  public URI master() {
    return master;
  }

  /** The same, where the master is now: by its key it is the same one. */
  public Pairing at(URI address) {
    return new Pairing(address, pin, certificate, key, credential);
  }

  /** What receipts are checked with; it is never sent. */
  public CameraCredential credential() {
    return credential;
  }

  /** Speaks TLS 1.3 with the master that has the pinned key, and with nobody else. */
  SSLContext context() {
    return context;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException in one sentence without the secrets, if it cannot be
   */
  public static Pairing read(Path file) {
    byte[] json = KeyFile.read(file);
    try {
      return JsonFields.parse(json, "file " + file, Pairing::of);
    } catch (ManifestException e) {
      throw new IllegalArgumentException(e.getMessage() + ": pair the camera anew", e);
    }
  }

  private static Pairing of(JsonFields f) throws ManifestException {
    return new Pairing(
        URI.create(f.text("master")),
        HexFormat.of().parseHex(f.text("pin")),
        certificate(Base64.getDecoder().decode(f.text("certificate"))),
        key(Base64.getDecoder().decode(f.text("key"))),
        CameraCredential.parse(f.text("credential")));
  }

  static X509Certificate certificate(byte[] der) throws ManifestException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException e) {
      throw new ManifestException("the camera's certificate is damaged: " + e.getMessage());
    }
  }

  private static PrivateKey key(byte[] pkcs8) throws ManifestException {
    try {
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException e) {
      // without the cause, which may tell of the key
      throw new ManifestException("the camera's key is damaged");
    }
  }

  /**
   * Writes it durably, in place of an earlier one; nobody but the owner can open it at any moment.
   *
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    var out = new ByteArrayOutputStream(2048);
    try (JsonGenerator g = JsonFields.FACTORY.createGenerator(out).useDefaultPrettyPrinter()) {
      g.writeStartObject();
      g.writeStringField("master", master.toString());
      g.writeStringField("pin", HexFormat.of().formatHex(pin));
      g.writeStringField(
          "certificate", Base64.getEncoder().encodeToString(certificate.getEncoded()));
      g.writeStringField("key", Base64.getEncoder().encodeToString(key.getEncoded()));
      g.writeStringField("credential", credential.token());
      g.writeEndObject();
    } catch (GeneralSecurityException e) {
      throw new IOException("the camera's certificate cannot be written", e);
    }
    KeyFile.write(file, out.toByteArray());
  }

  @Override
  public String toString() {
    return "Pairing[" + credential + " with " + master + "]";
  }
}
