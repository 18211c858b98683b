package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentHeader;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed in its first segment takes what it knew to be missing with it. */
class RecoveredGapTest {

  @TempDir Path root;

  private final List<Packet> packets = VideoMaker.with("libx264").frames(10, 20).packets();

  @Test
  void whatWasMissingBeforeARunThatWasKilledInItsFirstSegmentIsListedByItsRecovery()
      throws Exception {
    RecorderRig rig = new RecorderRig(root, Duration.ofHours(1)).record(packets);
    Instant end = rig.sealed.get(0).end();
    Instant start = RecorderRig.START.plusSeconds(60);
    writePart(rig, 0, start);
    writePart(rig, 1, start.plusSeconds(10));

    List<SegmentManifest> recovered = SpoolRecovery.recover(rig.spool);

    assertThat(recovered)
        .extracting(SegmentManifest::gaps)
        .containsExactly(List.of(new Gap(end, start, "restart")), List.of());
  }

  private void writePart(RecorderRig rig, int sequence, Instant start) throws Exception {
    SegmentHeader header =
        new SegmentHeader(
            new SegmentId("front", rig.spool.state().key(), 2, sequence),
            start,
            ClockState.SYNCED,
            0,
            10);
    byte[] sets = NalUnits.parameterSets(packets.get(0).array());
    try (OpenSegment segment =
        OpenSegment.begin(rig.spool, header, rig.info(), sets, Optional.empty(), 1_000_000)) {
      for (Packet packet : packets) {
        segment.add(packet);
      }
    }
  }
}
