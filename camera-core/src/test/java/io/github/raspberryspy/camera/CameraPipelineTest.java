package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.UnknownSpan;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CameraPipelineTest {

  @TempDir Path spool;

  @Test
  void segmentsFollowEachOtherWithoutAGap() throws Exception {
    try (CameraPipeline camera =
        CameraPipeline.builder()
            .source("test://?size=320x240&fps=30&realtime=false&frames=165")
            .record(RecorderConfig.into(spool).segment(Duration.ofSeconds(2)))
            .start()) {
      camera.awaitStop();
      assertThat(camera.counters().get(Counter.FRAMES_RECORDED)).isEqualTo(165);
      assertThat(camera.counters().framesDropped()).isZero();
    }
    List<SealedSegment> sealed = Spool.open(spool, "camera").sealed();
    assertThat(sealed).extracting(s -> s.manifest().frames()).containsExactly(60L, 60L, 45L);
    SegmentManifest last = null;
    for (SealedSegment segment : sealed) {
      FragmentedMp4 file = FragmentedMp4.scan(segment.files().video());
      assertThat(file.isWhole()).isTrue();
      assertThat(file.startsWithKeyframe()).isTrue();
      assertThat(file.frames()).isEqualTo(segment.manifest().frames());
      if (last != null) {
        assertThat(segment.manifest().start()).isEqualTo(last.end());
      }
      last = segment.manifest();
    }
  }

  @Test
  void whereNobodyLooksForMotionManifestsDoNotSayThatThereWasNone() throws Exception {
    try (CameraPipeline camera =
        CameraPipeline.builder()
            .source("test://?size=64x48&fps=30&realtime=false&frames=90")
            .record(RecorderConfig.into(spool).segment(Duration.ofSeconds(2)))
            .start()) {
      camera.awaitStop();
    }
    assertThat(Spool.open(spool, "camera").sealed())
        .hasSize(2)
        .extracting(SealedSegment::manifest)
        .allSatisfy(
            m -> {
              assertThat(m.unknown())
                  .containsExactly(new UnknownSpan(m.start(), m.end(), UnknownSpan.NOT_LOOKED_FOR));
              assertThat(m.isMotionKnown()).isFalse();
              assertThat(m.mayHaveMotion()).as("kept as if something had moved").isFalse();
            });
  }
}
