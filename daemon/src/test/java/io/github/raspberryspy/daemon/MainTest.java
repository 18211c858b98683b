package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.CameraException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line: exit codes, and one sentence for each failure. */
class MainTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"demo", "camera", "master", "record", "analyze", "check"})
  void everyCommandHasHelpAndVersion(String command) {
    Outcome help = Outcome.of(command, "--help");
    assertThat(help.exit()).isZero();
    assertThat(help.out()).first().asString().startsWith("Usage: raspberryspy " + command);
    assertThat(help.err()).isEmpty();
    Outcome version = Outcome.of(command, "--version");
    assertThat(version.exit()).isZero();
    assertThat(version.out()).singleElement().asString().matches("raspberryspy \\d+\\..*");
  }

  @Test
  void theProgramHasHelpAndVersionAndNeedsACommand() {
    assertThat(Outcome.of("--help").exit()).isZero();
    assertThat(Outcome.of("--version").out())
        .containsExactlyElementsOf(Outcome.of("demo", "-V").out());
    Outcome nothing = Outcome.of();
    assertThat(nothing.exit()).isEqualTo(2);
    assertThat(nothing.out()).isEmpty();
    assertThat(nothing.err()).containsExactlyElementsOf(Outcome.of("--help").out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dance                                             | Unmatched argument at index 0: 'dance'
          record                                            | Missing required options: '--source=URI', '--out=DIR'
          record --source test:// --out o --encoder gif     | Invalid value for option '--encoder'
          record --source test:// --out o --segment soon    | '--segment': it is "soon"; allowed is a time
          record --source test:// --out o --segment 1ms     | '--segment': it is "1ms"; allowed is a time from 1s
          record --source test:// --out o --bitrate many    | '--bitrate': it is "many"; allowed is a whole number
          record --source test:// --out o --bitrate 5       | allowed is a whole number from 50000 to 100000000
          record --source test:// --out o --encoder foo     | allowed is one of auto, x264, openh264
          record --source test:// --out o --mode never      | allowed is one of continuous, events
          record --source test:// --out o --audio-codec mp3 | allowed is one of aac, opus
          demo --segment 0s                                 | '--segment': it is "0s"; allowed is a time from 1s
          demo --segment 25h --json                         | '--segment': it is "25h"
          record --source test:// --out o --for 999999d     | "999999d" is longer than 36500d
          demo --cameras two                                | Invalid value for option '--cameras'
          camera                                            | Missing required argument
          master --config a --print-config                  | mutually exclusive
          check                                             | Missing required argument (specify one of these): (DIR
          """)
  void wrongUseIsOneSentenceAndAPointerToTheHelp(String line, String sentence) {
    Outcome outcome = Outcome.of(line.split(" "));
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).hasSize(2);
    assertThat(outcome.err().get(0)).startsWith("raspberryspy: ").contains(sentence);
    assertThat(outcome.err().get(1)).matches("Try 'raspberryspy( \\w+)? --help'\\.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          demo --cameras 0                        | --cameras 0 is not within 1 to 16
          demo --cameras 17                       | --cameras 17 is not within 1 to 16
          demo --cameras 1 --source a --source b  | --source is given 2 times for 1 cameras
          record --source test:// --out o --audio-codec opus | --audio-codec and --audio-bitrate need --audio
          demo --port 65536                       | port 65536 is not within 0 to 65535
          record --source test:// --out o --name A| camera name "A" is not allowed
          camera --config no.yml                  | configuration file no.yml does not exist
          check no-such-folder                    | folder no-such-folder does not exist
          analyze no.mp4                          | file no.mp4 does not exist
          analyze no.mp4 --set motion.colour=3    | key "motion.colour" in --set is not known; known
          analyze no.mp4 --set motion.zones=door  | key "motion.zones" in --set: zone "door" has no kind
          analyze no.mp4 --set motion.expert.rate=0 | key "motion.expert.rate" in --set is "0"; allowed is
          analyze no.mp4 --set record.segment=3s  | key "record.segment" in --set is not known; known
          analyze . --jobs 0                      | --jobs is 0; allowed is 1 to 256
          analyze . --pre 11m                     | --pre is longer than the 10m that are allowed
          analyze . --tune --csv c                | --tune writes no files: it does not go with
          analyze . --tune --set motion.sensitivity=9 | --tune tries each sensitivity
          """)
  void aValueThatCannotBeIsOneSentence(String line, String sentence) {
    String[] args = line.split(" ");
    if (args[0].equals("demo")) {
      args = (line + " --dir " + folder).split(" ");
    }
    Outcome.of(args).assertRefused(2, sentence);
  }

  @Test
  void aCsvFolderThatIsAFileIsSaidToBeOne() throws Exception {
    Path video = Files.writeString(folder.resolve("a.mp4"), "");
    Path file = Files.writeString(folder.resolve("file"), "");
    Outcome.of("analyze", video.toString(), "--csv", file.toString())
        .assertRefused(1, file + " is not a folder");
  }

  @Test
  void anEmptyVideoIsNamed() throws Exception {
    Path video = Files.writeString(folder.resolve("empty.mp4"), "");
    Outcome.of("analyze", video.toString()).assertRefused(2, "file " + video + " cannot be opened");
  }

  @Test
  void aConfigurationIsPrintedAsItStands() {
    assertThat(Outcome.of("camera", "--print-config").out())
        .containsExactlyElementsOf(Reference.camera().lines().toList());
    assertThat(Outcome.of("master", "--print-config").out())
        .containsExactlyElementsOf(Reference.master().lines().toList());
  }

  @Test
  void aCamerasTokenIsTheOnlyLine() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("m.yml"), "footage: {folder: '" + folder.resolve("f") + "'}");
    Outcome token = Outcome.of("master", "--config", config.toString(), "--camera-token", "front");
    assertThat(token.exit()).isZero();
    assertThat(token.out()).singleElement().asString().startsWith("front:");
    Outcome.of("master", "--config", config.toString(), "--camera-token", "a b")
        .assertRefused(2, "camera name \"a b\" is not allowed");
  }

  @Test
  void anEmptyFolderHasNoFaults() {
    assertThat(Outcome.of("check", folder.toString(), "--json").out())
        .containsExactly("{\"event\":\"summary\",\"segments\":0,\"bytes\":0,\"faults\":0}");
  }

  @Test
  void footageInABucketIsNotCalledFaultless() throws Exception {
    Path internals = Files.createDirectory(folder.resolve(".raspberryspy"));
    Files.writeString(internals.resolve("store"), "s3://cctv/home\n");
    Outcome.of("check", folder.toString())
        .assertRefused(2, "the footage of folder " + folder + " is in s3://cctv/home");
  }

  @Test
  void whatJavaSaysByAnExceptionsNameIsASentence() {
    assertExplained(1, "/a does not exist", new NoSuchFileException("/a"));
    assertExplained(
        1,
        "/a may not be read or written by this user",
        new UncheckedIOException(new AccessDeniedException("/a")));
    assertExplained(1, "the first line", new IOException("the first line\nthe second"));
    assertExplained(1, "failed: java.io.IOException", new IOException());
    assertExplained(2, "no", new IllegalArgumentException("no"));
    assertExplained(
        1,
        "FFmpeg's libraries cannot be loaded",
        new ExceptionInInitializerError(
            new CameraException(CameraException.Kind.BUG, "FFmpeg's libraries cannot be loaded")));
  }

  private static void assertExplained(int exit, String sentence, Throwable e) {
    Outcome outcome = Outcome.of(() -> Main.explain(e));
    assertThat(outcome.exit()).isEqualTo(exit);
    assertThat(outcome.err()).containsExactly("raspberryspy: " + sentence);
  }
}
