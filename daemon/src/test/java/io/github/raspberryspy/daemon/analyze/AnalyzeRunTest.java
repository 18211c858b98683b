package io.github.raspberryspy.daemon.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.daemon.analyze.Filmed.Said;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.MotionResult;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real footage, recorded and looked through again. */
@Timeout(180)
class AnalyzeRunTest {

  @TempDir static Path filmed;
  private static Path whole;
  private static Path pieces;

  @TempDir Path folder;

  @BeforeAll
  static void film() {
    whole = Filmed.segments(filmed.resolve("whole"), Duration.ofMinutes(5));
    pieces = Filmed.segments(filmed.resolve("pieces"), Duration.ofSeconds(5));
  }

  private static AnalyzeRequest writing(
      AnalyzeRequest r, Optional<Path> csv, Optional<Path> debug, Optional<Path> clips) {
    return new AnalyzeRequest(
        r.files(), r.config(), r.privacy(), r.jobs(), csv, debug, clips, r.pre(), r.post());
  }

  @Test
  void theSceneIsNotForgottenAtTheBordersOfSegments() throws Exception {
    Said one = Said.json(Filmed.request(whole));
    Said many = Said.json(Filmed.request(pieces));
    assertThat(one.files()).hasSize(1);
    assertThat(many.files()).hasSize(8);
    assertThat(one.joinedEvents()).hasSizeGreaterThan(1);
    assertSame(many.joinedEvents(), one.joinedEvents());
    assertThat(many.summary().get("events")).isEqualTo(one.summary().get("events"));
    assertThat(many.summary().get("framesWithMotion"))
        .isEqualTo(one.summary().get("framesWithMotion"));
    assertThat(many.summary().get("frames")).isEqualTo((long) Filmed.FRAMES);
  }

