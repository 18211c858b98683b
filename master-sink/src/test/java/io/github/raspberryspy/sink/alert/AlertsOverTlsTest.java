package io.github.raspberryspy.sink.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.raspberryspy.sink.TestTls;
import io.github.raspberryspy.sink.tls.TestKeys;
import io.github.raspberryspy.sink.tls.TestKeys.Shown;
import io.github.raspberryspy.sink.tls.TlsConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real servers whose certificates only the configuration believes; or does not. */
@Timeout(60)
class AlertsOverTlsTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final Alert LOST =
      Alert.of("front x", AlertKind.LOST, "front", NOON, "Camera front: it is unreachable.");

  @TempDir Path folder;

  private static Outgoing believing(X509Certificate... authorities) {
    return new Outgoing(Optional.empty(), Duration.ofSeconds(10), Trust.also(List.of(authorities)));
  }

  @Test
  void aWebhookByAnAuthorityOfOnesOwn() throws Exception {
    Shown key = TestKeys.server("127.0.0.1");
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(key.context()));
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      int port = server.getAddress().getPort();
      assertThat(hook("127.0.0.1", port, believing(key.certificate())).send(LOST))
          .isEqualTo("the server answered 200");
      assertThatExceptionOfType(IOException.class)
          .as("nobody else believes it")
          .isThrownBy(() -> hook("127.0.0.1", port, believing()).send(LOST))
          .withMessageContaining("certification path");
      assertThatExceptionOfType(IOException.class)
          .as("it is of another name")
          .isThrownBy(() -> hook("localhost", port, believing(key.certificate())).send(LOST))
          .withMessageContaining("localhost");
    } finally {
      server.stop(0);
    }
  }

  private static WebhookChannel hook(String host, int port, Outgoing way) {
    URI url = URI.create("https://" + host + ":" + port + "/");
    return new WebhookChannel(new WebhookConfig(url, Optional.empty()), Clock.systemUTC(), way);
  }

  @Test
  void mailEncryptedFromTheFirstByteAndByStarttls() throws Exception {
    Shown key = TestKeys.server("127.0.0.1");
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.start();
    try {
      for (String scheme : List.of("smtps", "smtp")) {
        boolean startsPlain = scheme.equals("smtp");
        try (TlsFront front =
            new TlsFront(key.context(), server.getSmtp().getPort(), startsPlain)) {
          MailConfig config = mailConfig(scheme + "://127.0.0.1:" + front.port);
          server.purgeEmailFromAllMailboxes();
          assertThat(mail(config, believing(key.certificate())).send(LOST))
              .isEqualTo("the server took the mail");
          assertThat(server.getReceivedMessages()).hasSize(1);
          assertThatExceptionOfType(IOException.class)
              .as("nobody else believes it")
              .isThrownBy(() -> mail(config, believing()).send(LOST))
              .withMessageContaining("certification path");
          MailConfig misled = mailConfig(scheme + "://localhost:" + front.port);
          assertThatExceptionOfType(IOException.class)
              .as("it is of another name")
              .isThrownBy(() -> mail(misled, believing(key.certificate())).send(LOST))
              .withMessageContaining("localhost");
          assertThat(server.getReceivedMessages()).hasSize(1);
        }
      }
    } finally {
      server.stop();
    }
  }

  private static MailConfig mailConfig(String url) {
    return new MailConfig(URI.create(url), Optional.empty(), "a@b.org", List.of("c@d.org"), true);
  }

  private static MailChannel mail(MailConfig config, Outgoing way) {
    return new MailChannel(config, ZoneOffset.UTC, AlertPicture.NONE, way);
  }

  @Test
  void aBrokerByAnAuthorityOfOnesOwn() throws Exception {
    TlsConfig.Files key = TestTls.certificate(folder, "127.0.0.1");
    X509Certificate authority;
    try (InputStream in = Files.newInputStream(key.certificate())) {
      authority = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
    try (Mosquitto broker = Mosquitto.encrypted(folder, key)) {
      MqttChannel believer = mqtt(broker, "127.0.0.1", believing(authority));
      MqttChannel stranger = mqtt(broker, "127.0.0.1", believing());
      MqttChannel misled = mqtt(broker, "localhost", believing(authority));
      try {
        await().ignoreExceptions().until(() -> believer.send(LOST).equals("the broker took it"));
        await().until(() -> failure(stranger).contains("certification path"));
        await().until(() -> failure(misled).contains("localhost"));
      } finally {
        believer.close();
        stranger.close();
        misled.close();
      }
    }
  }

  private static MqttChannel mqtt(Mosquitto broker, String host, Outgoing way) {
    URI url = URI.create("mqtts://" + host + ":" + broker.port);
    MqttConfig config = new MqttConfig(url, Optional.empty(), "spy", Optional.empty());
    MqttChannel channel = new MqttChannel(config, Clock.systemUTC(), way);
    channel.start();
    return channel;
  }

  private static String failure(MqttChannel channel) {
    try {
      return channel.send(LOST);
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
