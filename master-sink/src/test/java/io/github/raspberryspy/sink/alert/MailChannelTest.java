package io.github.raspberryspy.sink.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.github.raspberryspy.sink.alert.AlertPicture.Picture;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Mail to a real SMTP server. */
@Timeout(60)
class MailChannelTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final GreenMail server =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

  @BeforeEach
  void start() {
    server.setUser("spy", "secret");
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private MailChannel channel(MailConfig config, AlertPicture pictures) {
    return channel(config, pictures, List.of());
  }

  private MailChannel channel(
      MailConfig config, AlertPicture pictures, List<X509Certificate> authorities) {
    Optional<URI> page = Optional.of(URI.create("https://spy.example/?a&b"));
    return new MailChannel(
        config, BERLIN, pictures, new Outgoing(page, PATIENCE, Trust.also(authorities)));
  }

  private MailConfig config() {
    return MailConfig.of(
        url(server.getSmtp().getPort()),
        Optional.of(new Login("spy", "secret")),
        "spy@example.org",
        List.of("ann@example.org", "bob@example.org"));
  }

  private static URI url(int port) {
    return URI.create("smtp://127.0.0.1:" + port);
  }

  private static Alert lost() {
    return Alert.of(
        "front x", AlertKind.LOST, "front", NOON, "Camera front: it is unreachable – dark.");
  }

  @Test
  void itSaysWhatHappenedWhenAndWhereToLook() throws Exception {
    assertThat(channel(config(), AlertPicture.NONE).send(lost()))
        .isEqualTo("the server took the mail");
    assertThat(server.getReceivedMessages()).hasSize(2);
    MimeMessage mail = server.getReceivedMessages()[0];
    assertThat(mail.getSubject()).isEqualTo("Camera front is lost");
    assertThat(mail.getMessageID()).isEqualTo("<" + lost().id() + "@raspberryspy>");
    assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    assertThat(String.valueOf(mail.getContent()))
        .startsWith("Camera front: it is unreachable – dark.")
        .contains("13:00:00")
        .contains("https://spy.example/");
  }

  @Test
  void aPictureComesWithinItWithWhenItWasFilmedAndWhereToLook() throws Exception {
    byte[] jpeg = {(byte) 0xFF, (byte) 0xD8, 1, 2, 3};
    Alert odd = Alert.of("x", AlertKind.MOTION, "front", NOON, "Motion in <path> & \"door\".");
    channel(
            config(),
            alert -> Optional.of(new Picture(NOON.minusSeconds(7), ByteBuffer.wrap(jpeg))))
        .send(odd);
    MimeMultipart parts = (MimeMultipart) server.getReceivedMessages()[0].getContent();
    assertThat(parts.getContentType()).startsWith("multipart/alternative");
    assertThat(String.valueOf(parts.getBodyPart(0).getContent())).startsWith(odd.message());
    MimeMultipart rich = (MimeMultipart) parts.getBodyPart(1).getContent();
    assertThat(String.valueOf(rich.getBodyPart(0).getContent()))
        .contains("Motion in &lt;path&gt; &amp; &quot;door&quot;.")
        .contains("src=\"cid:picture@raspberryspy\"")
        .contains("Filmed 23 Nov 2026, 12:59:53")
        .contains("href=\"https://spy.example/?a&amp;b#camera=front&amp;at=" + NOON + "\"");
    assertThat(rich.getBodyPart(1).getHeader("Content-ID"))
        .containsExactly("<picture@raspberryspy>");
    try (InputStream in = rich.getBodyPart(1).getInputStream()) {
      assertThat(in.readAllBytes()).isEqualTo(jpeg);
    }
  }

  @Test
  void whateverIsWrongWithThePictureTheWordsArrive() throws Exception {
    channel(
            config(),
            alert -> {
              throw new IllegalStateException("no picture");
            })
        .send(lost());
    assertThat(String.valueOf(server.getReceivedMessages()[0].getContent()))
        .startsWith("Camera front: it is unreachable");
  }

  @Test
  void aMailThatIsSentAgainHasTheSameId() throws Exception {
    MailChannel channel = channel(config(), AlertPicture.NONE);
    channel.send(lost());
    channel.send(lost());
    assertThat(server.getReceivedMessages()[2].getMessageID())
        .isEqualTo(server.getReceivedMessages()[0].getMessageID());
  }

  @Test
  void aWrongPasswordIsToldWithoutIt() {
    MailConfig wrong =
        MailConfig.of(
            config().url(),
            Optional.of(new Login("spy", "hunter2")),
            "a@b.org",
            List.of("c@d.org"));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> channel(wrong, AlertPicture.NONE).send(lost()))
        .withMessageStartingWith("the mail server did not take it: ")
        .withMessageNotContaining("hunter2");
    assertThat(wrong.toString()).doesNotContain("hunter2");
  }

  @Test
  void nothingIsSaidUnencryptedToAnotherMachine() {
    assertThat(
            MailConfig.of(
                    URI.create("smtp://mail.example:25"),
                    Optional.empty(),
                    "a@b.org",
                    List.of("c@d.org"))
                .requiresTls())
        .isTrue();
    MailConfig strict =
        new MailConfig(config().url(), config().login(), "a@b.org", List.of("c@d.org"), true);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> channel(strict, AlertPicture.NONE).send(lost()))
        .withMessageContaining("STARTTLS");
    assertThat(server.getReceivedMessages()).isEmpty();
  }

  @Test
  void aServerThatIsAwayOrSilentFailsInOneSentence() throws Exception {
    MailConfig away = config();
    server.stop();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> channel(away, AlertPicture.NONE).send(lost()))
        .withMessage("nobody answers at 127.0.0.1:" + away.port());
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      MailConfig config =
          MailConfig.of(
              url(silent.getLocalPort()), Optional.empty(), "a@b.org", List.of("c@d.org"));
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> channel(config, AlertPicture.NONE).send(lost()))
          .withMessageContaining("in time");
    }
  }

  @Test
  void whatIsNoAddressIsRefused() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> MailConfig.of(url(25), Optional.empty(), "a@b.org", List.of("nobody")))
        .withMessage("\"nobody\" is no address such as name@host");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(
            () ->
                MailConfig.of(
                    URI.create("http://x"), Optional.empty(), "a@b.org", List.of("c@d.org")));
  }
}
