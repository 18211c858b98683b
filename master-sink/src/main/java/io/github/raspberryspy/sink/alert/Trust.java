package io.github.raspberryspy.sink.alert;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Whose certificates are believed: whoever Java believes, and the configuration's own authorities
 * beside them. Names of hosts are checked in any case. Immutable.
 *
 * @param factory for who takes one
 * @param context for who takes one
 */
record Trust(TrustManagerFactory factory, SSLContext context) {

  /** Also these. */
  static Trust also(List<X509Certificate> authorities) {
    try {
      TrustManagerFactory java =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      java.init((KeyStore) null);
      TrustManagerFactory all = authorities.isEmpty() ? java : with(java, authorities);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, all.getTrustManagers(), null);
      return new Trust(all, context);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  private static TrustManagerFactory with(
      TrustManagerFactory java, List<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (TrustManager manager : java.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        for (X509Certificate issuer : x509.getAcceptedIssuers()) {
          store.setCertificateEntry("java-" + number++, issuer);
        }
      }
    }
    for (X509Certificate authority : authorities) {
      store.setCertificateEntry("own-" + number++, authority);
    }
    TrustManagerFactory all = TrustManagerFactory.getInstance(java.getAlgorithm());
    all.init(store);
    return all;
  }
}
