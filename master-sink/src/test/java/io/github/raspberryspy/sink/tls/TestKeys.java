package io.github.raspberryspy.sink.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Keys for tests. */
public final class TestKeys {

  private TestKeys() {}

  /** A new key with a certificate for this host. */
  public static String pem(String name) throws IOException {
    return Certificates.own(List.of(name)).pem();
  }

  /** A new key. */
  public static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Shows this certificate. */
  public static KeyManager showing(byte[] der, PrivateKey key)
      throws GeneralSecurityException, IOException {
    Certificate certificate =
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("camera", key, new char[0], new Certificate[] {certificate});
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, new char[0]);
    return factory.getKeyManagers()[0];
  }

  /**
   * What a server shows.
   *
   * @param certificate signed by itself
   * @param context that shows it
   */
  public record Shown(X509Certificate certificate, SSLContext context) {}

  /** A new key for a server of this name. */
  public static Shown server(String name) throws GeneralSecurityException, IOException {
    ServerKey key = Certificates.own(List.of(name));
    X509Certificate certificate = key.chain().get(0);
    SSLContext context = SSLContext.getInstance("TLS");
    KeyManager shown = showing(certificate.getEncoded(), key.key());
    context.init(new KeyManager[] {shown}, null, null);
    return new Shown(certificate, context);
  }
}
