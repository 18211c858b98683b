package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.CameraPipelineBuilder;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.motion.FusionMode;
import io.github.raspberryspy.motion.MotionAids;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.MotionListener;
import io.github.raspberryspy.motion.PirFusion;
import io.github.raspberryspy.motion.PirSignal;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a sensor feels is recorded in event mode, from before it, though the picture is still. */
@Timeout(60)
class PirEventTest {

  private static final long FPS = 15;

  @TempDir Path folder;

  @Test
  void warmthIsRecordedWithItsPreRollAndTheManifestSaysWhoSawIt() throws Exception {
    PirSignal signal = new PirSignal();
    signal.cold(System.nanoTime());
    CameraPipelineBuilder builder =
        CameraPipeline.builder()
            .name("front")
            .source("test://?size=320x240&objects=0&fps=" + FPS)
            .record(
                RecorderConfig.into(folder).events(Duration.ofSeconds(1), Duration.ofSeconds(1)));
    PirFusion fusion = new PirFusion(FusionMode.OR, Duration.ZERO, Duration.ofMillis(500), signal);
    long warmNanos;
    try (MotionStage stage =
            MotionStage.attachTo(
                builder,
                "front",
                MotionConfig.defaults(),
                new MotionAids(Optional.of(fusion), Optional.empty()),
                MotionListener.NONE);
        CameraPipeline camera = builder.start()) {
      await().until(() -> camera.counters().get(Counter.FRAMES_CAPTURED) > 6 * FPS);
      assertThat(camera.counters().get(Counter.FRAMES_RECORDED)).isZero();
      warmNanos = System.nanoTime();
      signal.warm(warmNanos);
      await().until(() -> camera.counters().get(Counter.FRAMES_RECORDED) > 2 * FPS);
      signal.cold(System.nanoTime());
      await().until(() -> camera.counters().get(Counter.SEGMENTS_SEALED) == 1);
    }

    List<SealedSegment> segments = Spool.open(folder, "front").sealed();
    assertThat(segments).hasSize(1);
    SegmentManifest manifest = segments.get(0).manifest();
    assertThat(manifest.motion())
        .singleElement()
        .satisfies(
            span -> {
              assertThat(span.zones()).containsExactly("pir");
              assertThat(span.boxes()).isEmpty();
              assertThat(Duration.between(manifest.start(), span.start()))
                  .as("pre-roll, back to a keyframe")
                  .isBetween(Duration.ofMillis(900), Duration.ofMillis(2200));
              assertThat(Duration.between(span.start(), span.end()))
                  .isGreaterThan(Duration.ofMillis(500));
            });
  }
}
