package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A command that is asked to end does so soon, in order, and without complaint. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no SIGTERM")
class InterruptTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int TERMINATED = 128 + 15;

  @TempDir Path folder;

  @Test
  void aMasterEndsSoon() throws Exception {
    Path config = Files.writeString(folder.resolve("m.yml"), "footage: {folder: footage}\n");
    interrupt(
        () -> isSaid("ready"),
        "master",
        "--config",
        config.toString(),
        "--set",
        "listen.port=0",
        "--json");
  }

  @Test
  void aCameraSealsWhatItRecords() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("c.yml"),
            "camera: {name: front, source: 'test://?size=160x120'}\nspool: {folder: spool}\n");
    interrupt(this::isRecording, "camera", "--config", config.toString());
    assertSealed();
  }

  @Test
  void aRecordingIsSealedAndSummedUp() throws Exception {
    interrupt(
        this::isRecording,
        "record",
        "--source",
        "test://?size=160x120",
        "--out",
        folder.resolve("spool").toString(),
        "--motion",
        "--json");
    assertSealed();
  }

  @Test
  void aDemoSealsAndDoesNotComplainOfWhatIsNotUploaded() throws Exception {
    interrupt(
        () -> isSaid("\"state\":\"recording\"") && isRecording(),
        "demo",
        "--dir",
        folder.toString(),
        "--port",
        "0",
        "--cameras",
        "1",
        "--source",
        "test://?size=160x120",
        "--json");
    assertSealed();
  }

  @Test
  void anAnalysisLeavesNothingHalfWritten() throws Exception {
    Path spool = folder.resolve("spool");
    int recorded =
        Main.run(
            "record",
            "--source",
            "test://?size=320x240&realtime=false&frames=6000",
            "--out",
            spool.toString(),
            "--segment",
            "100s");
    assertThat(recorded).isZero();
    Path out = folder.resolve("written");
    interrupt(
        () -> files().anyMatch(file -> file.toString().endsWith(".mp4.tmp") && size(file) > 0),
        "analyze",
        spool.toString(),
        "--csv",
        out.toString(),
        "--debug-video",
        out.toString());
    assertThat(files()).noneMatch(file -> file.toString().endsWith(".tmp"));
    assertThat(files().filter(file -> file.startsWith(out)).filter(Files::isRegularFile)).isEmpty();
  }

  private interface Condition {
    boolean isMet() throws IOException;
  }

  private void interrupt(Condition whenReady, String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    command.addAll(List.of(args));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    try {
      Awaitility.await().atMost(PATIENCE).until(() -> !process.isAlive() || whenReady.isMet());
      process.destroy();
      assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).as("ends soon").isTrue();
      assertThat(process.exitValue()).as("%s", err()).isEqualTo(TERMINATED);
      assertThat(err())
          .noneMatch(line -> line.startsWith("raspberryspy:"))
          .noneMatch(line -> line.startsWith("\tat "));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private boolean isSaid(String text) throws IOException {
    return Files.readString(folder.resolve("out")).contains(text);
  }

  private boolean isRecording() {
    return files().anyMatch(file -> file.toString().endsWith(".mp4.part") && size(file) > 2_000);
  }

  private List<String> err() throws IOException {
    return Files.readAllLines(folder.resolve("err"));
  }

  private void assertSealed() {
    assertThat(files()).noneMatch(file -> file.toString().endsWith(".mp4.part"));
    assertThat(files()).anyMatch(file -> file.toString().endsWith(".mp4"));
  }

  private Stream<Path> files() {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.toList().stream();
    } catch (IOException | UncheckedIOException e) {
      return Stream.empty(); // a file went while this looked
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }
}
