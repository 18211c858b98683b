package io.github.raspberryspy.segments.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.Manifests;
import io.github.raspberryspy.segments.wire.BoardHealth.Battery;
import io.github.raspberryspy.segments.wire.BoardHealth.BoardClock;
import io.github.raspberryspy.segments.wire.BoardHealth.Disk;
import io.github.raspberryspy.segments.wire.BoardHealth.Memory;
import io.github.raspberryspy.segments.wire.BoardHealth.Strain;
import io.github.raspberryspy.segments.wire.BoardHealth.Strains;
import io.github.raspberryspy.segments.wire.BoardHealth.Wifi;
import io.github.raspberryspy.segments.wire.LinkMessage.CameraState;
import io.github.raspberryspy.segments.wire.LinkMessage.Done;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.segments.wire.LinkMessage.Goodbye;
import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.segments.wire.LinkMessage.Motion;
import io.github.raspberryspy.segments.wire.LinkMessage.Other;
import io.github.raspberryspy.segments.wire.LinkMessage.Setting;
import io.github.raspberryspy.segments.wire.LinkMessage.Settings;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LinkCodecTest {

  /** What an older camera does not say, or a board does not tell. */
  private static final Set<String> OPTIONAL =
      Set.of(
          "other",
          "kind",
          "min",
          "max",
          "unit",
          "options",
          "gapless",
          "diskBytesADay",
          "backlogBytesPerSecond",
          "start",
          "board",
          "model",
          "system",
          "kernel",
          "firmware",
          "at",
          "health",
          "temperatureC",
          "strains",
          "wifi",
          "battery",
          "status",
          "memory",
          "disk",
          "writtenBytesADay",
          "errors",
          "wornPercent",
          "clock",
          "uptimeSeconds",
          "warnings");

  private static final BoardFacts FACTS =
      new BoardFacts("Raspberry Pi 4 Model B Rev 1.5", "Debian 12", "6.6.31", "2024-09-05");

  private static final BoardHealth HEALTH =
      new BoardHealth(
          OptionalDouble.of(61.298),
          Optional.of(new Strains(Set.of(Strain.THROTTLED), Set.of(Strain.values()))),
          Optional.of(new Wifi("wlan0", -56, 77)),
          Optional.of(new Battery(64, "discharging")),
          Optional.of(new Memory(1L << 32, 1L << 31)),
          Optional.of(
              new Disk(
                  "mmcblk0",
                  1L << 35,
                  OptionalLong.of(43_300_000_000L),
                  OptionalLong.of(0),
                  OptionalInt.of(10))),
          Optional.of(new BoardClock(true, false, 16_000)),
          OptionalLong.of(86_401),
          List.of("throttled"));

  private static final Heartbeat BEAT =
      new Heartbeat(
          CameraState.RECORDING,
          "",
          1280,
          720,
          29.97,
          1000,
          999,
          1,
          3,
          45_000_000L,
          OptionalLong.of(2_500_000L),
          1L << 40,
          OptionalLong.of(43_200_000_000L),
          true,
          Optional.of(Instant.parse("2026-11-23T14:00:00Z")),
          HEALTH);

  private static List<LinkMessage> messages() {
    Random random = new Random(9);
    Instant at = Instant.parse("2026-11-23T14:00:00.5Z");
    return List.of(
        new Hello(
            "front", "3f9a1c22", "RaspberrySpy 0.1", "test://?size=1280x720&fps=30", "s1", FACTS),
        BEAT,
        new Heartbeat(
            CameraState.STARTING,
            "no \"frames\"",
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            OptionalLong.empty(),
            0,
            OptionalLong.empty(),
            false,
            Optional.empty(),
            BoardHealth.UNKNOWN),
        new Motion(false, Manifests.span(random, at, at.plusSeconds(1))),
        new Motion(true, Manifests.span(random, at, at)),
        new Fault("picture-frozen", false, true, at, "the \"picture\" has stood still for 10 s"),
        new Fault("a-kind-of-tomorrow", true, false, at, ""),
        new Done("c-1", false, "it films nothing"),
        new Goodbye(),
        new Settings(4, Optional.of(new Other(5, true, "it \"went\" back")), List.of()),
        new Settings(
            3,
            Optional.empty(),
            List.of(
                new Setting(
                    "motion.hold",
                    "A sentence.",
                    "a time",
                    ValueKind.within("duration", "0ms", "60s"),
                    "2s",
                    "500ms",
                    true),
                new Setting(
                    "record.mode",
                    "A sentence.",
                    "one of a, b",
                    ValueKind.oneOf(List.of("a", "b")).in("x"),
                    "a",
                    "b",
                    false))));
  }

  @Test
  void aSettingOfAnOlderCameraIsAText() throws ManifestException {
    String older =
        """
        {"type":"settings","version":1,"settings":[
          {"key":"k","meaning":"m","allowed":"a text","value":"v","own":"o"}]}""";
    assertThat(LinkCodec.decode(older))
        .isEqualTo(
            new Settings(
                1,
                Optional.empty(),
                List.of(new Setting("k", "m", "a text", ValueKind.TEXT, "v", "o", false))));
  }

  /** A log line that was forged, an escape for a terminal, and a text that reads backwards. */
  @Test
  void whatACameraSaysIsOneLineAndSteersNothing() throws ManifestException {
    String forged = "covered\\n10:00 INFO signed in\\u001b[2J\\u009b2J\\u2028x\\u202ey";
    String plain = "covered 10:00 INFO signed in [2J 2J x y";
    String fault =
        "{\"type\":\"fault\",\"kind\":\"KIND\",\"ended\":false,\"alert\":true,"
            + "\"at\":\"2026-11-23T12:00:00Z\",\"sentence\":\"KIND\"}";
    assertThat(LinkCodec.decode(fault.replace("KIND", forged)))
        .isEqualTo(new Fault(plain, false, true, Instant.parse("2026-11-23T12:00:00Z"), plain));
    String hello =
        "{\"type\":\"hello\",\"camera\":\"front\",\"key\":\"0a1b2c3d\",\"software\":\"KIND\","
            + "\"source\":\"KIND\"}";
    assertThat(LinkCodec.decode(hello.replace("KIND", forged)))
        .isEqualTo(new Hello("front", "0a1b2c3d", plain, plain, ""));
    String motion =
        "{\"type\":\"motion\",\"ended\":true,\"span\":{\"start\":\"2026-11-23T12:00:00Z\","
            + "\"end\":\"2026-11-23T12:00:01Z\",\"score\":0.5,\"zones\":[ZONES],\"boxes\":[]}}";
    String zones = String.join(",", Collections.nCopies(900, "\"" + forged + "\""));
    assertThat(((Motion) LinkCodec.decode(motion.replace("ZONES", zones))).span().zones())
        .hasSize(64)
        .containsOnly(plain);
    assertThatThrownBy(() -> LinkCodec.decode("{\"type\":\"" + forged + "\"}"))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining(plain);
  }

  @Test
  void everyMessageReadsBack() throws ManifestException {
    for (LinkMessage message : messages()) {
      assertThat(LinkCodec.decode(LinkCodec.encode(message))).isEqualTo(message);
    }
    for (CameraState state : CameraState.values()) {
      assertThat(
              LinkCodec.encode(
                  new Heartbeat(
                      state,
                      "",
                      0,
                      0,
                      0,
                      0,
                      0,
                      0,
                      0,
                      0,
                      OptionalLong.empty(),
                      0,
                      OptionalLong.empty(),
                      false,
                      Optional.empty(),
                      BoardHealth.UNKNOWN)))
          .contains("\"" + state.text() + "\"");
    }
  }

  @Test
  void aLongProblemDoesNotSilenceTheHeartbeat() throws ManifestException {
    String problem = "\ud83d" + "x".repeat(100_000);
    Heartbeat beat =
        new Heartbeat(
            CameraState.RETRYING,
            problem,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            OptionalLong.empty(),
            0,
            OptionalLong.empty(),
            false,
            Optional.empty(),
            BoardHealth.UNKNOWN);
    Heartbeat read = (Heartbeat) LinkCodec.decode(LinkCodec.encode(beat));
    assertThat(read.problem()).startsWith("?xxx").hasSizeBetween(500, 1000);
    Hello hello = new Hello("front", "3f9a1c22", problem, problem, "");
    assertThat(((Hello) LinkCodec.decode(LinkCodec.encode(hello))).source()).startsWith("?xxx");
  }

  @Test
  void aRateThatIsNoNumberIsRefusedWhereItIsMade() {
    for (double fps : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1}) {
      assertThatThrownBy(
              () ->
                  new Heartbeat(
                      CameraState.STARTING,
                      "",
                      0,
                      0,
                      fps,
                      0,
                      0,
                      0,
                      0,
                      0,
                      OptionalLong.empty(),
                      0,
                      OptionalLong.empty(),
                      false,
                      Optional.empty(),
                      BoardHealth.UNKNOWN))
          .hasMessageStartingWith("fps");
    }
  }

  @Test
  void whatACameraDoesNotKnowIsNotSaid() throws ManifestException {
    String json = LinkCodec.encode(BEAT);
    String older = json.replaceAll("\"(diskBytesADay|backlogBytesPerSecond)\":[0-9]+,", "");
    assertThat(older).isNotEqualTo(json);
    Heartbeat read = (Heartbeat) LinkCodec.decode(older);
    assertThat(read.diskBytesADay()).isEmpty();
    assertThat(read.backlogBytesPerSecond()).isEmpty();
    assertThat(LinkCodec.encode(read)).isEqualTo(older);
  }

  @Test
  void aFieldThatIsMissingIsNamedInOneSentence() {
    for (LinkMessage message : messages()) {
      String json = LinkCodec.encode(message);
      Matcher names = Pattern.compile("\"(\\w+)\":").matcher(json);
      while (names.find()) {
        String field = names.group(1);
        boolean isOfFault = message instanceof Fault;
        if (OPTIONAL.contains(field) && !isOfFault) {
          continue; // an older camera does not say it
        }
        String without = json.substring(0, names.start()) + "\"_\":" + json.substring(names.end());
        assertThatThrownBy(() -> LinkCodec.decode(without))
            .as(without)
            .isInstanceOf(ManifestException.class)
            .hasMessageContaining("\"" + field + "\"")
            .hasMessageMatching("message[^\n]+");
      }
    }
  }

  @Test
  void aCameraSaysNeitherThatItIsLostNorATimeThatNoClockHas() {
    Fault fault = new Fault("dark", false, true, Instant.EPOCH, "");
    String lost = LinkCodec.encode(fault).replace("dark", "lost");
    assertThatThrownBy(() -> LinkCodec.decode(lost))
        .isInstanceOf(ManifestException.class)
        .hasMessage("message's \"kind\" is \"lost\", which no camera can say of itself");
    for (String wrong : List.of("+1000000000-12-31T23:59:59Z", "1066-10-14T09:00:00Z")) {
      String at = LinkCodec.encode(fault).replace("1970-01-01T00:00:00Z", wrong);
      assertThatThrownBy(() -> LinkCodec.decode(at))
          .isInstanceOf(ManifestException.class)
          .hasMessage("message's \"at\" of " + wrong + " is not within years 1970 to 9999");
    }
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    String json = LinkCodec.encode(BEAT);
    for (String wrong : new String[] {"4294968576", "1280.5", "null", "\"1280\"", "1e999"}) {
      assertThatThrownBy(() -> LinkCodec.decode(json.replace(":1280,", ":" + wrong + ",")))
          .isInstanceOf(ManifestException.class)
          .hasMessageContaining("\"width\"");
    }
  }

  @Test
  void cutsAndDamageNeverThrowAnythingElse() {
    Random random = new Random(4);
    for (LinkMessage message : messages()) {
      String json = LinkCodec.encode(message);
      for (int cut = 0; cut < json.length(); cut++) {
        String part = json.substring(0, cut);
        assertThatThrownBy(() -> LinkCodec.decode(part)).isInstanceOf(ManifestException.class);
      }
      for (int round = 0; round < 5000; round++) {
        char[] chars = json.toCharArray();
        chars[random.nextInt(chars.length)] ^= (char) (1 << random.nextInt(16));
        try {
          LinkCodec.decode(new String(chars));
        } catch (ManifestException e) {
          assertThat(e).hasMessageMatching("[^\n]{5,600}");
        }
      }
    }
  }

  @Test
  void anUnknownTypeIsNamed() {
    assertThatThrownBy(() -> LinkCodec.decode("{\"type\":\"dance\"}"))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("dance");
  }
}
