package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.sink.tls.TlsConfig;
import java.io.IOException;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS 1.3 on the master's port, and nothing else on it. */
@Timeout(120)
class TlsTest {

  private static final String AES_128 = "TLS_AES_128_GCM_SHA256";
  private static final String CHACHA = "TLS_CHACHA20_POLY1305_SHA256";

  @TempDir Path footage;
  @TempDir Path certificates;

  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-23T15:00:00Z"));

  private TestMaster master(TlsConfig tls) throws IOException {
    return TestMaster.start(footage, config -> config.tls(tls).clock(clock, clock::nanos));
  }

  private static int status(TestMaster master, String path) throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(TestTls.anyServer().context()).build();
    HttpRequest request = HttpRequest.newBuilder(master.url().resolve(path)).build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  @Test
  void tls13IsSpokenWithAKeyOfItsOwnThatOutlastsARestart() throws Exception {
    try (TestMaster master = master(TlsConfig.own())) {
      assertThat(master.url().getScheme()).isEqualTo("https");
      assertThat(status(master, "/health")).isEqualTo(200);
      byte[] before = TestTls.pin(master.url());
      master.restart();
      assertThat(TestTls.pin(master.url())).isEqualTo(before);
    }
  }

  @Test
  void thePrintedFingerprintIsThatOfTheCertificateThatABrowserIsShown() throws Exception {
    MasterConfig config =
        MasterConfig.into(footage).listen("127.0.0.1", 0).tls(TlsConfig.own()).build();
    try (MasterServer master = MasterServer.start(config);
        SSLSocket browser = TestTls.anyServer().connect(master.url())) {
      browser.startHandshake();
      byte[] shown = browser.getSession().getPeerCertificates()[0].getEncoded();
      assertThat(master.certificateFingerprint())
          .contains(
              HexFormat.ofDelimiter(":")
                  .withUpperCase()
                  .formatHex(DurableFiles.sha256().digest(shown)));
    }
  }

  @Test
  void theKeyIsItsOwnersAlone() throws Exception {
    try (TestMaster master = master(TlsConfig.own())) {
      assertThat(status(master, "/health")).isEqualTo(200);
      Path key = footage.resolve(".raspberryspy/master.key");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void tls12AndPlainHttpAreRefused() throws Exception {
    try (TestMaster master = master(TlsConfig.own())) {
      try (SSLSocket old = TestTls.anyServer().connect(master.url())) {
        old.setEnabledProtocols(new String[] {"TLSv1.2"});
        assertThatThrownBy(old::startHandshake).isInstanceOf(SSLException.class);
      }
      try (RawConnections plain =
          new RawConnections(master.url()).come(1, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n")) {
        await().untilAsserted(() -> assertThat(plain.left()).isZero());
        assertThat(plain.answers(200)).isZero();
      }
    }
  }

  @Test
  void aPageThatCameWithoutTlsIsAnotherOrigin() throws Exception {
    try (TestMaster master = master(TlsConfig.own())) {
      String ours = master.url().getAuthority();
      assertThat(signIn(master, "http://" + ours)).isEqualTo(403);
      assertThat(signIn(master, "https://" + ours)).isEqualTo(401);
    }
  }

  private static int signIn(TestMaster master, String origin) throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(TestTls.anyServer().context()).build();
    HttpRequest request =
        HttpRequest.newBuilder(master.url().resolve("/sign-in"))
            .header("Origin", origin)
            .POST(BodyPublishers.ofString("{\"name\":\"ada\",\"password\":\"wrong\"}"))
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  @Test
  void eachCipherOfTls13IsSpokenAndNoneOfOlderTls() throws Exception {
    try (TestMaster master = master(TlsConfig.own())) {
      List<String> spoken = new ArrayList<>();
      for (String suite :
          TestTls.anyServer().context().getSupportedSSLParameters().getCipherSuites()) {
        negotiated(master, suite).ifPresent(spoken::add);
      }
      assertThat(spoken).containsExactlyInAnyOrder(AES_128, "TLS_AES_256_GCM_SHA384", CHACHA);
      assertThat(negotiated(master, CHACHA, AES_128)).hasValue(CHACHA);
      assertThat(negotiated(master, AES_128, CHACHA)).hasValue(AES_128);
    }
  }

  /** What is spoken with a client that likes these, the first best; empty for nothing. */
  private static Optional<String> negotiated(TestMaster master, String... suites) throws Exception {
    try (SSLSocket socket = TestTls.anyServer().connect(master.url())) {
      socket.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1"});
      socket.setEnabledCipherSuites(suites);
      socket.startHandshake();
      return Optional.of(socket.getSession().getCipherSuite());
    } catch (SSLException | SocketException e) {
      return Optional.empty();
    }
  }

  @Test
  void itListensBeyondThisMachineOnlyWithTls() {
    assertThatThrownBy(() -> MasterConfig.into(footage).listen("0.0.0.0", 0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("without TLS");
    assertThat(MasterConfig.into(footage).listen("0.0.0.0", 0).tls(TlsConfig.own()).build().host())
        .isEqualTo("0.0.0.0");
  }

  @Test
  void theCookieOfASessionIsForTlsAlone() throws Exception {
    try (TestMaster master = master(TlsConfig.own())) {
      HttpClient client = HttpClient.newBuilder().sslContext(TestTls.anyServer().context()).build();
      var answer =
          client.send(
              HttpRequest.newBuilder(master.server().signInLink()).build(),
              BodyHandlers.ofString());
      assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
          .startsWith("__Host-raspberryspy")
          .contains("Secure", "HttpOnly", "SameSite=Strict", "Path=/")
          .doesNotContain("Domain");
    }
  }

  @Test
  void aCertificateOfTheOwnersIsShownAndReadAgainWhenItChanges() throws Exception {
    TlsConfig.Files files = TestTls.certificate(certificates, "one.example");
    try (TestMaster master = master(new TlsConfig(Optional.of(files), List.of()))) {
      byte[] first = TestTls.pin(master.url());
      assertThat(first).isEqualTo(TestTls.pin(files.certificate()));
      TestTls.certificate(certificates, "two.example");
      byte[] second = TestTls.pin(files.certificate());
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(TestTls.pin(master.url())).isEqualTo(second));
    }
  }

  @Test
  void aKeyThatIsNotTheCertificatesIsNamed() throws Exception {
    TlsConfig.Files files = TestTls.certificate(certificates, "one.example");
    Path other = Files.createDirectory(certificates.resolve("other"));
    Path key = TestTls.certificate(other, "two.example").key();
    TlsConfig wrong =
        new TlsConfig(Optional.of(new TlsConfig.Files(files.certificate(), key)), List.of());
    assertThatThrownBy(() -> master(wrong))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the key is not that of the first certificate");
  }

  @Test
  void thousandsOfHalfHandshakesKeepNobodyOutAndAreEnded() throws Exception {
    try (TestMaster master = master(TlsConfig.own());
        RawConnections strangers = new RawConnections(master.url()).come(2_000, "\u0016\u0003")) {
      assertThat(status(master, "/health")).isEqualTo(200);
      assertThat(strangers.left()).isPositive();
      await()
          .untilAsserted(
              () -> {
                clock.advance(Duration.ofSeconds(11));
                assertThat(strangers.left()).isZero();
              });
    }
  }
}
