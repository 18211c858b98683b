package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrong use and broken files: one sentence that says what is wrong, and an exit code. */
class BadInputIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void aSourceThatDoesNotExistIsNamed() throws Exception {
    assertRefused(2, "file /no/such.mp4 does not exist", record("file:///no/such.mp4"));
  }

  @Test
  void anUnknownSchemeListsTheKnownOnes() throws Exception {
    assertRefused(
        2,
        "source \"ftp://x\" has the unknown scheme \"ftp\"; known are file, libcamera, rpicam, rtsp, test, v4l2",
        record("ftp://x"));
  }

  @Test
  void anUnknownKeyOfASourceListsTheKnownOnes() throws Exception {
    assertRefused(2, "does not know the key \"colour\"; known are [", record("test://?colour=red"));
  }

  @Test
  void aValueOutOfRangeNamesKeyValueAndRange() throws Exception {
    assertRefused(2, "key \"fps\" is \"0\"; allowed is", record("test://?fps=0"));
  }

  @Test
  void aFileThatIsNoVideoIsNamed() throws Exception {
    Path text = Files.writeString(folder.resolve("notes.mp4"), "not a video at all\n".repeat(200));
    assertRefused(2, text.toString(), record(text.toUri().toString()));
    assertRefused(2, text.toString(), "analyze", text.toString());
  }

  @Test
  void aTruncatedVideoIsNamed() throws Exception {
    Path video = folder.resolve("whole");
    Program.Result recorded =
        Program.run(
            folder,
            LIMIT,
            "record",
            "--source",
            "test://?size=320x240&realtime=false&frames=60",
            "--out",
            video.toString());
    assertThat(recorded.exit()).as("%s", recorded.err()).isZero();
    Path file = Footage.of(video, "camera").segments().get(0).video();
    byte[] start = Arrays.copyOf(Files.readAllBytes(file), 300); // cut within its header
    Path cut = Files.write(folder.resolve("cut.mp4"), start);
    assertRefused(2, cut.toString(), "analyze", cut.toString());
    Program.Result check = Program.run(folder, LIMIT, "check", folder.resolve("whole").toString());
    assertThat(check.exit()).isZero();
    Files.write(file, start);
    check = Program.run(folder, LIMIT, "check", folder.resolve("whole").toString());
    assertThat(check.exit()).isEqualTo(1);
    assertThat(check.out().get(0)).contains("has 300 bytes; its manifest says");
  }

  @Test
  void anUnreadableConfigurationIsNamed() throws Exception {
    assertRefused(
        2, "configuration file /no/such.yml does not exist", "camera", "--config", "/no/such.yml");
    Path broken = Files.writeString(folder.resolve("broken.yml"), "camera: [unclosed");
    assertRefused(
        2,
        "configuration file " + broken + " is not YAML",
        "camera",
        "--config",
        broken.toString());
    Path unknown = Files.writeString(folder.resolve("unknown.yml"), "listen: {prot: 1}");
    assertRefused(
        2,
        "key \"listen.prot\" in file " + unknown + " is not known; known are [",
        "master",
        "--config",
        unknown.toString());
    Path range =
        Files.writeString(
            folder.resolve("range.yml"), "footage: {folder: f}\nlisten: {port: 99999}");
    assertRefused(
        2,
        "key \"listen.port\" in file "
            + range
            + " is \"99999\"; allowed is a whole number from 0 to 65535",
        "master",
        "--config",
        range.toString());
  }

  @Test
  void aPortInUseIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertRefused(
          1,
          "127.0.0.1:" + taken.getLocalPort(),
          "demo",
          "--port",
          Integer.toString(taken.getLocalPort()),
          "--dir",
          folder.resolve("demo").toString());
    }
  }

  @Test
  void aSpoolThatIsNoFolderIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertRefused(1, file.toString(), "record", "--source", "test://", "--out", file.toString());
  }

  @Test
  void anUnknownOptionPointsToTheHelp() throws Exception {
    Program.Result result = Program.run(folder, LIMIT, "record", "--colour");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).hasSize(2);
    assertThat(result.err().get(1)).contains("raspberryspy record --help");
  }

  @Test
  void anEncoderThatCannotTakeTheSourceSaysSo() throws Exception {
    assertRefused(
        2,
        "encoder \"copy\" is only for sources that deliver H.264",
        "record",
        "--source",
        "test://",
        "--out",
        folder.resolve("out").toString(),
        "--encoder",
        "copy");
  }

  private String[] record(String source) {
    return new String[] {
      "record", "--source", source, "--out", folder.resolve("out").toString(), "--for", "5s"
    };
  }

  private void assertRefused(int exit, String sentence, String... args) throws Exception {
    Program.Result result = Program.run(folder, LIMIT, args);
    assertThat(result.exit()).as("%s", result.err()).isEqualTo(exit);
    assertThat(result.err().stream().filter(line -> line.startsWith("raspberryspy: ")))
        .as("%s", result.err())
        .singleElement()
        .asString()
        .contains(sentence);
    assertThat(result.err()).as("told once").filteredOn(line -> line.contains(sentence)).hasSize(1);
    assertThat(result.err()).as("no log").noneMatch(line -> line.contains(" SEVERE "));
    assertThat(result.err()).as("no stack trace").noneMatch(line -> line.startsWith("\tat "));
  }
}
