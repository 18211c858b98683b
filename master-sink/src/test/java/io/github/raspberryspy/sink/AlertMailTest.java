package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.Mp4Builder;
import io.github.raspberryspy.segments.Poster;
import io.github.raspberryspy.segments.wire.CommandCodec;
import io.github.raspberryspy.segments.wire.LinkCodec;
import io.github.raspberryspy.segments.wire.LinkCommand;
import io.github.raspberryspy.segments.wire.LinkMessage;
import io.github.raspberryspy.segments.wire.LinkMessage.Done;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.segments.wire.LinkMessage.Motion;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.alert.AlertConfig;
import io.github.raspberryspy.sink.alert.AlertConfig.Targets;
import io.github.raspberryspy.sink.alert.AlertKind;
import io.github.raspberryspy.sink.alert.AlertRule;
import io.github.raspberryspy.sink.alert.AlertRules;
import io.github.raspberryspy.sink.alert.MailConfig;
import jakarta.mail.BodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From motion at a camera, which the test plays, to a mail with a picture. */
@Timeout(60)
class AlertMailTest {

  private static final byte[] NOW = {(byte) 0xff, (byte) 0xd8, 1, 2, (byte) 0xff, (byte) 0xd9};
  private static final byte[] STILL = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, 1, 2, 3};

  @TempDir Path footage;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-23T14:00:00Z"));
  private final GreenMail post =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
  private final BlockingQueue<LinkCommand> asked = new LinkedBlockingQueue<>();
  private TestMaster master;
  private WebSocket link;

  @BeforeEach
  void start() throws Exception {
    post.start();
    MailConfig mail =
        MailConfig.of(
            URI.create("smtp://127.0.0.1:" + post.getSmtp().getPort()),
            Optional.empty(),
            "spy@example.org",
            List.of("ann@example.org"));
    AlertRule motion =
        new AlertRule(Set.of(AlertKind.MOTION), Set.of(), Set.of(), Optional.empty(), Set.of());
    AlertConfig alerts =
        new AlertConfig(
            new AlertRules(List.of(motion), List.of(), Set.of(), ZoneOffset.UTC),
            Duration.ofMinutes(1),
            Duration.ofDays(1),
            Optional.empty(),
            List.of(),
            new Targets(Optional.empty(), Optional.empty(), Optional.of(mail), Optional.empty()));
    master =
        TestMaster.start(footage, config -> config.alerts(alerts).clock(clock, System::nanoTime));
    link =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .header("Authorization", "Bearer " + master.camera("front").credential().token())
            .buildAsync(
                URI.create("ws://127.0.0.1:" + master.url().getPort() + Tus.LINK_PATH), new Ears())
            .join();
    say(new Hello("front", "0a1b2c3d", "test 1", "test://", ""));
  }

  @AfterEach
  void stop() {
    link.abort();
    master.close();
    post.stop();
  }

  private final class Ears implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      try {
        asked.add(CommandCodec.decode(text.toString()));
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      socket.request(1);
      return null;
    }
  }

  private void say(LinkMessage message) {
    link.sendText(LinkCodec.encode(message), true).join();
  }

  private void moves() {
    Instant at = clock.instant();
    say(new Motion(false, new EventSpan(at, at.plusSeconds(1), 0.25, List.of(), List.of())));
  }

  private MimeMessage mail() {
    await().until(() -> post.getReceivedMessages().length == 1);
    return post.getReceivedMessages()[0];
  }

  private byte[] picture() throws Exception {
    MimeMultipart parts = (MimeMultipart) mail().getContent();
    MimeMultipart rich = (MimeMultipart) parts.getBodyPart(1).getContent();
    BodyPart jpeg = rich.getBodyPart(1);
    try (InputStream in = jpeg.getInputStream()) {
      return in.readAllBytes();
    }
  }

  @Test
  void aPictureOfNowComesWithWhatMovesNow() throws Exception {
    moves();
    LinkCommand command = asked.poll(10, TimeUnit.SECONDS);
    assertThat(command).isInstanceOf(LinkCommand.Snapshot.class);
    TestCamera camera = master.camera("front");
    camera.send(
        camera
            .request(Tus.SNAPSHOT_PATH + command.id())
            .header(Tus.CAPTURED, clock.instant().toString())
            .PUT(BodyPublishers.ofByteArray(NOW)));
    say(new Done(command.id(), true, ""));
    assertThat(picture()).isEqualTo(NOW);
  }

  @Test
  void theLogOfWhatPeopleDidNamesTheChannelThatWasTried() throws Exception {
    TestPerson person = new TestPerson(master.server());
    person.send(
        person
            .request("/api/v1/alerts/test?channel=mail")
            .header("X-RaspberrySpy", "1")
            .POST(BodyPublishers.noBody()));
    JsonNode latest = person.get("/api/v1/audit?limit=1").get(0);
    assertThat(latest.get("action").asText()).isEqualTo("test-alert");
    assertThat(latest.get("detail").asText()).isEqualTo("mail");
  }

  @Test
  void aCameraThatBringsNoneHoldsUpNoMail() throws Exception {
    moves();
    assertThat(asked.poll(10, TimeUnit.SECONDS)).isInstanceOf(LinkCommand.Snapshot.class);
    assertThat(String.valueOf(mail().getContent())).startsWith("Something moves at camera front");
  }

  @Test
  void whereTheFileOfTheSegmentIsMissingTheMailGoesWithoutAStill() throws Exception {
    byte[] file = Mp4Builder.join(Footage.mp4(70_000, 1, true), Poster.toBox(STILL));
    Clip clip = Footage.of(Footage.clip("front", 0, 500).id(), file, List.of());
    master.camera("front").upload(clip);
    try (Stream<Path> files = Files.walk(footage.resolve("front"))) {
      for (Path one : files.filter(f -> f.toString().endsWith(".mp4")).toList()) {
        Files.delete(one);
      }
    }
    clock.set(clip.manifest().end());
    moves();
    LinkCommand command = asked.poll(10, TimeUnit.SECONDS);
    say(new Done(command.id(), false, "the camera is opened anew"));
    assertThat(String.valueOf(mail().getContent())).startsWith("Something moves at camera front");
  }

  @Test
  void whereItBringsNoneTheStillOfTheSegmentIsSent() throws Exception {
    byte[] file = Mp4Builder.join(Footage.mp4(70_000, 1, true), Poster.toBox(STILL));
    Clip clip = Footage.of(Footage.clip("front", 0, 500).id(), file, List.of());
    master.camera("front").upload(clip);
    clock.set(clip.manifest().end());
    moves();
    LinkCommand command = asked.poll(10, TimeUnit.SECONDS);
    say(new Done(command.id(), false, "the camera is opened anew"));
    assertThat(picture()).isEqualTo(STILL);
  }
}
