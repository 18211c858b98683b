package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.SegmentHeader;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.faults.CrashStates;
import io.github.raspberryspy.segments.faults.DiskChange;
import io.github.raspberryspy.segments.faults.DiskImage;
import io.github.raspberryspy.segments.faults.MemoryDisk;
import io.github.raspberryspy.segments.spool.Losses;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.segments.wire.Receipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Power cuts: a camera records, seals, has receipts and losses, is cut off in the middle of a
 * segment and recovers; for each moment of that, what a power cut may leave on the disk (writes
 * that were not synced dropped, torn, or there without earlier ones) is recovered and looked at.
 *
 * <p>{@code -Draspberryspy.crashes=N} looks at N times as many states.
 */
@Timeout(600)
class CrashStatesTest {

  private static final int TIMES = Integer.getInteger("raspberryspy.crashes", 1);
  private static final int FILLER = 1500;
  private static final Logger OURS = Logger.getLogger("io.github.raspberryspy");
  private static final CameraCredential CREDENTIAL = CameraCredential.derive(new byte[32], "front");

  private final List<Packet> packets =
      VideoMaker.with("libx264").frames(10, 36).packets().stream()
          .map(p -> RecorderRig.enlarged(p, FILLER))
          .toList();
  private final MemoryDisk disk = new MemoryDisk();

  /** Footage that an fsync had put on the disk after so many changes. */
  private record Durable(int changes, SegmentId id, long frames) {}

  /** A segment that may be gone after so many changes: the master has it, or its loss is listed. */
  private record Gone(int changes, SegmentId id) {}

  private final List<Durable> durable = new ArrayList<>();
  private final List<Gone> gone = new ArrayList<>();
  private final Set<SegmentId> dropped = new HashSet<>();

  /** The history that is cut: run 1 with three segments, of which two leave; a run that is cut. */
  private void film() throws IOException {
    RecorderRig rig = new RecorderRig(disk.path("/spool"), Duration.ofSeconds(1));
    rig.record(packets.subList(0, 27));
    List<SealedSegment> sealed = rig.spool.sealed();
    assertThat(sealed).hasSize(3);
    for (SealedSegment segment : sealed) {
      noteSealed(segment.manifest());
    }
    leave(sealed.get(0), false);
    rig.spool.reclaim(sealed.get(0).files(), receipt(sealed.get(0)).encode());
    leave(sealed.get(1), true);
    new Losses(rig.spool).drop(sealed.get(1).files(), Losses.Cause.NO_ROOM);
    filmAndCut(rig, rig.spool.beginRun().run());
    SpoolRecovery.recover(rig.spool);
    RecorderRig next = new RecorderRig(disk.path("/spool"), Duration.ofSeconds(1));
    next.start = RecorderRig.START.plusSeconds(30);
    next.record(packets.subList(0, 10));
    noteSealed(next.sealed.get(0));
    next.spool.quarantine(next.spool.sealed().get(0).files(), "because");
  }

  private void leave(SealedSegment segment, boolean isLoss) {
    gone.add(new Gone(disk.log().size(), segment.manifest().id()));
    if (isLoss) {
      dropped.add(segment.manifest().id());
    }
  }

  /** The manifest was the last thing to become durable, but for the note of how far it went. */
  private void noteSealed(SegmentManifest manifest) {
    durable.add(new Durable(disk.log().size(), manifest.id(), manifest.frames()));
  }

  private void filmAndCut(RecorderRig rig, long run) throws IOException {
    SegmentId id = new SegmentId("front", rig.spool.state().key(), run, 0);
    SegmentHeader header =
        new SegmentHeader(id, rig.start.plusSeconds(10), ClockState.SYNCED, 0, 10);
    byte[] sets = NalUnits.parameterSets(packets.get(0).array());
    try (OpenSegment open =
        OpenSegment.begin(rig.spool, header, rig.info(), sets, Optional.empty(), 1_000_000)) {
      long size = open.sizeBytes();
      for (int i = 0; i < packets.size(); i++) {
        open.add(packets.get(i));
        if (open.sizeBytes() > size) {
          size = open.sizeBytes();
          durable.add(new Durable(disk.log().size(), id, i));
        }
      }
    }
  }

  private static Receipt receipt(SealedSegment segment) {
    return Receipt.sign(CREDENTIAL, segment.manifest().id(), segment.manifest().content());
  }

  /** Each state is told of in the log, which nobody reads. */
  @BeforeEach
  void silence() {
    OURS.setLevel(Level.OFF);
  }

