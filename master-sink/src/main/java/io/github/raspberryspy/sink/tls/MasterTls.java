package io.github.raspberryspy.sink.tls;

import io.github.raspberryspy.segments.Timers;
import io.github.raspberryspy.sink.auth.MasterSecret;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The master's end of TLS: what it shows, and what it takes of who connects. It takes whatever
 * certificate a camera shows, since TLS itself proves that the camera has its key: whose key that
 * is, is the guard's to say. Thread-safe.
 */
public final class MasterTls implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(MasterTls.class);
  private static final long LOOK_SECONDS = 2;

  private final TlsConfig config;
  private final ServerKey own;
  private final Optional<TlsConfig.Files> files;
  private final ShownKey shown;
  private final SSLContext context;
  private final ScheduledExecutorService timer = Timers.daemon("master-certificate");
  private List<FileTime> changed = List.of(); // known to the timer alone, once started

  private MasterTls(ServerKey own, TlsConfig config) throws IOException {
    this.own = own;
    this.config = config;
    this.files = config.files();
    if (files.isPresent()) {
      changed = KeyStock.changed(files.get());
      shown = new ShownKey(KeyStock.brought(files.get()));
    } else {
      shown = new ShownKey(own);
    }
    try {
      context = SSLContext.getInstance("TLSv1.3");
      context.init(
          new KeyManager[] {shown}, new TrustManager[] {new AnyKey(own.chain().get(0))}, null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS 1.3", e);
    }
  }

  /**
   * Reads the key of a master, or makes it where there is none yet.
   *
   * @param folder the master's folder of internals; created
   * @throws IOException in one sentence, if a file cannot be read or written, or is no key
   */
  public static MasterTls open(TlsConfig config, Path folder) throws IOException {
    return new MasterTls(KeyStock.own(folder, Hosts.names(config)), config);
  }

  /**
   * The same of replicas, which share it.
   *
   * @throws IOException likewise, and where the database cannot be reached
   */
  public static MasterTls shared(TlsConfig config, MasterSecret.Note note) throws IOException {
    return new MasterTls(KeyStock.shared(note, Hosts.names(config)), config);
  }

  /** Looks every two seconds whether its owner brought another certificate. */
  public void start() {
    if (files.isPresent()) {
      var unused =
          timer.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** For the server's socket. */
  public SSLContext context() {
    return context;
  }

  /** SHA-256 of the public key that it shows, which cameras pin: 32 bytes. */
  public byte[] pin() {
    return shown.now().pin();
  }

  /**
   * SHA-256 of the certificate that the master made itself, as browsers show it: 32 pairs of
   * hexadecimal digits with colons. Empty where its owner brought one, which others vouch for.
   */
  public Optional<String> fingerprint() {
    return files.isPresent()
        ? Optional.empty()
        : Optional.of(ServerKey.fingerprint(own.chain().get(0)));
  }

  /** Where cameras find it that listens there, each a host and a port, the likeliest first. */
  public List<String> addresses(String host, int port) {
    return Hosts.addresses(config, host, port);
  }

  /** SHA-256 of the public key of a certificate: 32 bytes. */
  public static byte[] pin(X509Certificate certificate) {
    return ServerKey.pin(certificate);
  }

  /**
   * A camera's certificate, signed by the master's own key.
   *
   * @throws IOException if it cannot be made
   */
  public X509Certificate certify(String camera, PublicKey key) throws IOException {
    return Certificates.camera(camera, key, own);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void look() {
    try {
      List<FileTime> now = KeyStock.changed(files.orElseThrow());
      if (now.equals(changed)) {
        return;
      }
      ServerKey fresh = KeyStock.brought(files.get());
      if (!Arrays.equals(fresh.pin(), pin())) {
        log.warn("the certificate has another key than before: cameras have to be paired anew");
      }
      shown.show(fresh);
      changed = now;
      log.info("the certificate was read again: {}", fresh);
    } catch (IOException | RuntimeException e) { // half of it may be written as yet
      log.warn("the certificate stays what it was: {}", e.getMessage());
    }
  }
}
