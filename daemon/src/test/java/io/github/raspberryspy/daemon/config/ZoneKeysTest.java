package io.github.raspberryspy.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.MotionExpert;
import io.github.raspberryspy.motion.Zone;
import io.github.raspberryspy.motion.Zone.Kind;
import io.github.raspberryspy.segments.Polygon;
import io.github.raspberryspy.segments.Polygon.Point;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZoneKeysTest {

  private static final Polygon CORNER =
      new Polygon(List.of(new Point(0, 0), new Point(0.5, 0), new Point(0, 0.5)));

  private static final Polygon FAR_CORNER =
      new Polygon(List.of(new Point(1, 1), new Point(0.5, 1), new Point(1, 0.5)));

  @TempDir Path folder;

  @Test
  void zonesAreReadFromASetting() {
    assertThat(motion("motion.zones=door trigger:70 0,0 0.5,0 0,.5; tree ignore 1,1 0.5,1 1,.5;"))
        .extracting(MotionConfig::zones)
        .isEqualTo(
            List.of(
                new Zone("door", Kind.TRIGGER, CORNER, OptionalInt.of(70)),
                new Zone("tree", Kind.IGNORE, FAR_CORNER, OptionalInt.empty())));
    assertThat(motion().zones()).isEmpty();
  }

  @Test
  void aNameIsTheSameHoweverItsAccentsAreWritten() {
    assertThat(motion("motion.zones=Haustu\u0308r trigger 0,0 0.5,0 0,.5").zones())
        .extracting(Zone::name)
        .containsExactly("Haust\u00fcr");
    assertThat(AlertRuleText.rules("motion zone:Haustu\u0308r").get(0).zones())
        .containsExactly("Haust\u00fcr");
  }

  @Test
  void zonesAreAListInTheFile() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("c.yml"),
            """
            camera: {name: a, source: s}
            spool.folder: s
            motion:
              zones:
                - door trigger:70 0,0 0.5,0 0,0.5
                - next-door privacy 1,1 0.5,1 1,0.5
            """);
    CameraConfig camera =
        CameraKeys.camera(Settings.read(CameraKeys.ALL, file, Map.of(), List.of()));
    assertThat(camera.motion().orElseThrow().zones())
        .extracting(Zone::name)
        .containsExactly("door", "next-door");
    assertThat(camera.overlay().shapes()).containsExactly(FAR_CORNER);
    assertThat(camera.overlay().isEmpty()).isFalse();
  }

  @Test
  void privacyZonesAreBlackAlsoWhereMotionIsOff() {
    List<String> sets =
        List.of(
            "camera.name=a",
            "camera.source=s",
            "spool.folder=s",
            "motion.enabled=false",
            "motion.zones=window privacy 0,0 0.5,0 0,0.5");
    CameraConfig camera = CameraKeys.camera(Settings.of(CameraKeys.ALL, sets));
    assertThat(camera.motion()).isEmpty();
    assertThat(camera.overlay().shapes()).containsExactly(CORNER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          door                                   | zone "door" has no kind; allowed is a list of NAME KIND X,Y X,Y X,Y..., with trigger, trigger:SENSITIVITY, ignore or privacy as KIND and the corners in shares of the picture
          door window 0,0 1,0 1,1                | zone "door" is of the unknown kind "window"; allowed are trigger, ignore and privacy
          door trigger 0,0 1,0                   | zone "door": it has 2 points; allowed are 3 to 32
          door trigger                           | zone "door": it has 0 points; allowed are 3 to 32
          door trigger 0,0 1,x 1,1               | zone "door" has the point "1,x"; allowed is X,Y, each a number from 0 to 1
          door trigger 0,0 1 1,1                 | zone "door" has the point "1"; allowed is X,Y, each a number from 0 to 1
          door trigger 0,0 1,0 1,1.5             | zone "door": its point 1,1.5 is not in the picture; allowed is 0 to 1 for x and y
          door trigger 0,0 640,0 640,480         | zone "door": its point 640,0 is not in the picture; allowed is 0 to 1 for x and y
          door trigger 0,0 1,1 1,0 0,1           | zone "door": its side from 0,0 crosses the one from 1,0; allowed are sides that do not meet
          door trigger 0,0 0.5,0.5 1,1           | zone "door": it covers no area; allowed is a ten-thousandth of the picture at least
          door trigger 0,0 NaN,0 1,1             | zone "door": its point NaN,0 is not in the picture; allowed is 0 to 1 for x and y
          door trigger:0 0,0 1,0 1,1             | zone "door" has the sensitivity 0; allowed is 1 to 100
          door trigger:high 0,0 1,0 1,1          | zone "door" has the sensitivity "high"; allowed is 1 to 100
          door ignore:50 0,0 1,0 1,1             | zone "door" is of kind ignore and has a sensitivity; allowed is one for kind trigger
          d/o trigger 0,0 1,0 1,1                | zone name "d/o" is not allowed; allowed are 1 to 32 letters, digits, hyphens and underscores, and no hyphen as the first
          """)
  void aBadZoneIsRefusedInOneSentence(String zones, String sentence) {
    assertThatThrownBy(() -> motion("motion.zones=" + zones))
        .isInstanceOf(ConfigException.class)
        .hasMessage("key \"motion.zones\" in --set: " + sentence);
  }

  @Test
  void zonesThatDoNotGoTogetherAreRefused() {
    assertThatThrownBy(() -> motion("motion.zones=a trigger 0,0 1,0 1,1; a ignore 0,0 1,0 1,1"))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "key \"motion.zones\": two zones are called \"a\"; allowed is one of each name");
    String many =
        IntStream.range(0, 17)
            .mapToObj(i -> "z" + i + " trigger 0,0 1,0 1,1")
            .collect(Collectors.joining(";"));
    assertThatThrownBy(() -> motion("motion.zones=" + many))
        .isInstanceOf(ConfigException.class)
        .hasMessage("key \"motion.zones\": there are 17 zones; allowed are at most 16");
  }

  @Test
  void expertKeysAreHonoured() {
    MotionExpert expert =
        motion(
                "motion.expert.contrast=0.5",
                "motion.expert.weight=2",
                "motion.expert.min-size=0.01",
                "motion.expert.go-on=0.25",
                "motion.expert.standing=10s",
                "motion.expert.rate=8")
            .expert();
    assertThat(expert).isEqualTo(new MotionExpert(0.5, 2, 0.01, 0.25, Duration.ofSeconds(10), 8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          contrast | 0    | a number from 0.1 to 10
          weight   | NaN  | a number from 0.1 to 10
          min-size | 1.1  | a number from 0 to 1
          go-on    | half | a number from 0 to 1
          rate     | 0.5  | a number from 1 to 120
          """)
  void expertKeysOutOfRangeAreRefused(String key, String value, String allowed) {
    assertThatThrownBy(() -> motion("motion.expert." + key + "=" + value))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "key \"motion.expert."
                + key
                + "\" in --set is \""
                + value
                + "\"; allowed is "
                + allowed);
  }

  private static MotionConfig motion(String... sets) {
    return MotionKeys.config(
        Settings.of(MotionKeys.DETECTION, new ArrayList<>(List.of(sets))), List.of());
  }
}
