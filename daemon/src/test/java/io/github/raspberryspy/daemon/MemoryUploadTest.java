package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.PipelineListener;
import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.overlay.OverlayConfig;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.record.Storage;
import io.github.raspberryspy.camera.record.StorageConfig;
import io.github.raspberryspy.camera.supervise.SuperviseConfig;
import io.github.raspberryspy.daemon.config.CameraConfig;
import io.github.raspberryspy.daemon.config.MotionDecode;
import io.github.raspberryspy.motion.Schedule;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.sink.MasterConfig;
import io.github.raspberryspy.sink.MasterServer;
import io.github.raspberryspy.upload.UploaderConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Footage that a failing card does not take reaches the master from memory, and goes there. */
@Timeout(120)
class MemoryUploadTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  @TempDir Path memory;

  private final List<String> problems = new CopyOnWriteArrayList<>();

  private CameraNode camera(MasterServer master, Path spool, StorageConfig storage)
      throws IOException {
    return CameraNode.start(
        new CameraConfig(
            "front",
            "test://?size=320x240&fps=10&frames=60",
            EncoderConfig.h264().gop(Duration.ofMillis(500)),
            RecorderConfig.into(spool).segment(Duration.ofSeconds(1)).storage(storage),
            Optional.empty(),
            SuperviseConfig.defaults(),
            OverlayConfig.none(),
            Optional.empty(),
            Optional.empty(),
            MotionDecode.ALL,
            Schedule.always(),
            false,
            Duration.ZERO,
            Optional.empty(),
            Optional.of(
                UploaderConfig.builder(master.url(), master.credentialFor("front")).build()),
            Optional.empty()),
        new PipelineListener() {
          @Override
          public void onProblem(String sentence) {
            problems.add(sentence);
          }
        },
        () -> true);
  }

  private static List<Path> videos(Path root) throws IOException {
    if (!Files.exists(root)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(f -> f.toString().endsWith(".mp4")).toList();
    }
  }

  @Test
  void footageInMemoryReachesTheMasterAndIsDeletedThereOnReceipt() throws Exception {
    StorageConfig storage = StorageConfig.none().ram(memory, 16 << 20).ramFirst(true);
    Path spool = folder.resolve("spool");
    Path footage = folder.resolve("footage");
    try (MasterServer master =
        MasterServer.start(MasterConfig.into(footage).listen("127.0.0.1", 0).build())) {
      try (CameraNode node = camera(master, spool, storage)) {
        await().atMost(PATIENCE).until(() -> !videos(footage).isEmpty());
        assertThat(node.awaitStop(PATIENCE)).isTrue();
        assertThat(node.awaitUploaded(PATIENCE)).isTrue();
      }
      assertThat(videos(footage)).hasSizeGreaterThanOrEqualTo(5);
      assertThat(videos(spool)).as("the card got nothing").isEmpty();
      Path ram = Storage.ramRoot(Spool.at(spool, "front"), storage);
      assertThat(videos(ram)).as("deleted on receipt").isEmpty();
      assertThat(problems).isEmpty();
      assertThat(Spool.at(spool, "front").state().recordedUntil())
          .as("the card knows that nothing is missing")
          .isPresent();
      assertThat(ram).as("nothing is left in memory").doesNotExist();
    }
  }
}
