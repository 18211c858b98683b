package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
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
    Tools.needPythonModule("GstRtspServer");
    Path served = folder.resolve("served.mkv");
    Program.tool(
        "ffmpeg",
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        "testsrc2=size=640x360:rate=25:duration=60",
        "-c:v",
        "libx264",
        "-g",
        "25",
        "-bf",
        "0",
        served.toString());
    int port = Tools.freePort();
    Process server = startRtspCamera(served, port);
    try {
      Awaitility.await().atMost(LIMIT).until(() -> listensOn(port));
      demo("rtsp://127.0.0.1:" + port + "/camera", "20s");
    } finally {
      server.destroyForcibly().waitFor();
    }
    Footage footage = Footage.of(folder.resolve("footage"), "front-door");
    assertThat(footage.seconds()).isGreaterThan(10);
    assertThat(footage.segments()).hasSizeGreaterThanOrEqualTo(2);
    footage.assertPlays();
    footage.assertFollowsOn();
  }

  private Process startRtspCamera(Path file, int port) throws IOException {
    Path script = folder.resolve("rtsp-camera.py");
    try (InputStream in = SourcesIT.class.getResourceAsStream("rtsp-camera.py")) {
      Files.copy(in, script);
    }
    return new ProcessBuilder(
            "/usr/bin/python3", script.toString(), file.toString(), Integer.toString(port))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("rtsp.log").toFile())
        .start();
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

  private static boolean listensOn(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
