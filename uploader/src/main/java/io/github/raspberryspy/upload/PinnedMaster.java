package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.DurableFiles;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts the server that has one key, whoever signed its certificate, for whatever name and time: a
 * camera's clock may stand at 1970. TLS proves that the server has the key. Immutable. Source: RFC
 * 7469 section 2.4.
 */
final class PinnedMaster extends X509ExtendedTrustManager {

  private final byte[] pin;

  private PinnedMaster(byte[] pin) {
    this.pin = pin.clone();
  }

  /** TLS 1.3 with the server of that key. */
  static SSLContext context(byte[] pin, KeyManager... own) {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(own, new TrustManager[] {new PinnedMaster(pin)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS 1.3", e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    byte[] shown = DurableFiles.sha256().digest(chain[0].getPublicKey().getEncoded());
    if (!MessageDigest.isEqual(shown, pin)) {
      throw new CertificateException(
          "whoever answers in the master's place has another key than the one that was paired with");
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("nobody connects to a camera");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
