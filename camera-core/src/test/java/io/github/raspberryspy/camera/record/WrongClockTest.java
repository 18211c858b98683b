package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.SealedSegment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A clock that is not set at the start, or that jumps while a camera records. */
@Timeout(60)
class WrongClockTest {

  private static final long RUN_NANOS = 1_000_000_000L;

  @TempDir Path root;

  private final List<Packet> packets = VideoMaker.with("libx264").frames(10, 50).gop(10).packets();
  private final AtomicReference<Instant> wall = new AtomicReference<>();
  private boolean isSet = true;
  private long nanos = RUN_NANOS;

  private RecorderRig rig() throws Exception {
    RecorderRig rig = new RecorderRig(root, Duration.ofSeconds(1));
    rig.clocks = new ClockWatch(wall::get, () -> nanos, () -> isSet);
    rig.runClock = rig.clocks.tie(RUN_NANOS);
    return rig;
  }

  /** The time is known two segments after the start: all of the run gets its right labels. */
  private void syncAfterTwoSegments(Instant wrong, boolean kernelKnew) throws Exception {
    wall.set(wrong);
    isSet = kernelKnew;
    RecorderRig rig = rig();
    assertThat(rig.runClock.state()).isEqualTo(ClockState.UNSYNCED);
    Instant earlier = wrong.minusSeconds(5); // by the clock of the run before it
    rig.spool.noteRecorded(earlier);
    rig.because = "whatever it was";
    Instant real = Instant.parse("2027-03-01T10:00:00Z");
    rig.whenSealed(
        2,
        () -> {
          nanos = RUN_NANOS + 2_000_000_000L;
          wall.set(real.plusSeconds(2));
          isSet = true;
        });
    rig.record(packets);
    rig.storage.tend();
    List<SegmentManifest> manifests =
        rig.spool.sealed().stream().map(SealedSegment::manifest).toList();
    assertThat(manifests).hasSizeGreaterThanOrEqualTo(5);
    assertThat(manifests).extracting(SegmentManifest::clock).containsOnly(ClockState.CORRECTED);
    assertThat(manifests.get(0).start()).isEqualTo(real);
    assertThat(manifests.get(0).gaps()).containsExactly(new Gap(earlier, real, rig.because));
    for (int i = 1; i < manifests.size(); i++) {
      assertThat(manifests.get(i).start()).isEqualTo(manifests.get(i - 1).end());
      assertThat(manifests.get(i).id().sequence()).isEqualTo(i);
    }
    assertThat(rig.spool.state().recordedUntil()).contains(real.plusSeconds(5));
    assertThat(rig.problems).isEmpty();
  }

  @Test
  void aRunThatBeganIn1970IsDatedAnewOnceTheTimeIsKnown() throws Exception {
    syncAfterTwoSegments(Instant.parse("1970-01-01T00:00:10Z"), true);
  }

  @Test
  void aRunThatBeganWithTheTimeOfTheLastShutdownIsDatedAnew() throws Exception {
    syncAfterTwoSegments(Instant.parse("2026-11-20T08:00:00Z"), false);
  }

  @Test
  void aClockThatJumpsBackAnHourMovesNothingInARun() throws Exception {
    wall.set(RecorderRig.START);
    RecorderRig rig = rig();
    rig.whenSealed(2, () -> wall.set(RecorderRig.START.minusSeconds(3600)));
    rig.record(packets);
    for (int i = 1; i < rig.sealed.size(); i++) {
      assertThat(rig.sealed.get(i).start()).isEqualTo(rig.sealed.get(i - 1).end());
    }
    rig.runClock = rig.clocks.tie(RUN_NANOS);
    rig.record(packets);
    assertThat(rig.spool.sealed()).as("nothing is overwritten").hasSize(10);
    assertThat(Playback.check(rig.spool, root))
        .allSatisfy(m -> assertThat(m.duration()).isPositive())
        .allSatisfy(m -> assertThat(m.gaps()).isEmpty());
    assertThat(rig.spool.state().recordedUntil()).contains(RecorderRig.START.plusSeconds(5));
  }
}
