package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketWindow;
import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.faults.DiskImage;
import io.github.raspberryspy.segments.faults.FaultyFiles.Fault;
import io.github.raspberryspy.segments.spool.SealedSegment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Event mode where the disk fails on an event, and where the clock is set late. */
@Timeout(60)
class EventTroubleTest {

  private static final long RUN_NANOS = 1_000_000_000L;
  private static final List<Packet> PACKETS = VideoMaker.with("libx264").frames(10, 200).packets();

  @TempDir Path root;

  private boolean isSet;
  private long nanos = RUN_NANOS;
  private Instant wall = Instant.parse("1970-01-01T00:00:20Z");

  private static RecorderRig inEventMode(RecorderRig rig) {
    rig.config = rig.config.events(Duration.ofSeconds(2), Duration.ofSeconds(3));
    return rig;
  }

  private static void record(RecorderRig rig, double... triggers) throws IOException {
    PacketWindow window = new PacketWindow(Long.MAX_VALUE, false);
    SegmentRecorder recorder = rig.recorder(window);
    PACKETS.forEach(window::append);
    window.close();
    for (double trigger : triggers) {
      recorder.trigger(rig.clock().nanosAt(Math.round(trigger * 1e6)), "bell");
    }
    recorder.run();
  }

  /** A bell at 8.35 s: 6 s to 12 s are recorded, whichever sync or rename of it fails. */
  @Test
  void anEventThatTheDiskFailsOnIsRecordedAgainUpToItsEndAndKeepsItsTrigger() throws Exception {
    boolean isOver = false;
    for (int n = 1; !isOver; n++) {
      FaultStage stage = new FaultStage(new DiskImage(), Fault.EIO);
      RecorderRig rig = inEventMode(stage.rig(Duration.ofHours(1), StorageConfig.none()));
      int nth = n;
      int[] count = {0};
      stage.faults.before(
          what -> {
            boolean isOfSegment = what.contains(".mp4") || what.contains(".json");
            if (isOfSegment && ++count[0] == nth) {
              throw new IOException("Input/output error");
            }
          });
      record(rig, 8.35);
      isOver = count[0] < n;
      rig.storage.tend();
      rig.storage.tend();
      List<SegmentManifest> segments =
          rig.spool.sealed().stream().map(SealedSegment::manifest).toList();
      assertThat(segments).as("fault %s", n).isNotEmpty();
      for (int i = 60; i < 120; i++) {
        Instant at = rig.at(i * 100_000L);
        assertThat(segments)
            .as("fault %s: the frame at %s", n, at)
            .anyMatch(m -> !at.isBefore(m.start()) && at.isBefore(m.end()));
      }
      assertThat(segments)
          .as("fault %s: nothing before or after the event", n)
          .allMatch(m -> !m.start().isBefore(rig.at(6_000_000)))
          .allMatch(m -> !m.end().isAfter(rig.at(12_000_000)));
      assertThat(segments)
          .as("fault %s", n)
          .flatExtracting(SegmentManifest::gaps)
          .extracting(Gap::isLoss)
          .containsOnly(false);
      Instant bell = rig.at(8_350_000);
      assertThat(segments)
          .as("fault %s: each that holds the moment of the bell tells of it", n)
          .filteredOn(m -> !bell.isBefore(m.start()) && bell.isBefore(m.end()))
          .isNotEmpty()
          .allMatch(m -> m.motion().size() == 1);
      assertThat(n).isLessThan(100);
    }
  }

  /** The time becomes known while nothing happens, and nothing happens after it. */
  @Test
  void aClockThatIsSetAtRestDatesTheEventBeforeItAtOnce() throws Exception {
    RecorderRig rig = unsynced();
    Instant real = Instant.parse("2027-03-01T10:00:00Z");
    rig.whenSealed(1, () -> set(real, 9));
    record(rig, 4.5);
    rig.storage.tend();
    SegmentManifest segment = rig.spool.sealed().get(0).manifest();
    assertThat(segment.clock()).isEqualTo(ClockState.CORRECTED);
    assertThat(segment.start()).isEqualTo(real.plusSeconds(2));
    assertThat(segment.end()).isEqualTo(real.plusSeconds(8));
    assertThat(segment.gaps()).containsExactly(new Gap(real, real.plusSeconds(2), Gap.NO_EVENT));
    assertThat(segment.motion().get(0).start()).isEqualTo(real.plusMillis(4500));
    Rests rests = Rests.of(rig.spool.folder());
    assertThat(rests.restsIn(new Gap(real, real.plusSeconds(30), "any")))
        .as("what was rested since then has the right time too")
        .contains(new Gap(real.plusSeconds(8), real.plusSeconds(20), Gap.NO_EVENT));
  }

  /** It becomes known in the middle of an event: its second half is dated right from its start. */
  @Test
  void aClockThatIsSetInAnEventSplitsItThereAndBothHalvesAreDated() throws Exception {
    RecorderRig rig = unsynced();
    Instant real = Instant.parse("2027-03-01T10:00:00Z");
    rig.config = rig.config.segment(Duration.ofSeconds(3));
    rig.whenSealed(1, () -> set(real, 9)); // at 9 s, in the event from 6 s to 12 s
    record(rig, 8.35, 15.5);
    rig.storage.tend();
    List<SegmentManifest> segments =
        rig.spool.sealed().stream().map(SealedSegment::manifest).toList();
    assertThat(segments).extracting(SegmentManifest::clock).containsOnly(ClockState.CORRECTED);
    assertThat(segments.get(0).start()).isEqualTo(real.plusSeconds(6));
    assertThat(segments)
        .flatExtracting(SegmentManifest::gaps)
        .containsExactly(
            new Gap(real, real.plusSeconds(6), Gap.NO_EVENT),
            new Gap(real.plusSeconds(12), real.plusSeconds(13), Gap.NO_EVENT));
    assertThat(segments.get(segments.size() - 1).end()).isEqualTo(real.plusSeconds(19));
  }

  private RecorderRig unsynced() throws IOException {
    RecorderRig rig = inEventMode(new RecorderRig(root, Duration.ofHours(1)));
    rig.clocks = new ClockWatch(() -> wall, () -> nanos, () -> isSet);
    rig.runClock = rig.clocks.tie(RUN_NANOS);
    assertThat(rig.runClock.state()).isEqualTo(ClockState.UNSYNCED);
    return rig;
  }

  private void set(Instant runStart, int secondsLater) {
    nanos = RUN_NANOS + secondsLater * 1_000_000_000L;
    wall = runStart.plusSeconds(secondsLater);
    isSet = true;
  }
}
