package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.PipelineListener;
import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.overlay.OverlayConfig;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.snapshot.TimeLapseConfig;
import io.github.raspberryspy.camera.supervise.SuperviseConfig;
import io.github.raspberryspy.daemon.config.CameraConfig;
import io.github.raspberryspy.daemon.config.MotionDecode;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.Schedule;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.upload.UploaderConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A camera with all that runs beside it leaves nothing behind. */
class CameraNodeTest {

  private static final List<String> OURS =
      List.of(
          "supervise-",
          "capture-",
          "encode-",
          "record-",
          "motion-",
          "decode-",
          "upload",
          "control",
          "snapshot-",
          "timelapse-");

  @TempDir Path folder;

  @Test
  void aStartThatFailsHalfWayLeavesNoThreadAndNoLock() throws Exception {
    assertThatThrownBy(() -> start("nix://"))
        .isInstanceOf(CameraException.class)
        .hasMessageContaining("unknown scheme \"nix\"");
    assertNothingRuns();
    start("test://?size=160x120").close(); // the spool's lock was given back
    assertNothingRuns();
  }

  @Test
  void twoThreadsMayCloseIt() throws Exception {
    CameraNode node = start("test://?size=160x120");
    Thread other = new Thread(node::close, "other");
    other.start();
    node.close();
    other.join();
    node.close();
    assertNothingRuns();
    assertThat(node.awaitStop(Duration.ZERO)).isTrue();
  }

  @Test
  void stillPicturesAreKeptBesideTheRecording() throws Exception {
    try (CameraNode node = start("test://?size=160x120")) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> files(folder.resolve("stills")).stream().anyMatch(f -> f.endsWith(".jpg")));
      assertThat(node.counters().framesDropped()).isZero();
    }
    assertNothingRuns();
  }

  private static List<String> files(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(Path::toString).toList();
    }
  }

  private CameraNode start(String source) throws Exception {
    CameraCredential credential = CameraCredential.derive(new byte[32], "front");
    return CameraNode.start(
        new CameraConfig(
            "front",
            source,
            EncoderConfig.h264(),
            RecorderConfig.into(folder),
            Optional.empty(),
            SuperviseConfig.defaults(),
            OverlayConfig.none(),
            Optional.of(
                new TimeLapseConfig(folder.resolve("stills"), Duration.ofSeconds(1), 1_000_000)),
            Optional.of(MotionConfig.defaults()),
            MotionDecode.ALL,
            Schedule.always(),
            true,
            Duration.ZERO,
            Optional.empty(),
            Optional.of(
                UploaderConfig.builder(URI.create("http://127.0.0.1:1"), credential).build()),
            Optional.empty()),
        new PipelineListener() {},
        () -> true);
  }

  private static void assertNothingRuns() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
                    .noneMatch(name -> OURS.stream().anyMatch(name::startsWith)));
  }
}
