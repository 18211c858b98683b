package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.Spool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sink that keeps frames hurts itself only. */
@Timeout(60)
class HoardingSinkTest {

  @TempDir Path root;

  private final List<Frame> kept = new CopyOnWriteArrayList<>();
  private final LogLines log = LogLines.of(FramePool.class);

  @AfterEach
  void giveBack() {
    log.close();
    kept.forEach(Frame::close);
  }

  private CameraPipelineBuilder hoarding(String uri, int atMost) {
    return CameraPipeline.builder()
        .source(uri)
        .record(RecorderConfig.into(root).segment(Duration.ofSeconds(2)))
        .sink(
            frame -> {
              if (kept.size() < atMost) {
                kept.add(frame.share("hoarder"));
              }
            });
  }

  private Path file() {
    return VideoMaker.with("libx264").frames(10, 45).write(root.resolve("video.mp4"));
  }

  private void assertKeptFramesCanBeReadAndGivenBack() {
    for (Frame frame : kept) {
      assertThat(frame.image().plane(0).get(5)).isNotZero();
      frame.close();
      frame.close();
    }
    assertThat(log.lines()).anySatisfy(line -> assertThat(line).contains("hoarder"));
  }

  private long recorded() throws Exception {
    return Spool.open(root, "camera").sealed().stream()
        .map(s -> s.manifest())
        .mapToLong(SegmentManifest::frames)
        .sum();
  }

  @Test
  void framesThatOutliveTheirSourceStayReadableAndTheirHolderIsNamed() throws Exception {
    try (CameraPipeline camera =
        hoarding("test://?size=160x120&realtime=false&frames=40", 3).start()) {
      camera.awaitStop();
    }
    assertThat(kept).hasSize(3);
    assertThat(recorded()).isEqualTo(40);
    assertKeptFramesCanBeReadAndGivenBack();
  }

  @Test
  void framesThatOutliveTheirDecoderStayReadableAndTheirHolderIsNamed() throws Exception {
    try (CameraPipeline camera = hoarding(file().toUri().toString(), 3).start()) {
      camera.awaitStop();
    }
    assertThat(kept).hasSize(3);
    assertThat(recorded()).isEqualTo(45);
    assertKeptFramesCanBeReadAndGivenBack();
  }

  @Test
  void aPipelineCanBeClosedThoughASinkKeepsEveryFrame() throws Exception {
    // A file as fast as can be fills the whole window: one segment, or its end takes its time.
    CameraPipeline camera =
        hoarding(file().toUri() + "?loop=true", Integer.MAX_VALUE)
            .record(RecorderConfig.into(root).fragment(Duration.ofSeconds(10)))
            .start();
    await().until(() -> kept.size() == FramePool.DEFAULT_SLOTS);
    CompletableFuture.runAsync(camera::close).get(30, TimeUnit.SECONDS);
    assertThat(recorded()).isEqualTo(camera.counters().get(Counter.FRAMES_RECORDED)).isPositive();
    assertKeptFramesCanBeReadAndGivenBack();
  }
}
