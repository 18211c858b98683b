package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Zones, masks and schedules that cannot be, through the program: one sentence that says what is
 * wrong, exit code 2, and nothing has begun.
 */
@Timeout(60)
class ZoneExitTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          door trigger 0.1,0.1 0.9,0.9             | : zone "door": it has 2 points; allowed are 3 to 32
          door trigger                             | : zone "door": it has 0 points; allowed are 3 to 32
          door                                     | : zone "door" has no kind; allowed is a list of NAME KIND
          door ignore 0,0 1,0 1,1.5                | : zone "door": its point 1,1.5 is not in the picture
          door privacy -0.1,0 1,0 1,1              | : zone "door": its point -0.1,0 is not in the picture
          door trigger 0,0 640,0 640,480 0,480     | : zone "door": its point 640,0 is not in the picture
          door trigger 0,0 1,1 1,0 0,1             | : zone "door": its side from 0,0 crosses the one from 1,0
          door trigger 0,0 0.5,0.5 1,1             | : zone "door": it covers no area
          door trigger 0,0 1 1,1                   | : zone "door" has the point "1"; allowed is X,Y
          door trigger 0,0 1,0,1 1,1               | : zone "door" has the point "1,0,1"; allowed is X,Y
          door trigger 0,0 1,zero 1,1              | : zone "door" has the point "1,zero"; allowed is X,Y
          door window 0,0 1,0 1,1                  | : zone "door" is of the unknown kind "window"
          door trigger:101 0,0 1,0 1,1             | : zone "door" has the sensitivity 101; allowed is 1 to 100
          pir trigger 0,0 1,0 1,1                  | : zone name "pir" is the sensor's; allowed is any other
          a trigger 0,0 1,0 1,1; a ignore 0,0 1,0 0,1 | : two zones are called "a"; allowed is one of each name
          """)
  void aBadZoneIsRefusedByEveryCommandThatTakesOne(String zones, String sentence) throws Exception {
    String set = "motion.zones=" + zones;
    // How two zones fit together is seen once all origins are joined: then no origin is named.
    String key = "key \"motion.zones\"" + (sentence.contains("two zones") ? "" : " in --set");
    assertRefusedByAll(key + sentence, "--set", set);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "motion.masks=0,0,1,1",
        "motion.zones=all ignore 0,0 1,0 1,1 0,1",
        "motion.zones=a trigger 0,0 0.3,0 0.3,0.3; b privacy 0,0 0.5,0 0.5,0.5 0,0.5"
      })
  void zonesThatLeaveNothingAreRefusedByEveryCommandThatTakesThem(String set) throws Exception {
    String sentence =
        "keys \"motion.masks\" and \"motion.zones\" leave no place where motion would count";
    assertRefusedByAll(sentence, "--set", set);
  }

  @Test
  void privacyMasksThatLeaveNothingAreRefusedWhereMotionIsLookedFor() throws Exception {
    String sentence =
        "keys \"motion.masks\" and \"motion.zones\" and the privacy masks leave no place where"
            + " motion would count; allowed is some of the picture, and of the zones that trigger";
    String zone = "motion.zones=door trigger 0,0 0.3,0 0.3,0.3";
    record("--motion", "--privacy-mask", "0,0,0.5,0.5", "--set", zone).assertRefused(2, sentence);
    String set = "privacy.masks=0,0,0.5,0.5";
    camera("--set", zone, "--set", set).assertRefused(2, sentence);
    analyze("--set", zone, "--set", set).assertRefused(2, sentence);
    assertNothingBegan();
  }

  @Test
  void aListIsNotGivenTwiceLestOneIsLost() throws Exception {
    String[] sets = {
      "--set", "motion.zones=a privacy 0,0 1,0 1,1", "--set", "motion.zones=b ignore 0,0 1,0 1,1"
    };
    String sentence = "key \"motion.zones\" is given twice by --set; allowed is once, with \";\"";
    assertRefusedByAll(sentence, sets);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0,0,1       | "0,0,1"; allowed is a list of X,Y,WIDTH,HEIGHT
          0.5,0,0.6,1 | "0.5,0,0.6,1"; allowed is a list of X,Y,WIDTH,HEIGHT
          0,0,0,0     | "0,0,0,0"; allowed is a list of X,Y,WIDTH,HEIGHT
          a,b,c,d     | "a,b,c,d"; allowed is a list of X,Y,WIDTH,HEIGHT
          """)
  void aBadMaskIsRefusedByEveryCommandThatTakesOne(String mask, String sentence) throws Exception {
    String key = "key \"motion.masks\" in --set is ";
    String set = "motion.masks=" + mask;
    assertRefusedByAll(key + sentence, "--set", set);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          someday 18:00 to 07:00  | rule "someday 18:00 to 07:00": "someday" are no days; allowed are daily
          mon-fri 25:00 to 07:00  | rule "mon-fri 25:00 to 07:00": "25:00" is no time of day
          mon-fri 18:00 to noon   | rule "mon-fri 18:00 to noon": "noon" is no time of day
          mon-fri 18:00-07:00     | rule "mon-fri 18:00-07:00" is not understood; allowed is DAYS FROM to TO
          daily sunset to sunrise | rule "daily sunset to sunrise" goes by the sun, which needs motion.place
          """)
  void aBadScheduleIsRefusedByEveryCommandThatTakesOne(String rule, String sentence)
      throws Exception {
    String set = "motion.schedule=" + rule;
    record("--motion", "--set", set).assertRefused(2, "key \"motion.schedule\": " + sentence);
    camera("--set", set).assertRefused(2, "key \"motion.schedule\": " + sentence);
    assertNothingBegan();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          motion.place=47.37    | key "motion.place" in --set is "47.37"; allowed is empty, or LATITUDE,LONGITUDE
          motion.place=91,0     | key "motion.place" in --set is "91,0"; allowed is empty, or LATITUDE,LONGITUDE
          motion.cooldown=25h   | key "motion.cooldown" in --set is "25h"; allowed is a time from 0s to 24h
          motion.cooldown=-1s   | key "motion.cooldown" in --set is "-1s"; allowed is a time from 0s to 24h
          """)
  void whatElseCannotBeIsRefused(String set, String sentence) throws Exception {
    camera("--set", set).assertRefused(2, sentence);
    assertNothingBegan();
  }

  @Test
  void aSettingThatNobodyWouldReadIsRefused() {
    record("--set", "motion.zones=door trigger 0,0 1,0 1,1")
        .assertRefused(2, "--set needs --motion: nobody would look");
    record("--motion", "--set", "motion.cooldown=5s")
        .assertRefused(
            2, "key \"motion.cooldown\" in --set is not known; known are [motion.expert");
    analyze("--set", "motion.schedule=daily 00:00 to 24:00")
        .assertRefused(2, "key \"motion.schedule\" in --set is not known");
    assertNothingBegan();
  }

  private void assertRefusedByAll(String sentence, String... sets) throws IOException {
    record(Stream.concat(Stream.of("--motion"), Stream.of(sets)).toArray(String[]::new))
        .assertRefused(2, sentence);
    analyze(sets).assertRefused(2, sentence);
    camera(sets).assertRefused(2, sentence);
    assertNothingBegan();
  }

  private Outcome record(String... more) {
    return run(List.of("record", "--source", "test://?frames=5", "--out", spool()), more);
  }

  private Outcome analyze(String... more) {
    return run(List.of("analyze", "no.mp4", "--csv", spool()), more);
  }

  private Outcome camera(String... more) throws IOException {
    String text = "{camera: {name: front, source: 'test://'}, spool: {folder: '" + spool() + "'}}";
    Path config = Files.writeString(folder.resolve("camera.yml"), text);
    return run(List.of("camera", "--config", config.toString()), more);
  }

  private static Outcome run(List<String> command, String... more) {
    List<String> args = new ArrayList<>(command);
    args.addAll(List.of(more));
    return Outcome.of(args.toArray(String[]::new));
  }

  private String spool() {
    return folder.resolve("spool").toString();
  }

  private void assertNothingBegan() {
    assertThat(folder.resolve("spool")).doesNotExist();
  }
}
