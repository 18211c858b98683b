package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.sink.tls.TlsConfig;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
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
          .contains("Secure")
          .contains("HttpOnly");
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
