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
import java.util.ArrayList;
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

  /** A camera's clock that was years ahead for a run, and is right again. */
  @Test
  void aClockThatWasAheadHidesNoLaterGap() throws Exception {
    int years = 10 * 365 * 24 * 60;
    RecorderRig rig = new RecorderRig(root, Duration.ofHours(1)).record(packets);
    rig.recordOn(packets, years).recordOn(packets, 5).recordOn(packets, 8);
    List<SegmentManifest> sealed = rig.sealed;
    assertThat(sealed.get(2).gaps()).isEmpty(); // how long it was off nobody knows
    assertThat(sealed.get(3).gaps())
        .containsExactly(new Gap(sealed.get(2).end(), sealed.get(3).start(), "restart"));

    Instant start = RecorderRig.START.plusSeconds(900);
    writePart(rig, 0, start);
    assertThat(SpoolRecovery.recover(rig.spool))
        .singleElement()
        .extracting(SegmentManifest::gaps)
        .isEqualTo(List.of(new Gap(sealed.get(3).end(), start, "restart")));
  }

  /** Of two parts, and of the later one when its clock had been set back. */
  @Test
  void whatWasFilmedLastIsRecoveredLast() throws Exception {
    RecorderRig rig = new RecorderRig(root, Duration.ofHours(1));
    writePart(rig, 1, 0, RecorderRig.START.plus(Duration.ofDays(33)));
    writePart(rig, 2, 0, RecorderRig.START);

    List<SegmentManifest> recovered = SpoolRecovery.recover(rig.spool);

    assertThat(recovered).extracting(m -> m.id().run()).containsExactly(1L, 2L);
    assertThat(rig.spool.state().recordedBefore(RecorderRig.START.plusSeconds(60)))
        .contains(recovered.get(1).end());
  }

  /** Frames that never came, in a run that was killed: the file's own times tell. */
  @Test
  void whereFramesAreMissingInAPartItsRecoveryListsThemAsItsRecorderWouldHave() throws Exception {
    List<Packet> some = new ArrayList<>(packets.subList(0, 4));
    some.addAll(packets.subList(6, 12));
    some.addAll(packets.subList(15, 20));
    RecorderRig lived = new RecorderRig(root.resolve("lived"), Duration.ofHours(1)).record(some);
    assertThat(lived.sealed.get(0).gaps()).hasSize(2);

    RecorderRig killed = new RecorderRig(root, Duration.ofHours(1));
    writePart(killed, 2, 0, RecorderRig.START, some);
    List<SegmentManifest> recovered = SpoolRecovery.recover(killed.spool);

    assertThat(recovered)
        .singleElement()
        .extracting(SegmentManifest::gaps)
        .isEqualTo(lived.sealed.get(0).gaps());
  }

  /** What was known to be missing before a part stands in it, whatever was sealed meanwhile. */
  @Test
  void whatAGivenUpPartKnewOutlivesItsProcess() throws Exception {
    RecorderRig rig = new RecorderRig(root, Duration.ofHours(1)).record(packets);
    Gap rest = new Gap(rig.at(2_000_000), rig.at(50_000_000), Gap.NO_EVENT);
    Gap loss = new Gap(rig.at(50_000_000), rig.at(60_000_000), "restart");
    SegmentHeader header =
        new SegmentHeader(
            new SegmentId("front", rig.spool.state().key(), 2, 0),
            loss.end(),
            ClockState.SYNCED,
            0,
            10,
            List.of(rest, loss));
    write(rig, header, packets);
    rig.spool.noteRecorded(loss.end().plusSeconds(30)); // by a segment after it

    assertThat(SpoolRecovery.recover(rig.spool))
        .singleElement()
        .extracting(SegmentManifest::gaps)
        .isEqualTo(List.of(rest, loss));
  }

  private void writePart(RecorderRig rig, int sequence, Instant start) throws Exception {
    writePart(rig, 2, sequence, start);
  }

  private void writePart(RecorderRig rig, long run, int sequence, Instant start) throws Exception {
    writePart(rig, run, sequence, start, packets);
  }

  private static void writePart(
      RecorderRig rig, long run, int sequence, Instant start, List<Packet> some) throws Exception {
    SegmentHeader header =
        new SegmentHeader(
            new SegmentId("front", rig.spool.state().key(), run, sequence),
            start,
            ClockState.SYNCED,
            0,
            10);
    write(rig, header, some);
  }

  private static void write(RecorderRig rig, SegmentHeader header, List<Packet> some)
      throws Exception {
    byte[] sets = NalUnits.parameterSets(some.get(0).array());
    try (OpenSegment segment =
        OpenSegment.begin(rig.spool, header, rig.info(), sets, Optional.empty(), 1_000_000)) {
      for (Packet packet : some) {
        segment.add(packet);
      }
      segment.settle();
    }
  }
}
