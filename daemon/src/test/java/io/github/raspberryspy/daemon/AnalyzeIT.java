package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program looks through recordings; other programs look at what it writes. */
class AnalyzeIT {

  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** What the test pattern writes into its picture is no motion. */
  private static final String MASKS = "motion.masks=0,0,1,0.15;0,0.85,1,0.15";

  @TempDir Path folder;

  private Path spool;

  @BeforeEach
  void record() throws Exception {
    Tools.need("ffmpeg", "ffprobe");
    spool = folder.resolve("spool");
    Program.Result recorded =
        Program.run(
            folder,
            LIMIT,
            "record",
            "--source",
            "test://?size=320x240&fps=15&realtime=false&frames=450&seed=7",
            "--out",
            spool.toString(),
            "--segment",
            "10s");
    assertThat(recorded.exit()).as("%s", recorded.err()).isZero();
  }

  private Program.Result analyze(String... args) throws Exception {
    List<String> all = new ArrayList<>(List.of("analyze", "--set", MASKS));
    all.addAll(List.of(args));
    return Program.run(folder, LIMIT, all.toArray(String[]::new));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static String probe(Path file, String entries) throws Exception {
    return Program.tool(
        "ffprobe", "-v", "error", "-show_entries", entries, "-of", "csv=p=0", file.toString());
  }

  private static void assertPlays(Path file) throws Exception {
    assertThat(Program.tool("ffmpeg", "-v", "error", "-i", file.toString(), "-f", "null", "-"))
        .as("ffmpeg on %s", file)
        .isEmpty();
    for (String start : probe(file, "stream=start_time").strip().split("\n", -1)) {
      assertThat(Double.parseDouble(start)).as("start in %s", file).isBetween(0.0, 0.05);
    }
  }

  @Test
  void aSpoolBecomesClipsThatPlayAndAreNamedByTheTimeOfTheirEvents() throws Exception {
    Path clips = folder.resolve("clips");
    Program.Result result = analyze(spool.toString(), "--clips", clips.toString(), "--json");
    assertThat(result.exit()).as("%s", result.err()).isZero();
    assertThat(result.err()).isEmpty();
    List<String> events =
        result.out().stream().filter(line -> line.startsWith("{\"event\":\"clip\"")).toList();
    List<Path> written = files(clips);
    assertThat(written).hasSameSizeAs(events).hasSizeGreaterThan(1);
    for (int i = 0; i < written.size(); i++) {
      assertThat(written.get(i).getFileName().toString())
          .matches("camera_20\\d\\d-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\dZ\\.mp4");
      assertPlays(written.get(i));
      double length = number(events.get(i), "end") - number(events.get(i), "start");
      double duration = Double.parseDouble(probe(written.get(i), "format=duration").strip());
      boolean isLast = i + 1 == written.size(); // the recording may end before its clip would
      double before = i == 0 ? Math.min(2, number(events.get(i), "start")) : 2;
      assertThat(duration)
          .isBetween(length + before + (isLast ? 0 : 2) - 0.1, length + 4 + 1.1); // a GOP is 1 s
    }
  }

  private static double number(String json, String field) {
    String rest = json.substring(json.indexOf("\"" + field + "\":") + field.length() + 3);
    return Double.parseDouble(rest.split("[,}]", 2)[0]);
  }

  @Test
  void soundComesAlongWherePlayersTakeIt() throws Exception {
    Path segment = Footage.of(spool, "camera").segments().get(0).video();
    Path good = withSound(segment, folder.resolve("good.mp4"), "aac");
    Path raw = withSound(segment, folder.resolve("raw.mkv"), "pcm_s16le");
    Path clips = folder.resolve("clips");
    Program.Result result =
        analyze(good.toString(), raw.toString(), "--clips", clips.toString(), "--pre", "1s");
    assertThat(result.exit()).as("%s", result.err()).isZero();
    assertThat(result.err())
        .containsExactly(
            "raspberryspy: the sound of " + raw + " is pcm_s16le, which few players take in MP4");
    for (Path clip : files(clips)) {
      assertPlays(clip);
      boolean isGood = clip.getFileName().toString().startsWith("good_00-00-");
      assertThat(probe(clip, "stream=codec_name").strip().lines().toList())
          .containsExactlyElementsOf(isGood ? List.of("h264", "aac") : List.of("h264"));
    }
    assertThat(files(clips)).hasSizeGreaterThanOrEqualTo(2);
  }

  private Path withSound(Path video, Path into, String codec) throws Exception {
    String said =
        Program.tool(
            "ffmpeg",
            "-v",
            "error",
            "-i",
            video.toString(),
            "-f",
            "lavfi",
            "-i",
            "sine=440",
            "-shortest",
            "-c:v",
            "copy",
            "-c:a",
            codec,
            into.toString());
    assertThat(said).isEmpty();
    return into;
  }

  @Test
  void whatCannotBeCopiedIsSaidAndTheRestIsDone() throws Exception {
    Path segment = Footage.of(spool, "camera").segments().get(0).video();
    Path old = folder.resolve("old.avi");
    Program.tool(
        "ffmpeg",
        "-v",
        "error",
        "-i",
        segment.toString(),
        "-c:v",
        "mpeg4",
        "-q:v",
        "3",
        old.toString());
    Path clips = folder.resolve("clips");
    Program.Result result = analyze(old.toString(), segment.toString(), "--clips", "" + clips);
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err())
        .containsExactly(
            "raspberryspy: file "
                + old
                + " holds mpeg4; clips are cut without encoding anew, and only out of h264");
    assertThat(files(clips)).isNotEmpty().noneMatch(clip -> clip.toString().contains("old"));
  }

  @Test
  void theDebugVideoPlays() throws Exception {
    Path videos = folder.resolve("videos");
    Program.Result result = analyze(spool.toString(), "--debug-video", videos.toString());
    assertThat(result.exit()).as("%s", result.err()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(files(videos)).hasSize(3);
    for (Path video : files(videos)) {
      assertPlays(video);
      assertThat(probe(video, "stream=codec_name,width,height,nb_frames").strip())
          .isEqualTo("h264,1280,960,150");
    }
  }

  @Test
  void aTerminalSeesHowFarItIsAndAProgramDoesNot() throws Exception {
    Tools.need("script");
    Program.Result silent = analyze(spool.toString());
    assertThat(silent.err()).isEmpty();
    assertThat(silent.out()).noneMatch(line -> line.contains("footage"));
    String command =
        Path.of(System.getProperty("java.home"), "bin", "java")
            + " -jar "
            + System.getProperty("raspberryspy.jar")
            + " analyze --jobs 1 "
            + spool;
    String seen = Program.tool("script", "-qec", command, "/dev/null");
    assertThat(seen).contains("footage").contains("/30 s").contains("3 files, ");
    assertThat(seen).contains("\r3 files, "); // on a line of its own, the bar is wiped off
  }

  @Test
  void tuningIsSaidToPeopleAndToPrograms() throws Exception {
    Program.Result json = analyze(spool.toString(), "--tune", "--json");
    assertThat(json.exit()).as("%s", json.err()).isZero();
    assertThat(json.out()).hasSize(8);
    assertThat(json.out().get(3)).startsWith("{\"event\":\"sensitivity\",\"sensitivity\":50,");
    assertThat(json.out().get(7)).startsWith("{\"event\":\"advice\",\"sensitivity\":");
    Program.Result text = analyze(spool.toString(), "--tune");
    assertThat(text.out().get(0)).startsWith("3 files, ");
  }
}
