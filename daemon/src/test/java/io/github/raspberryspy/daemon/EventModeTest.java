package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.CameraPipelineBuilder;
import io.github.raspberryspy.camera.PipelineListener;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.source.TestPattern;
import io.github.raspberryspy.motion.MotionAids;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
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
  private final List<String> problems = new CopyOnWriteArrayList<>();

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

  @Test
  void whereTheDetectorDiesEverythingIsRecordedFromThenOn() throws Exception {
    List<SegmentManifest> segments = record(5 * FPS);
    double covered = 5 - TOLERANCE;
    for (SegmentManifest m : segments) {
      double start = m.firstPtsUs() / 1e6;
      assertThat(m.gaps()).allMatch(gap -> !gap.isLoss());
      if (start <= covered) {
        covered = Math.max(covered, start + m.duration().toNanos() / 1e9);
      }
    }
    assertThat(covered).isGreaterThan(FRAMES / (double) FPS - 0.1);
    assertThat(problems).singleElement().asString().startsWith("motion is not seen any more");
  }

  private List<SegmentManifest> record() throws Exception {
    List<SegmentManifest> segments = record(Long.MAX_VALUE);
    assertThat(problems).isEmpty();
    return segments;
  }

  /** Records all, and kills the detector at this frame. */
  private List<SegmentManifest> record(long killedAt) throws Exception {
    AtomicReference<MotionStage> detector = new AtomicReference<>();
    CameraPipelineBuilder builder =
        CameraPipeline.builder()
            .name("front")
            .source("test://?size=320x240&fps=15&seed=7&realtime=false&frames=" + FRAMES)
            .listener(
                new PipelineListener() {
                  @Override
                  public void onProblem(String sentence) {
                    problems.add(sentence);
                  }
                })
            .record(
                RecorderConfig.into(folder)
                    .events(
                        Duration.ofMillis((long) (PRE_ROLL * 1000)),
                        Duration.ofMillis((long) (POST_ROLL * 1000))));
    builder.sink(
        frame -> {
          if (frame.number() == killedAt) {
            detector.get().close();
          }
        });
    try (MotionStage stage =
        MotionStage.attachTo(
            builder, "front", MotionConfig.defaults(), MotionAids.NONE, MotionListener.NONE)) {
      detector.set(stage);
      try (CameraPipeline camera = builder.start()) {
        camera.awaitStop();
      }
    }
    return Spool.open(folder, "front").sealed().stream().map(SealedSegment::manifest).toList();
  }
}
