package io.github.raspberryspy.sink;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.KeyFile;
import io.github.raspberryspy.sink.tls.TestKeys;
import io.github.raspberryspy.sink.tls.TlsConfig;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Clients of TLS, and what a master shows them. */
public final class TestTls {

  private final SSLContext context;

  private TestTls(KeyManager... keys) throws GeneralSecurityException {
    context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {new Anybody()}, null);
  }

  /** One that takes whatever a server shows, and shows nothing. */
  public static TestTls anyServer() throws GeneralSecurityException {
    return new TestTls();
  }

  /** One that takes whatever a server shows, and shows this. */
  public static TestTls showing(KeyManager key) throws GeneralSecurityException {
    return new TestTls(key);
  }

  /** Its context. */
  public SSLContext context() {
    return context;
  }

  /** A connection before its handshake. */
  public SSLSocket connect(URI server) throws IOException {
    return (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.getPort());
  }

  /** SHA-256 of the public key that a server shows. */
  public static byte[] pin(URI server) throws Exception {
    try (SSLSocket socket = anyServer().connect(server)) {
      socket.startHandshake();
      return pin(socket.getSession().getPeerCertificates()[0]);
    }
  }

  /** The same of a file. */
  public static byte[] pin(Path certificate) throws Exception {
    try (var in = Files.newInputStream(certificate)) {
      return pin(CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
  }

  private static byte[] pin(Certificate certificate) {
    return DurableFiles.sha256().digest(certificate.getPublicKey().getEncoded());
  }

  /** A certificate of its owner's in this folder, in place of what was there. */
  public static TlsConfig.Files certificate(Path folder, String name) throws IOException {
    String pem = TestKeys.pem(name);
    int cut = pem.indexOf("-----BEGIN CERTIFICATE");
    Path key = folder.resolve("tls.key");
    Path certificate = folder.resolve("tls.pem");
    KeyFile.write(key, pem.substring(0, cut).getBytes(StandardCharsets.US_ASCII));
    Files.writeString(certificate, pem.substring(cut));
    return new TlsConfig.Files(certificate, key);
  }

  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
