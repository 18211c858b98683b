package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo with sources that are not the test picture. */
class SourcesIT {

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int RTSP_PORT = 8554;

  @TempDir Path folder;

  private Path clip;

  /** Seven seconds of H.264 with B-frames, as a film or a network camera may have. */
  @BeforeEach
  void makeAClip() throws Exception {
    Tools.need("ffmpeg", "ffprobe");
    clip = folder.resolve("clip.mkv");
    String said =
        Program.tool(
            "ffmpeg",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=640x360:rate=25:duration=7",
            "-c:v",
            "libx264",
            "-g",
            "25",
            "-bf",
            "2",
            clip.toString());
    assertThat(said).isEmpty();
  }

  @Test
  void aFileThatIsLoopedInRealTimeIsRecordedUndecodedAndWithoutAHole() throws Exception {
    demo(clip.toUri() + "?loop=true&realtime=true", "20s");
    Footage footage = Footage.of(folder.resolve("footage"), "front-door");
    footage.assertPlays();
    footage.assertFollowsOn();
    assertThat(footage.seconds()).isBetween(14.0, 25.0);
    assertThat(footage.segments()).allMatch(s -> s.manifest().gaps().isEmpty());
  }

  @Test
  void anRtspCameraIsRecordedUndecoded() throws Exception {
    Tools.need("live555MediaServer");
    Path served = Files.createDirectory(folder.resolve("served"));
    Program.tool(
        "ffmpeg",
        "-v",
        "error",
        "-stream_loop",
        "9",
        "-i",
        clip.toString(),
        "-c:v",
        "libx264",
        "-g",
        "25",
        "-bf",
        "0",
        served.resolve("camera.mkv").toString());
    Process server =
        new ProcessBuilder("live555MediaServer")
            .directory(served.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("rtsp.log").toFile())
            .start();
    try {
      int port = Awaitility.await().atMost(LIMIT).until(SourcesIT::rtspPort, p -> p > 0);
      demo("rtsp://127.0.0.1:" + port + "/camera.mkv", "20s");
    } finally {
      server.destroyForcibly().waitFor();
    }
    Footage footage = Footage.of(folder.resolve("footage"), "front-door");
    assertThat(footage.seconds()).isGreaterThan(10);
    assertThat(footage.segments()).hasSizeGreaterThanOrEqualTo(2);
    footage.assertPlays();
    footage.assertFollowsOn();
  }

  private void demo(String source, String time) throws InterruptedException {
    Program.Result demo =
        Program.run(
            folder,
            LIMIT,
            "demo",
            "--source",
            source,
            "--segment",
            "5s",
            "--for",
            time,
            "--json",
            "--port",
            "0",
            "--dir",
            folder.toString());
    assertThat(demo.exit()).as("%s", demo.err()).isZero();
  }

  /** The server takes 554 where it may, else 8554. */
  private static int rtspPort() {
    for (int port : new int[] {554, RTSP_PORT}) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", port), 200);
        return port;
      } catch (IOException e) {
        // Not this one, or not yet.
        continue;
      }
    }
    return 0;
  }
}
