package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.SealedSegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Motion, listeners and damaged packets never end a recording. */
@Timeout(60)
class RecorderSurvivalTest {

  @TempDir Path root;

  private final List<Packet> packets = VideoMaker.with("libx264").frames(10, 50).packets();

  private RecorderRig rig() throws Exception {
    return new RecorderRig(root, Duration.ofSeconds(2));
  }

  @Test
  void anAnnotatorThatFailsCostsNoFrame() throws Exception {
    RecorderRig rig = rig();
    rig.annotator =
        (from, to, patience) -> {
          throw new IllegalStateException("motion broke");
        };
    rig.record(packets);
    assertThat(Playback.check(rig.spool, root))
        .extracting(SegmentManifest::frames)
        .containsExactly(20L, 20L, 10L);
    assertThat(rig.sealed).allSatisfy(m -> assertThat(m.gaps()).isEmpty());
    assertThat(rig.problems).isNotEmpty().allSatisfy(p -> assertThat(p).contains("motion"));
  }

  @Test
  void aListenerThatFailsCostsNoFrame() throws Exception {
    RecorderRig rig = rig();
    rig.listener =
        new RecorderListener() {
          @Override
          public void onSealed(SealedSegment segment) {
            throw new IllegalStateException("listener broke");
          }

          @Override
          public void onProblem(String sentence) {
            throw new IllegalStateException("listener broke");
          }
        };
    rig.record(packets);
    assertThat(Playback.check(rig.spool, root))
        .extracting(SegmentManifest::frames)
        .containsExactly(20L, 20L, 10L);
  }

  @Test
  void aPacketWhoseTimeGoesBackIsToldAndRecordingGoesOn() throws Exception {
    RecorderRig rig = rig();
    List<Packet> broken = new ArrayList<>(packets);
    broken.set(15, RecorderRig.moved(packets.get(15), -1_200_000));
    rig.record(broken);
    assertThat(rig.problems).isNotEmpty();
    assertThat(rig.sealed).isNotEmpty();
    SegmentManifest last = rig.sealed.get(rig.sealed.size() - 1);
    assertThat(last.end()).isEqualTo(rig.at(5_000_000));
  }

  @Test
  void damagedParameterSetsAreToldAndSoundOnesAreRecorded() throws Exception {
    RecorderRig rig = rig();
    List<Packet> broken = new ArrayList<>(packets);
    broken.set(0, new Packet(new byte[] {0, 0, 0, 1, 0x67, 0, 0, 1, 0x65, 1}, 0, 0, 1, true));
    rig.record(broken);
    assertThat(rig.sealed.stream().mapToLong(SegmentManifest::frames).sum()).isEqualTo(40);
    assertThat(rig.sealed.get(0).gaps())
        .containsExactly(new Gap(rig.at(0), rig.at(1_000_000), "writing failed"));
  }
}
