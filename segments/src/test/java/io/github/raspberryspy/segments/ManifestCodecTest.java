package io.github.raspberryspy.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestCodecTest {

  private static final String SOUND =
      """
      {"id":"front-3f9a1c22-r17-000123","camera":"front","key":"3f9a1c22","run":17,
       "sequence":123,"start":"2026-11-23T14:00:00Z","end":"2026-11-23T14:00:05Z",
       "clock":"synced","firstPtsUs":615000000,"frames":150,"bytes":1234,
       "sha256":"%s","codec":"avc1.42c01f","width":1280,"height":720,"fps":30.0,
       "motion":[{"start":"2026-11-23T14:00:01Z","end":"2026-11-23T14:00:02Z","score":0.5,
         "zones":["gate"],"boxes":[[0.1,0.2,0.3,0.4]]}],
       "gaps":[{"start":"2026-11-23T14:00:03Z","end":"2026-11-23T14:00:04Z","reason":"restart"}],
       "closed":"time","version":1}
      """
          .formatted("ab".repeat(32));

  @TempDir Path folder;

  private static SegmentManifest decode(String json) throws ManifestException {
    return ManifestCodec.decode(json.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everyManifestReadsBack(long seed) throws ManifestException {
    Random random = new Random(seed);
    for (int i = 0; i < 400; i++) {
      SegmentManifest manifest = Manifests.random(random);
      assertThat(ManifestCodec.decode(ManifestCodec.encode(manifest))).isEqualTo(manifest);
    }
  }

  @Test
  void writesOneFieldALineUnderTheNamesThatOthersRelyOn() throws ManifestException {
    String json =
        new String(ManifestCodec.encode(decode(SOUND)), StandardCharsets.UTF_8).replace("\r", "");
    Matcher names = Pattern.compile("(?m)^  \"(\\w+)\" : ").matcher(json);
    List<String> found = new ArrayList<>();
    while (names.find()) {
      found.add(names.group(1));
    }
    assertThat(found)
        .containsExactly(
            "id",
            "camera",
            "key",
            "run",
            "sequence",
            "start",
            "end",
            "clock",
            "firstPtsUs",
            "frames",
            "bytes",
            "sha256",
            "codec",
            "width",
            "height",
            "fps",
            "motion",
            "gaps",
            "closed",
            "version");
  }

  @Test
  void soundIsAFieldOfItsOwnWhichIsAbsentWhereThereIsNone() throws ManifestException {
    assertThat(decode(SOUND).audio()).isEmpty();
    assertThat(new String(ManifestCodec.encode(decode(SOUND)), StandardCharsets.UTF_8))
        .doesNotContain("audio");
    String heard =
        SOUND.replace(
            "\"motion\"",
            "\"audio\":{\"codec\":\"opus\",\"sampleRateHz\":48000,\"channels\":1},\"motion\"");
    SegmentManifest manifest = decode(heard);
    assertThat(manifest.audio()).contains(new AudioFormat("opus", 48_000, 1));
    assertThat(ManifestCodec.decode(ManifestCodec.encode(manifest))).isEqualTo(manifest);
  }

  @ParameterizedTest
  @CsvSource({
    "7, is missing or not an object",
    "'{}', \"codec\"",
    "'{\"codec\":\"opus\",\"sampleRateHz\":0,\"channels\":1}', sampleRateHz 0",
    "'{\"codec\":\"opus\",\"sampleRateHz\":48000,\"channels\":99}', channels 99",
    "'{\"codec\":\"\",\"sampleRateHz\":48000,\"channels\":1}', codec of the sound is empty",
    "'{\"codec\":\"ac-3\",\"sampleRateHz\":48000,\"channels\":1}', is neither AAC"
  })
  void soundThatMakesNoSenseIsRefused(String audio, String complaint) {
    String json = SOUND.replace("\"motion\":[{", "\"audio\":" + audio + ",\"motion\":[{");
    assertThatThrownBy(() -> decode(json))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining(complaint);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id", "camera", "key", "run", "sequence", "clock", "firstPtsUs", "frames", "bytes",
        "sha256", "codec", "width", "height", "fps", "motion", "gaps", "closed", "version",
        "start", "end", "score", "zones", "boxes", "reason"
      })
  void aFieldThatIsMissingOrOfTheWrongKindIsNamedInOneSentence(String field) {
    Pattern place =
        Pattern.compile(
            "\""
                + field
                + "\":(\"[^\"]*\"|[0-9.]+|\\[\\[.*?\\]\\]|\\[\\{.*?\\}\\]|\\[[^\\[{]*?\\])");
    Matcher matcher = place.matcher(SOUND.replace("\n", " "));
    List<String> results = new ArrayList<>();
    String sound = SOUND.replace("\n", " ");
    while (matcher.find()) {
      for (String other : List.of("null", "true", "{}", "[{}]", "[[]]", "[null]", "[7]")) {
        results.add(sound.substring(0, matcher.start(1)) + other + sound.substring(matcher.end(1)));
      }
      String name = "\"" + field + "\"";
      int at = matcher.start();
      results.add(sound.substring(0, at) + "\"x\"" + sound.substring(at + name.length()));
    }
    assertThat(results).isNotEmpty();
    for (String json : results) {
      assertThatThrownBy(() -> decode(json))
          .as(json)
          .isInstanceOf(ManifestException.class)
          .hasMessageMatching("manifest[^\n]{5,300}");
    }
    assertThatThrownBy(() -> decode(results.get(results.size() - 1)))
        .hasMessageContaining("\"" + field + "\"");
    assertThatThrownBy(() -> decode(results.get(0))).hasMessageContaining("\"" + field + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"run\":17|\"run\":17.5|\"run\"",
        "\"run\":17|\"run\":1e3|\"run\"",
        "\"run\":17|\"run\":99999999999999999999|\"run\"",
        "\"run\":17|\"run\":1000000000000000000|run",
        "\"run\":17|\"run\":0|run",
        "\"run\":17|\"run\":18|id",
        "\"sequence\":123|\"sequence\":-1|sequence",
        "\"width\":1280|\"width\":4294968576|\"width\"",
        "\"width\":1280|\"width\":0|picture size 0x720",
        "\"height\":720|\"height\":16385|picture size 1280x16385",
        "\"fps\":30.0|\"fps\":0|fps",
        "\"fps\":30.0|\"fps\":1e999|fps",
        "\"frames\":150|\"frames\":0|frames",
        "\"bytes\":1234|\"bytes\":0|0 bytes",
        "\"firstPtsUs\":615000000|\"firstPtsUs\":-5|firstPtsUs",
        "\"sha256\":\"ab|\"sha256\":\"AB|sha256",
        "\"clock\":\"synced\"|\"clock\":\"SYNCED\"|\"clock\"",
        "\"closed\":\"time\"|\"closed\":\"bored\"|\"closed\"",
        "\"codec\":\"avc1.42c01f\"|\"codec\":\"\"|codec",
        "\"codec\":\"avc1.42c01f\"|\"codec\":\"hvc1.1.6.L93.B0\"|codec \"hvc1.1.6.L93.B0\" is not H.264",
        "\"codec\":\"avc1.42c01f\"|\"codec\":\"avc1.42c01f\\n\\u001b[2J\"|is not H.264, such as avc1.42c01f",
        "\"version\":1|\"version\":2|version 2",
        "2026-11-23T14:00:05Z|2026-11-26T14:00:00.001Z|lasts over 72 h",
        "2026-11-23T14:00:05Z|9026-11-23T14:00:00Z|lasts over 72 h",
        "\"version\":1|\"version\":0|version 0",
        "2026-11-23T14:00:05Z|2026-11-23T13:59:59Z|ends at",
        "2026-11-23T14:00:00Z|yesterday|\"start\"",
        "2026-11-23T14:00:05Z|+1000000000-12-31T23:59:59.999999999Z|end",
        "\"score\":0.5|\"score\":1.5|score",
        "[[0.1,0.2,0.3,0.4]]|[[0.1,0.2,0.3]]|box",
        "[[0.1,0.2,0.3,0.4]]|[[0.1,0.2,0.3,0.9]]|box",
        "\"reason\":\"restart\"|\"reason\":\" \"|reason",
        "\"camera\":\"front\"|\"camera\":\"../front\"|camera name",
        "\"version\":1}|\"version\":1} {}|goes on",
        "\"version\":1}|\"version\":1,\"run\":17}|\"run\" twice",
      })
  void aValueOutOfRangeIsNamedInOneSentence(String from, String to, String word) {
    assertThat(SOUND).contains(from);
    assertThatThrownBy(() -> decode(SOUND.replace(from, to)))
        .isInstanceOf(ManifestException.class)
        .hasMessageStartingWith("manifest")
        .hasMessageContaining(word)
        .hasMessageMatching("[^\n]+");
  }

  @ParameterizedTest
  @CsvSource({
    "14:00:01,start,1969-12-31T23:59:59.999999999Z,motion start",
    "14:00:01,start,-999999999-01-01T00:00:00Z,motion start",
    "14:00:02,end,+10000-01-01T00:00:00Z,motion end",
    "14:00:02,end,+999999999-12-31T23:59:59Z,motion end",
    "14:00:03,start,1969-12-31T23:59:59.999999999Z,gap start",
    "14:00:03,start,-999999999-01-01T00:00:00Z,gap start",
    "14:00:04,end,+10000-01-01T00:00:00Z,gap end",
    "14:00:04,end,+999999999-12-31T23:59:59Z,gap end",
  })
  void motionAndGapsLieWithinTheYears1970To9999(
      String time, String field, String other, String what) {
    String from = "\"" + field + "\":\"2026-11-23T" + time + "Z\"";
    assertThat(SOUND).containsOnlyOnce(from);
    assertThatThrownBy(() -> decode(SOUND.replace(from, "\"" + field + "\":\"" + other + "\"")))
        .isInstanceOf(ManifestException.class)
        .hasMessageStartingWith("manifest")
        .hasMessageContaining(what + " " + other + " is not within years 1970 to 9999")
        .hasMessageMatching("[^\n]+");
  }

  @Test
  void motionAndGapsMayReachFrom1970To9999() throws ManifestException {
    String wide = SOUND;
    for (int second = 1; second <= 4; second++) {
      wide =
          wide.replace(
              "2026-11-23T14:00:0" + second + "Z",
              second % 2 == 1 ? "1970-01-01T00:00:00Z" : "9999-12-31T23:59:59.999999999Z");
    }
    assertThat(decode(wide).motion().get(0).start()).isEqualTo(Instant.EPOCH);
    assertThat(decode(wide).gaps().get(0).end()).isEqualTo("9999-12-31T23:59:59.999999999Z");
  }

  @Test
  void fieldsOfALaterVersionArePassedOver() throws ManifestException {
    String more = SOUND.replace("\"version\":1", "\"later\":{\"a\":[null,1e99]},\"version\":1");
    assertThat(decode(more)).isEqualTo(decode(SOUND));
  }

  @Test
  void aCutAnywhereIsAManifestException() {
    byte[] json = SOUND.strip().getBytes(StandardCharsets.UTF_8);
    for (int cut = 0; cut < json.length; cut++) {
      byte[] part = Arrays.copyOf(json, cut);
      assertThatThrownBy(() -> ManifestCodec.decode(part)).isInstanceOf(ManifestException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void randomDamageNeverThrowsAnythingElse(long seed) {
    Random random = new Random(seed);
    byte[] json = SOUND.getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 10_000; round++) {
      byte[] bytes = json.clone();
      for (int flips = 1 + random.nextInt(6); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        ManifestCodec.decode(bytes);
      } catch (ManifestException e) {
        assertThat(e.getMessage()).hasSizeLessThan(600).doesNotContain("\n", "\r", "\u001b");
      }
    }
  }

  @Test
  void documentsBeyondTheBoundsAreRefused() {
    byte[] large = new byte[JsonFields.MAX_BYTES + 1];
    Arrays.fill(large, (byte) ' ');
    assertThatThrownBy(() -> ManifestCodec.decode(large)).hasMessageContaining("is over");
    assertThatThrownBy(() -> decode("{\"x\":" + "[".repeat(50_000)))
        .isInstanceOf(ManifestException.class);
    assertThatThrownBy(() -> decode("{\"x\":[" + "1,".repeat(10_001) + "1]}"))
        .hasMessageContaining("more than 10000");
    assertThatThrownBy(() -> decode("{\"x\":\"" + "y".repeat(5000) + "\"}"))
        .isInstanceOf(ManifestException.class);
  }

  @Test
  void whatIsNotKnownOfMotionIsNoMotionOnlyWhereNobodyWasToLook() throws ManifestException {
    SegmentManifest sound = decode(SOUND);
    assertThat(sound.unknown()).isEmpty();
    assertThat(with(sound, "detection failed", 0).mayHaveMotion()).isTrue();
    assertThat(with(sound, UnknownSpan.OFF_SCHEDULE, 0).mayHaveMotion()).isFalse();
    assertThat(with(sound, "detection failed", -60).mayHaveMotion()).as("before it").isFalse();
  }

  private static SegmentManifest with(SegmentManifest m, String reason, long offsetSeconds)
      throws ManifestException {
    UnknownSpan unknown =
        new UnknownSpan(
            m.start().plusSeconds(offsetSeconds), m.start().plusSeconds(offsetSeconds + 1), reason);
    SegmentManifest written = m.listing(List.of(), List.of(unknown), m.gaps());
    SegmentManifest read = ManifestCodec.decode(ManifestCodec.encode(written));
    assertThat(read.unknown()).containsExactly(unknown);
    return read;
  }

  @Test
  void aStormOfMotionIsWrittenCoarserSoThatItReadsBack() throws ManifestException {
    SegmentManifest m = decode(SOUND);
    Random random = new Random(5);
    List<EventSpan> motion = new ArrayList<>();
    List<Gap> gaps = new ArrayList<>();
    for (int i = 0; i < 25_000; i++) {
      Instant at = m.start().plusNanos(i * 100_000L);
      if (i % 5 == 0) {
        motion.add(Manifests.span(random, at, at.plusNanos(50_000)));
      }
      gaps.add(new Gap(at, at.plusNanos(1), i % 3 == 0 ? "restart" : "frames dropped"));
    }
    List<UnknownSpan> unknown =
        gaps.stream().map(gap -> new UnknownSpan(gap.start(), gap.end(), gap.reason())).toList();
    SegmentManifest stormy = m.listing(motion, unknown, gaps);
    byte[] written = ManifestCodec.encode(stormy);
    assertThat(written).hasSizeLessThanOrEqualTo(ManifestCodec.MAX_BYTES);
    SegmentManifest read = ManifestCodec.decode(written);
    assertThat(read.content()).isEqualTo(m.content());
    for (int i = 0; i < motion.size(); i += 97) {
      EventSpan span = motion.get(i);
      Gap gap = gaps.get(5 * i + 3);
      assertThat(read.motion())
          .anyMatch(r -> !r.start().isAfter(span.start()) && !r.end().isBefore(span.end()));
      assertThat(read.unknown())
          .anyMatch(r -> !r.start().isAfter(gap.start()) && !r.end().isBefore(gap.end()));
      assertThat(read.gaps())
          .anyMatch(r -> !r.start().isAfter(gap.start()) && !r.end().isBefore(gap.end()));
    }
  }

  /** What the largest manifest is chosen by. */
  @ParameterizedTest
  @CsvSource({"3, 0", "10, 5"})
  void anHourOfAStreetIsWrittenAsItIs(int secondsApart, int boxes) throws ManifestException {
    SegmentManifest m = decode(SOUND);
    List<Box> seen = Collections.nCopies(boxes, new Box(1 / 3.0, 2 / 9.0, 1 / 7.0, 1 / 13.0));
    List<EventSpan> motion = new ArrayList<>();
    for (int second = 0; second < 3600; second += secondsApart) {
      Instant at = m.start().plusSeconds(second);
      motion.add(new EventSpan(at, at.plusMillis(1300), 0.125, List.of("way"), seen));
    }
    SegmentManifest hour = m.listing(motion, List.of(), List.of());
    assertThat(ManifestCodec.decode(ManifestCodec.encode(hour))).isEqualTo(hour);
  }

  @Test
  void longAndBrokenTextsAreWrittenSoThatTheyReadBack() throws ManifestException {
    SegmentManifest m = decode(SOUND);
    List<Gap> gaps =
        List.of(
            new Gap(m.start(), m.end(), "x".repeat(10_000)),
            new Gap(m.start(), m.end(), "half a character: \ud83d"));
    SegmentManifest odd = m.listing(m.motion(), m.unknown(), gaps);
    SegmentManifest read = ManifestCodec.decode(ManifestCodec.encode(odd));
    assertThat(read.gaps().get(0).reason()).startsWith("xxx").endsWith("…");
    assertThat(read.gaps().get(1).reason()).isEqualTo("half a character: ?");
  }

  @Test
  void readingAFileNamesIt() throws IOException {
    Path file = folder.resolve("x.json");
    assertThatThrownBy(() -> ManifestCodec.read(file)).isInstanceOf(NoSuchFileException.class);
    Files.writeString(file, "{");
    assertThatThrownBy(() -> ManifestCodec.read(file))
        .isInstanceOf(ManifestException.class)
        .hasMessageStartingWith(file.toString());
    Files.write(file, new byte[JsonFields.MAX_BYTES + 1]);
    assertThatThrownBy(() -> ManifestCodec.read(file))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining(file.toString());
    Files.writeString(file, SOUND);
    assertThat(ManifestCodec.read(file)).isEqualTo(decode(SOUND));
  }
}
