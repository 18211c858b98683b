package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.PipelineListener;
import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.overlay.OverlayConfig;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.supervise.SuperviseConfig;
import io.github.raspberryspy.daemon.config.CameraConfig;
import io.github.raspberryspy.daemon.config.MotionDecode;
import io.github.raspberryspy.motion.Schedule;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.sink.MasterConfig;
import io.github.raspberryspy.sink.MasterServer;
import io.github.raspberryspy.upload.UploadListener;
import io.github.raspberryspy.upload.Uploader;
import io.github.raspberryspy.upload.UploaderConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A camera and a master, real on both sides: the open segment is there before it is sealed. */
@Timeout(180)
class TailUploadTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  private MasterServer master(int port) throws IOException {
    return MasterServer.start(
        MasterConfig.into(folder.resolve("footage")).listen("127.0.0.1", port).build());
  }

  private static UploaderConfig to(MasterServer master, URI url) {
    return UploaderConfig.builder(url, master.credentialFor("front"))
        .retry(Duration.ofMillis(100), Duration.ofMillis(500))
        .build();
  }

  private RecorderConfig recorder(Duration segment) {
    return RecorderConfig.into(folder.resolve("spool")).segment(segment);
  }

  /** Videos, or what the master keeps beside them. */
  private List<Path> files(boolean areVideos) throws IOException {
    Path footage = folder.resolve("footage");
    try (Stream<Path> files = Files.walk(footage)) {
      return files
          .filter(Files::isRegularFile)
          .filter(f -> f.toString().endsWith(".mp4") == areVideos)
          .toList();
    }
  }

  /** Whether some file there begins as this one does, and holds at least so much of it. */
  private boolean isThere(Path part, int least) throws IOException {
    byte[] here = Files.readAllBytes(part);
    for (Path file : files(false)) {
      byte[] there = bytes(file);
      if (there.length >= least
          && there.length <= here.length
          && Arrays.equals(here, 0, there.length, there, 0, there.length)) {
        return true;
      }
    }
    return false;
  }

  /** Empty where the master has replaced the file meanwhile. */
  private static byte[] bytes(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return new byte[0];
    }
  }

  @Test
  void theOpenSegmentIsOnTheMasterBeforeItIsSealed() throws Exception {
    try (MasterServer master = master(0);
        CameraNode node =
            CameraNode.start(
                new CameraConfig(
                    "front",
                    "test://?size=320x240&fps=10",
                    EncoderConfig.h264().gop(Duration.ofMillis(500)),
                    recorder(Duration.ofHours(1)),
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
                    Optional.of(to(master, master.url())),
                    Optional.empty()),
                new PipelineListener() {},
                () -> true)) {
      Path spool = folder.resolve("spool");
      await().atMost(PATIENCE).until(() -> !parts(spool).isEmpty());
      Path part = parts(spool).get(0);
      await().atMost(PATIENCE).until(() -> Files.size(part) > 20_000 && isThere(part, 20_000));
      assertThat(files(true)).as("nothing is sealed yet").isEmpty();
      node.stopRecording();
      assertThat(node.awaitUploaded(PATIENCE)).isTrue();
      assertThat(files(true)).hasSize(1);
      assertThat(parts(spool)).isEmpty();
    }
  }

  @Test
  void neitherARestartOfTheMasterNorOneOfTheUploaderSendsTheTailAgain() throws Exception {
    Spool spool = Spool.at(folder.resolve("spool"), "front");
    MasterServer first = master(0);
    UploaderConfig config = to(first, first.url());
    long sent;
    Relay relay = new Relay();
    try (CameraPipeline camera =
        CameraPipeline.builder()
            .name("front")
            .source("test://?size=320x240&fps=10")
            .record(recorder(Duration.ofHours(1)))
            .listener(relay)
            .start()) {
      try (Uploader uploader = new Uploader(spool, config, new UploadListener() {})) {
        uploader.start();
        relay.to = uploader;
        await().atMost(PATIENCE).until(() -> uploader.acceptedBytes() > 20_000);
        first.close();
        try (MasterServer second = master(config.master().getPort())) {
          long before = uploader.acceptedBytes();
          await().atMost(PATIENCE).until(() -> uploader.acceptedBytes() > before + 20_000);
          assertThat(second.url()).isEqualTo(config.master());
          uploader.close();
          sent = uploader.acceptedBytes();
        }
      }
      try (MasterServer third = master(config.master().getPort());
          Uploader uploader = new Uploader(spool, config, new UploadListener() {})) {
        uploader.start();
        relay.to = uploader;
        await().atMost(PATIENCE).until(() -> uploader.acceptedBytes() > 10_000);
        camera.close();
        assertThat(uploader.awaitEmpty(PATIENCE)).isTrue();
        sent += uploader.acceptedBytes();
        assertThat(third.url()).isEqualTo(config.master());
      }
    }
    assertThat(files(true)).hasSize(1);
    assertThat(sent)
        .as("each byte once; one whose answer was lost is not counted")
        .isLessThanOrEqualTo(Files.size(files(true).get(0)));
  }

  private static List<Path> parts(Path spool) throws IOException {
    if (!Files.exists(spool)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(spool)) {
      return files.filter(f -> f.toString().endsWith(".part")).toList();
    }
  }

  /** What the camera tells, to whichever uploader there is. */
  private static final class Relay implements PipelineListener {
    private volatile Uploader to; // set by the test, read by the recorder

    @Override
    public void onDurable(SegmentFiles files, SegmentId segment, long bytes) {
      if (to != null) {
        to.durable(files, segment, bytes);
      }
    }

    @Override
    public void onSealed(SealedSegment segment) {
      if (to != null) {
        to.sealed(segment);
      }
    }
  }
}