  @AfterEach
  void speak() {
    OURS.setLevel(null);
  }

  @Test
  void whateverAPowerCutLeavesWhatWasSyncedPlaysOnce() throws Exception {
    film();
    List<DiskChange> log = disk.log();
    int[] recoveries = {0};
    int[] visited = {0};
    int states =
        new CrashStates(new DiskImage(), log, 7)
            .forEach(
                800 * TIMES,
                (changes, state) -> {
                  if (visited[0]++ % 40 == 0) {
                    recoveries[0] += crashInRecovery(state.copy(), changes);
                  }
                  recoverAndCheck(new MemoryDisk(state), changes);
                });
    System.out.printf(
        "%d states of the disk after a power cut, %d of them in recovery%n",
        states + recoveries[0], recoveries[0]);
    assertThat(states + recoveries[0]).as("states").isGreaterThanOrEqualTo(10_000);
    assertThat(recoveries[0]).as("states in recovery").isPositive();
  }

  /** The power is cut again while what the first cut left is recovered. */
  private int crashInRecovery(DiskImage before, int changes) throws Exception {
    MemoryDisk first = new MemoryDisk(before.copy());
    SpoolRecovery.recover(Spool.open(first.path("/spool"), "front"));
    return new CrashStates(before, first.log(), changes)
        .forEach(6, (n, state) -> recoverAndCheck(new MemoryDisk(state), changes));
  }

  /** Recovers, twice, and compares with what was durable by then. */
  private void recoverAndCheck(MemoryDisk after, int changes) throws IOException {
    Spool spool = Spool.open(after.path("/spool"), "front");
    SpoolRecovery.recover(spool);
    check(spool, after, changes);
    long once = after.snapshot().fingerprint();
    SpoolRecovery.recover(Spool.open(after.path("/spool"), "front"));
    assertThat(after.snapshot().fingerprint())
        .as("after %s changes a second recovery changes nothing", changes)
        .isEqualTo(once);
  }

  private void check(Spool spool, MemoryDisk after, int changes) throws IOException {
    Map<SegmentId, SegmentManifest> here = new HashMap<>();
    Map<String, byte[]> files = after.snapshot().contents();
    for (SealedSegment segment : spool.sealed()) {
      assertThat(here.put(segment.manifest().id(), segment.manifest())).as("only once").isNull();
      checkPlays(segment);
    }
    assertThat(files.keySet()).noneMatch(f -> f.endsWith(SegmentName.PART) || f.endsWith(".tmp"));
    for (Durable footage : durable) {
      if (footage.changes() <= changes) {
        SegmentManifest manifest = here.get(footage.id());
        if (manifest == null) {
          checkMayBeGone(footage.id(), files, changes);
        } else {
          assertThat(manifest.frames())
              .as("after %s changes, frames of %s", changes, footage.id())
              .isGreaterThanOrEqualTo(footage.frames());
        }
      }
    }
  }

  private void checkMayBeGone(SegmentId id, Map<String, byte[]> files, int changes) {
    boolean mayBe = gone.stream().anyMatch(g -> g.id().equals(id) && g.changes() <= changes);
    boolean isKept =
        files.keySet().stream()
            .anyMatch(f -> f.contains("quarantine") && f.endsWith(id.runAndSequence() + ".mp4"));
    assertThat(mayBe || isKept).as("after %s changes, %s is here", changes, id).isTrue();
    if (dropped.contains(id)) {
      assertThat(files.entrySet())
          .as("its loss is on record")
          .anyMatch(f -> isRecordOfLoss(f.getKey(), f.getValue(), id));
    }
  }

  /** The record itself, or a manifest that lists it. */
  private static boolean isRecordOfLoss(String file, byte[] content, SegmentId id) {
    return file.endsWith(id.runAndSequence() + ".lost")
        || (file.endsWith(SegmentName.MANIFEST)
            && new String(content, StandardCharsets.UTF_8).contains("deleted before"));
  }

  private static void checkPlays(SealedSegment segment) throws IOException {
    SegmentManifest manifest = segment.manifest();
    FragmentedMp4 file = FragmentedMp4.scan(segment.files().video());
    assertThat(file.isWhole()).isTrue();
    assertThat(file.startsWithKeyframe()).isTrue();
    assertThat(file.frames()).isEqualTo(manifest.frames());
    assertThat(DurableFiles.hash(segment.files().video())).isEqualTo(manifest.content());
  }
}
