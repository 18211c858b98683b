package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.source.TestPattern;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.MotionListener;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Motion that is really seen decides in event mode: all of it is recorded, and idle time is not.
 */
@Timeout(120)
class EventModeTest {

  private static final int FPS = 15;
  private static final int FRAMES = 40 * FPS;
  private static final double PRE_ROLL = 1;
  private static final double POST_ROLL = 1;
  private static final double KEYFRAME = 1;

  /** How far motion's own beginning and end may be off the truth. */
  private static final double TOLERANCE = 0.5;

  @TempDir Path folder;

  @Test
  void everyMovingIntervalIsRecordedWithItsPreRollAndIdleTimeIsNot() throws Exception {
    List<SegmentManifest> segments = record();
    List<TestPattern.Interval> truth = new TestPattern(320, 240, FPS, 1, 7).motion(FRAMES);
    assertThat(truth).hasSizeGreaterThan(2);
    assertThat(segments).hasSize(truth.size());
    for (int i = 0; i < truth.size(); i++) {
      double from = (double) truth.get(i).firstFrame() / FPS - PRE_ROLL;
      double to = Math.min(FRAMES, truth.get(i).endFrame()) / (double) FPS;
      SegmentManifest m = segments.get(i);
      double start = m.firstPtsUs() / 1e6;
      double end = start + m.duration().toNanos() / 1e9;
      assertThat(start).isBetween(from - KEYFRAME - TOLERANCE, from + TOLERANCE);
      assertThat(end).isGreaterThan(Math.min(FRAMES / (double) FPS - 0.1, to));
      assertThat(end).isLessThan(to + POST_ROLL + KEYFRAME + TOLERANCE);
      assertThat(m.motion()).isNotEmpty();
    }
  }

  @Test
  void whatIsNotRecordedIsListedAsNoEventAndAsNothingElse() throws Exception {
    Instant until = null;
    for (SegmentManifest m : record()) {
      assertThat(m.gaps()).singleElement().extracting(Gap::reason).isEqualTo(Gap.NO_EVENT);
      Gap gap = m.gaps().get(0);
      assertThat(gap.end()).isEqualTo(m.start());
      if (until != null) {
        assertThat(gap.start()).isEqualTo(until);
      }
      until = m.end();
    }
  }

  private List<SegmentManifest> record() throws Exception {
    CameraPipeline.Builder builder =
        CameraPipeline.builder()
            .name("front")
            .source("test://?size=320x240&fps=15&seed=7&realtime=false&frames=" + FRAMES)
            .record(
                RecorderConfig.into(folder)
                    .events(
                        Duration.ofMillis((long) (PRE_ROLL * 1000)),
                        Duration.ofMillis((long) (POST_ROLL * 1000))));
    try (MotionStage stage =
            MotionStage.attachTo(builder, "front", MotionConfig.defaults(), MotionListener.NONE);
        CameraPipeline camera = builder.start()) {
      camera.awaitStop();
      assertThat(stage.seenUntilNanos()).isPresent();
    }
    return Spool.open(folder, "front").sealed().stream().map(SealedSegment::manifest).toList();
  }
}
