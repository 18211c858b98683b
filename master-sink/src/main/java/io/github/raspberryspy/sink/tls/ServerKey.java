package io.github.raspberryspy.sink.tls;

import io.github.raspberryspy.segments.DurableFiles;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * A private key with the certificates that speak for it, its own first. Immutable; {@link
 * #toString} hides the key.
 */
record ServerKey(PrivateKey key, List<X509Certificate> chain) {

  private static final byte[] PROBE = {1, 2, 3};

  ServerKey {
    chain = List.copyOf(chain);
  }

  /** SHA-256 of its public key. Source: RFC 7469 section 2.4. */
  byte[] pin() {
    return pin(chain.get(0));
  }

  /** The same of a certificate. */
  static byte[] pin(X509Certificate certificate) {
    return DurableFiles.sha256().digest(certificate.getPublicKey().getEncoded());
  }

  /** SHA-256 of the whole certificate, as browsers show it. */
  static String fingerprint(X509Certificate certificate) {
    try {
      byte[] hash = DurableFiles.sha256().digest(certificate.getEncoded());
      return HexFormat.ofDelimiter(":").withUpperCase().formatHex(hash);
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read has no encoding", e);
    }
  }

  /**
   * Reads PEM: certificates, the key's own first, and a key without a passphrase.
   *
   * @param where it stands, for what is complained
   * @throws IOException in one sentence without what stands there, if it is not that
   */
  static ServerKey parse(String pem, String where) throws IOException {
    List<X509Certificate> chain = new ArrayList<>();
    PrivateKey key = null;
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
        if (part instanceof X509CertificateHolder certificate) {
          chain.add(new JcaX509CertificateConverter().getCertificate(certificate));
        } else if (part instanceof PEMKeyPair pair) {
          key = new JcaPEMKeyConverter().getPrivateKey(pair.getPrivateKeyInfo());
        } else if (part instanceof PrivateKeyInfo info) {
          key = new JcaPEMKeyConverter().getPrivateKey(info);
        }
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new IOException(where + " is not what PEM looks like", e);
    }
    if (chain.isEmpty() || key == null) {
      throw new IOException(
          where
              + (chain.isEmpty() ? " holds no certificate" : " holds no key without a passphrase"));
    }
    ServerKey made = new ServerKey(key, chain);
    made.requireMatch(where);
    return made;
  }

  /** As {@link #parse} reads it. A secret. */
  String pem() throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
      pem.writeObject(new PemObject("PRIVATE KEY", key.getEncoded())); // PKCS#8: names its curve
      for (X509Certificate certificate : chain) {
        pem.writeObject(certificate);
      }
    }
    return text.toString();
  }

  private void requireMatch(String where) throws IOException {
    String how =
        switch (key.getAlgorithm()) {
          case "EC", "ECDSA" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> key.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(how);
      signature.initSign(key);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(chain.get(0));
      signature.update(PROBE);
      if (!signature.verify(signed)) {
        throw new IOException(where + ": the key is not that of the first certificate");
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(where + ": the key is not that of the first certificate", e);
    }
  }

  @Override
  public String toString() {
    return "ServerKey[" + chain.get(0).getSubjectX500Principal() + "]";
  }
}
