package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.wire.CameraCredential;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** A key with a certificate that the JDK's keytool made. */
public final class TlsKeys {

  private static final String PASSWORD = "password";

  private final KeyStore store;

  private TlsKeys(KeyStore store) {
    this.store = store;
  }

  /** One whose certificate is good from this year's first day on, for a day. */
  public static TlsKeys make(Path folder, int year) throws Exception {
    Path file = Files.createTempDirectory(folder, "key").resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-alias",
                "it",
                "-dname",
                "CN=somebody else",
                "-startdate",
                year + "/01/01",
                "-validity",
                "1",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .inheritIO()
            .start();
    if (keytool.waitFor() != 0) {
      throw new IllegalStateException("keytool failed");
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return new TlsKeys(store);
  }

  /** A server of it, on a free port. */
  public ServerSocket server(String protocol) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.setEnabledProtocols(new String[] {protocol});
    return server;
  }

  /** A camera of this key that is paired with a master of that one. */
  public Pairing pairedWith(TlsKeys master, URI address) throws Exception {
    CameraCredential credential = CameraCredential.derive(new byte[32], "front");
    return new Pairing(address, master.pin(), certificate(), key(), credential);
  }

  byte[] pin() throws Exception {
    return DurableFiles.sha256().digest(certificate().getPublicKey().getEncoded());
  }

  private X509Certificate certificate() throws Exception {
    return (X509Certificate) store.getCertificate("it");
  }

  private PrivateKey key() throws Exception {
    return (PrivateKey) store.getKey("it", PASSWORD.toCharArray());
  }
}
