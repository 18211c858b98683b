package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.faults.MemoryDisk;
import io.github.raspberryspy.segments.spool.Losses;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.segments.wire.Receipt;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Footage that grew older in the spool than its owner wants it to. */
@Timeout(60)
class OldFootageTest {

  private static final Duration MOST = Duration.ofHours(10);
  private static final String REASON = "deleted before it was uploaded: too old";

  private final MemoryDisk disk = new MemoryDisk();
  private final List<Packet> packets = VideoMaker.with("libx264").frames(10, 50).gop(10).packets();
  private Instant wall = RecorderRig.START;
  private long nanos;
  private boolean isSet = true;
  private RecorderRig rig;

  @BeforeEach
  void believe() throws IOException {
    rig =
        new RecorderRig(
            disk.path("/spool"), Duration.ofSeconds(1), StorageConfig.none().maxAge(MOST));
    rig.storage.believe(new ClockWatch(() -> wall, () -> nanos, () -> isSet));
    rig.storage.tend();
  }

  private void pass(Duration time) {
    wall = wall.plus(time);
    nanos += time.toNanos();
    rig.storage.tend();
  }

  private List<Long> sequences() throws IOException {
    return rig.spool.sealed().stream().map(s -> s.manifest().id().sequence()).toList();
  }

  private List<Gap> lost() throws IOException {
    return new Losses(rig.spool).unlisted().gaps();
  }

  @Test
  void whatIsTooOldGoesAndEachIsToldAndListedAfterAWarning() throws Exception {
    rig.record(packets);
    pass(Duration.ofHours(8));
    assertThat(rig.problems).isEmpty();
    pass(Duration.ofHours(1).plusSeconds(6));
    rig.storage.tend();
    assertThat(rig.problems).singleElement().asString().contains("from 10 hours on it is deleted");
    assertThat(sequences()).as("nothing goes yet").hasSize(5);

    pass(MOST.minus(Duration.ofHours(9)).minusSeconds(3).plusMillis(1));
    assertThat(sequences()).containsExactly(3L, 4L);
    assertThat(rig.problems).hasSize(4);
    assertThat(rig.problems.get(3))
        .contains(rig.sealed.get(2).id().toString(), "which the master does not have", "deleted");
    assertThat(lost())
        .containsExactly(new Gap(rig.sealed.get(0).start(), rig.sealed.get(2).end(), REASON));

    rig.recordOn(packets.subList(0, 10), 600);
    assertThat(rig.sealed.get(5).gaps()).anyMatch(gap -> gap.reason().equals(REASON));
    assertThat(lost()).as("once").isEmpty();
  }

  @Test
  void whatTheMasterHasGoesWithoutAWord() throws Exception {
    rig.record(packets.subList(0, 10));
    SealedSegment verified = rig.spool.sealed().get(0);
    CameraCredential credential = CameraCredential.derive(new byte[32], "front");
    byte[] receipt =
        Receipt.sign(credential, verified.manifest().id(), verified.manifest().content()).encode();
    DurableFiles.write(verified.files().receipt(), receipt);
    pass(MOST.multipliedBy(2));
    assertThat(sequences()).isEmpty();
    assertThat(lost()).isEmpty();
    assertThat(rig.problems).isEmpty();
  }

  /** F24: years ahead, and back. */
  @Test
  void aStepOfTheClockMakesNothingOld() throws Exception {
    rig.record(packets);
    wall = wall.plus(Duration.ofDays(3650));
    rig.storage.tend();
    pass(Duration.ofHours(1));
    assertThat(sequences()).hasSize(5);
    wall = wall.minus(Duration.ofDays(3650));
    rig.storage.tend();
    assertThat(rig.problems).isEmpty();
    pass(MOST);
    assertThat(sequences()).isEmpty();
  }

  @Test
  void whileTheTimeIsNotKnownNothingIsOld() throws Exception {
    rig.record(packets);
    isSet = false;
    pass(MOST.multipliedBy(2));
    assertThat(sequences()).hasSize(5);
    isSet = true;
    rig.storage.tend();
    assertThat(sequences()).isEmpty();
  }

  @Test
  void footageOfAnUnknownTimeHasNoAge() throws Exception {
    rig.runClock = new RunClock(1_000_000_000L, RecorderRig.START, ClockState.UNSYNCED);
    rig.clocks = new ClockWatch(() -> wall, () -> nanos, () -> false);
    rig.record(packets);
    pass(MOST.multipliedBy(2));
    assertThat(sequences()).hasSize(5);
  }

  @Test
  void anAgeBelowNothingIsRefused() {
    assertThatThrownBy(() -> StorageConfig.none().maxAge(Duration.ofHours(-1)))
        .hasMessage("a greatest age of PT-1H is not 0 or more");
  }
}