  private static void assertSame(List<double[]> actual, List<double[]> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i)[0]).isCloseTo(expected.get(i)[0], within(0.001));
      assertThat(actual.get(i)[1]).isCloseTo(expected.get(i)[1], within(0.001));
    }
  }

  @Test
  void whoBeginsInTheMiddleLooksAtWhatWasBefore() throws Exception {
    List<Footage> files = Filmed.videos(pieces).stream().map(Footage::of).toList();
    List<MotionConfig> configs = List.of(Filmed.config());
    List<Event> all = events(new Reel.Stretch(List.of(), files), configs);
    List<Footage> later = files.subList(4, 8);
    long border = later.get(0).firstUs();
    List<Event> known = events(new Reel.Stretch(files.subList(0, 4), later), configs);
    List<Event> expected =
        all.stream()
            .filter(event -> event.endUs() >= border)
            .map(event -> event.within(border, Long.MAX_VALUE))
            .toList();
    assertThat(expected).isNotEmpty();
    assertThat(known).isEqualTo(expected);
  }

  private static List<Event> events(Reel.Stretch stretch, List<MotionConfig> configs) {
    try (Pass pass = new Pass(stretch, configs, () -> false)) {
      pass.run(
          new Pass.Listener() {
            @Override
            public void begins(Footage file) {}

            @Override
            public void seen(Footage file, Frame frame, long us, MotionResult result) {
              assertThat(us).isGreaterThanOrEqualTo(stretch.files().get(0).firstUs());
            }

            @Override
            public void ended(Footage file, long lost) {
              assertThat(lost).isZero();
            }

            @Override
            public void failed(Footage file, CameraException why) {
              throw why;
            }
          });
      return List.copyOf(pass.events(0));
    }
  }

  @Test
  void whatIsReadIsNeverWrittenOver() throws Exception {
    Path video = folder.resolve("own").resolve("x.mp4");
    Files.createDirectories(video.getParent());
    Files.copy(Filmed.videos(whole).get(0), video);
    byte[] before = Files.readAllBytes(video);
    Optional<Path> own = Optional.of(video.getParent());
    AnalyzeRequest r = Filmed.request(video);
    for (boolean isVideo : List.of(true, false)) {
      AnalyzeRequest among =
          new AnalyzeRequest(
              r.files(),
              r.config(),
              r.privacy(),
              r.jobs(),
              Optional.empty(),
              isVideo ? own : Optional.empty(),
              isVideo ? Optional.empty() : own,
              r.pre(),
              r.post());
      assertThatThrownBy(() -> Said.json(among))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              (isVideo ? "--debug-video " : "--clips ")
                  + own.get()
                  + " holds footage that is read; name another folder");
      assertThat(Files.readAllBytes(video)).isEqualTo(before);
    }
  }

  @Test
  void oneBadFileStopsNoOtherAndTheOrderIsKept() throws Exception {
    List<Path> videos = Filmed.videos(pieces);
    Path bad = Files.writeString(folder.resolve("bad.mp4"), "no video at all\n".repeat(99));
    Said said = Said.json(Filmed.request(videos.get(6), bad, videos.get(1), whole));
    assertThat(said.outcome).isEqualTo(AnalyzeRun.Outcome.FAILED);
    assertThat(said.problems).singleElement().asString().startsWith("file " + bad + " cannot be");
    assertThat(said.files().stream().map(file -> file.get("file")))
        .containsExactly(
            videos.get(6).toString(), videos.get(1).toString(), Filmed.videos(whole).get(0) + "");
    assertThat(said.summary()).containsEntry("files", 3).containsEntry("failed", 1);
  }

  @Test
  void aTruncatedSegmentIsLookedThroughAsFarAsItGoes() throws Exception {
    byte[] bytes = Files.readAllBytes(Filmed.videos(whole).get(0));
    Path cut = folder.resolve("cut.mp4");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
    Said said = Said.json(Filmed.request(cut));
    assertThat((long) said.files().get(0).get("frames")).isBetween(60L, Filmed.FRAMES - 60L);
  }

  @Test
  void howManyWorkAtATimeChangesNothing() throws Exception {
    Path[] files = Filmed.videos(pieces).toArray(Path[]::new);
    List<Path> mixed = new ArrayList<>(List.of(files[3], files[0], files[5], files[2]));
    List<Map<String, Object>> expected = null;
    for (int jobs : new int[] {1, 3}) {
      AnalyzeRequest r = Filmed.request(mixed.toArray(Path[]::new));
      AnalyzeRequest request =
          new AnalyzeRequest(
              r.files(),
              r.config(),
              r.privacy(),
              jobs,
              r.csv(),
              r.debugVideo(),
              r.clips(),
              r.pre(),
              r.post());
      Said said = Said.json(request);
      expected = expected == null ? said.objects : expected;
      assertThat(said.objects).isEqualTo(expected);
    }
  }

  @Test
  void eachFrameIsARowThatSaysWhetherItLiesInAnEvent() throws Exception {
    Path csv = folder.resolve("csv");
    AnalyzeRequest request =
        writing(Filmed.request(whole), Optional.of(csv), Optional.empty(), Optional.empty());
    Said said = Said.json(request);
    String name = Filmed.videos(whole).get(0).getFileName().toString().replace(".mp4", ".csv");
    assertThat(Filmed.files(csv)).containsExactly(csv.resolve(name));
    List<String> rows = Files.readAllLines(csv.resolve(name));
    assertThat(rows.get(0)).isEqualTo("frame,motion,score,x,y,w,h");
    List<Map<String, Object>> events = Said.events(said.files().get(0));
    int frames = 0;
    for (String row : rows.subList(1, rows.size())) {
      String[] fields = row.split(",", -1);
      assertThat(fields).hasSize(7);
      frames = Math.max(frames, Integer.parseInt(fields[0]) + 1);
      double second = Integer.parseInt(fields[0]) / (double) Filmed.FPS;
      boolean isIn =
          events.stream()
              .anyMatch(
                  event ->
                      second >= (double) event.get("start") - 0.01
                          && second <= (double) event.get("end") + 0.01);
      assertThat(fields[1]).as("frame %s", fields[0]).isEqualTo(isIn ? "1" : "0");
    }
    assertThat(frames).isEqualTo(Filmed.FRAMES);
  }

  @Test
  void anEmptyFolderIsNamedAndAFileThatIsNotThereIsWrongUse() throws Exception {
    Said said = Said.text(Filmed.request(folder));
    assertThat(said.outcome).isEqualTo(AnalyzeRun.Outcome.WRONG_USE);
    assertThat(said.problems).containsExactly("folder " + folder + " holds no video");
    assertThatThrownBy(() -> Said.text(Filmed.request(whole, folder.resolve("absent"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("file " + folder.resolve("absent") + " does not exist");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no /dev/full")
  void aFullDiskIsSaidOnceAndLeavesNothing() throws Exception {
    Path out = Files.createDirectory(folder.resolve("out"));
    String name = Filmed.videos(whole).get(0).getFileName().toString().replace(".mp4", "");
    Files.createSymbolicLink(out.resolve(name + ".csv.tmp"), Path.of("/dev/full"));
    Files.createSymbolicLink(out.resolve(name + ".mp4.tmp"), Path.of("/dev/full"));
    Optional<Path> there = Optional.of(out);
    AnalyzeRequest r = Filmed.request(whole);
    assertThatThrownBy(() -> Said.json(writing(r, there, Optional.empty(), Optional.empty())))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("writing " + out.resolve(name + ".csv") + " failed: No space left on device");
    assertThatThrownBy(() -> Said.json(writing(r, Optional.empty(), there, Optional.empty())))
        .isInstanceOf(CameraException.class)
        .hasMessage("writing " + out.resolve(name + ".mp4") + " failed: No space left on device");
    assertThat(Filmed.files(out)).isEmpty();
  }

  @Test
  void whatIsStoppedLeavesNothingHalfWritten() throws Exception {
    Optional<Path> out = Optional.of(folder.resolve("out"));
    AnalyzeRequest request = writing(Filmed.request(whole), out, out, out);
    try (AnalyzeRun run = AnalyzeRun.on(request, new NoOutput())) {
      run.stop();
      assertThatThrownBy(run::look)
          .isInstanceOfSatisfying(
              CameraException.class,
              e -> assertThat(e.kind()).isEqualTo(CameraException.Kind.CANCELLED));
    }
    assertThat(Filmed.files(out.get())).isEmpty();
  }

  private static final class NoOutput implements AnalyzeOutput {
    @Override
    public boolean isJson() {
      return true;
    }

    @Override
    public void line(String text) {
      throw new AssertionError(text);
    }

    @Override
    public void object(Map<String, Object> fields) {
      throw new AssertionError(fields);
    }

    @Override
    public void problem(String sentence) {
      throw new AssertionError(sentence);
    }
  }
}
