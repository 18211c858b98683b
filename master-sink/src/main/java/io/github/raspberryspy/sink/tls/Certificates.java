package io.github.raspberryspy.sink.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;

/**
 * Makes keys and certificates. They are good for ever (RFC 5280 section 4.1.2.5): it is by their
 * keys that master and camera know each other, since a camera's clock may stand at 1970.
 */
final class Certificates {

  private static final Date BEGIN = Date.from(Instant.EPOCH);
  private static final Date NEVER = Date.from(Instant.parse("9999-12-31T23:59:59Z"));
  private static final X500Principal MASTER = new X500Principal("CN=RaspberrySpy master");
  private static final String SIGNED_BY = "SHA256withECDSA";
  private static final int SERIAL_BITS = 120;

  private Certificates() {}

  /**
   * A new key of the curve P-256 with a certificate signed by itself.
   *
   * @param names hosts and addresses that it is for
   */
  static ServerKey own(List<String> names) throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      JcaX509v3CertificateBuilder builder = builder(MASTER, MASTER, pair.getPublic());
      GeneralName[] sans = names.stream().map(Certificates::san).toArray(GeneralName[]::new);
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(sans));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      return new ServerKey(pair.getPrivate(), List.of(signed(builder, pair.getPrivate())));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no P-256", e);
    }
  }

  /** A certificate for a camera's key, signed by the master's own one. */
  static X509Certificate camera(String name, PublicKey key, ServerKey own) throws IOException {
    JcaX509v3CertificateBuilder builder =
        builder(own.chain().get(0).getSubjectX500Principal(), new X500Principal("CN=" + name), key);
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
    return signed(builder, own.key());
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Principal issuer, X500Principal subject, PublicKey key) {
    BigInteger serial = new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS);
    return new JcaX509v3CertificateBuilder(issuer, serial, BEGIN, NEVER, subject, key);
  }

  private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey by)
      throws IOException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNED_BY).build(by)));
    } catch (OperatorCreationException | GeneralSecurityException e) {
      throw new IOException("a certificate cannot be made", e);
    }
  }

  private static GeneralName san(String name) {
    return new GeneralName(
        IPAddress.isValid(name) ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }
}
