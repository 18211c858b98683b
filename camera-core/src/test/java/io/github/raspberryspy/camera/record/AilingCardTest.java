package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketWindow;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.faults.FaultyFiles;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A card that fails to sync, goes read-only, forgets what it is given, or stalls. */
@Timeout(60)
class AilingCardTest {

  @TempDir Path root;
  @TempDir Path memory;

  private final FaultyFiles faults = new FaultyFiles(Path.of("."));
  private final List<Packet> packets = VideoMaker.with("libx264").frames(10, 60).gop(10).packets();

  private RecorderRig rig(StorageConfig hardTimes) throws IOException {
    return new RecorderRig(faults.path(root), Duration.ofSeconds(2), hardTimes);
  }

  private static long frames(Spool spool) throws IOException {
    return spool.sealed().stream().mapToLong(s -> s.manifest().frames()).sum();
  }

  /** fsync returns EIO: never taken for a success later; what was durable is read back, sealed. */
  @Test
  void afterAFailedSyncOnlyWhatReadsBackAsWrittenIsSealed() throws Exception {
    RecorderRig rig = rig(StorageConfig.none());
    failSyncOfPart(3);
    rig.record(packets);
    assertThat(rig.problems).as("told at once").isNotEmpty();
    assertThat(rig.spool.list(SegmentName.PART)).hasSize(1);

    rig.storage.tend();
    rig.storage.tend();

    assertThat(rig.spool.list(SegmentName.PART)).as("sealed without a restart").isEmpty();
    List<SegmentManifest> manifests = Playback.check(rig.spool, root);
    assertThat(manifests)
        .extracting(SegmentManifest::closed)
        .containsOnlyOnce(CloseReason.RECOVERED);
    assertThat(frames(rig.spool)).as("nothing is lost").isGreaterThanOrEqualTo(packets.size());
    assertThat(manifests).flatExtracting(SegmentManifest::gaps).isEmpty();
  }

  /** The disk gives other bytes back than it said it had synced: not sealed, listed as lost. */
  @Test
  void whatReadsBackOtherwiseIsMarkedBadToldAndListed() throws Exception {
    RecorderRig rig = rig(StorageConfig.none());
    failSyncOfPart(3);
    rig.record(packets.subList(0, 30));
    Path part = rig.spool.list(SegmentName.PART).get(0).part();
    Path real = root.resolve("front").resolve("2026-11-23").resolve(part.getFileName().toString());
    byte[] bytes = Files.readAllBytes(real);
    bytes[bytes.length / 4] ^= 1;
    Files.write(real, bytes);
    rig.problems.clear();

    rig.storage.tend();
    rig.storage.tend();

    assertThat(rig.problems).anyMatch(p -> p.contains("reads back otherwise"));
    assertThat(rig.spool.list(SegmentName.PART)).isEmpty();
    Playback.check(rig.spool, root);
    RecorderRig next = rig;
    next.start = RecorderRig.START.plusSeconds(60);
    next.record(packets.subList(0, 10));
    assertThat(rig.sealed.get(rig.sealed.size() - 1).gaps())
        .extracting(Gap::reason)
        .contains("the disk did not keep it");
  }

  /** One bad sector under a part that was given up: the others are sealed all the same. */
  @Test
  void aPartThatTheDiskNeverGivesBackHoldsUpNoOther() throws Exception {
    RecorderRig rig = rig(StorageConfig.none());
    failSyncOfPart(3);
    rig.record(packets.subList(0, 30));
    failSyncOfPart(3);
    rig.recordOn(packets.subList(0, 30), 1);
    List<SegmentFiles> parts = rig.spool.list(SegmentName.PART);
    assertThat(parts).hasSize(2);
    String bad = parts.get(0).part().getFileName().toString();
    faults.before(
        what -> {
          if (what.endsWith(bad)) {
            throw new IOException("Input/output error");
          }
        });

    rig.storage.tend();
    rig.storage.tend();
    rig.storage.tend();

    assertThat(rig.spool.list(SegmentName.PART)).containsExactly(parts.get(0));
  }

  /** What the camera sends is no fault of the card, which goes on to be written to. */
  @Test
  void parameterSetsThatMakeNoVideoAreNotHeldAgainstTheCard() throws Exception {
    RecorderRig rig = rig(StorageConfig.none().ram(memory, 8 << 20));
    byte[] hostile = {0, 0, 0, 1, 0x67, 0, 0, 0, 1, 0x68, 0, 0, 0, 1, 0x65, 1, 2, 3};
    List<Packet> stream = new ArrayList<>();
    stream.add(new Packet(hostile, 0, 0, 100_000, true));
    packets.forEach(packet -> stream.add(RecorderRig.moved(packet, 100_000)));
    rig.record(stream);
    assertThat(rig.problems).anyMatch(problem -> problem.contains("parameter sets"));
    assertThat(rig.storage.place()).isSameAs(rig.spool);
    assertThat(frames(rig.spool)).isEqualTo(packets.size());
    assertThat(rig.spool.list(SegmentName.PART)).isEmpty();
  }

  private void failSyncOfPart(int nth) {
    int[] count = {0};
    faults.before(
        what -> {
          if (what.startsWith("fsync") && what.endsWith(".part") && ++count[0] == nth) {
            throw new IOException("Input/output error");
          }
        });
  }

  /**
   * The card goes read-only: no frame is lost, footage goes to memory, and back once it is well.
   */
  @Test
  void aReadOnlyCardCostsNoFrameWhereThereIsMemory() throws Exception {
    RecorderRig rig = rig(StorageConfig.none().ram(memory, 8 << 20));
    AtomicBoolean readOnly = new AtomicBoolean();
    String card = root.toString();
    faults.before(
        what -> {
          if (readOnly.get() && what.contains(card)) {
            throw new IOException("Read-only file system");
          }
        });
    rig.whenSealed(
        2,
        () -> {
          readOnly.set(true);
          rig.storage.tend();
        });
    rig.record(packets);
    assertThat(rig.problems).as("found by the canary").anyMatch(p -> p.contains("Read-only"));
    Spool ram = rig.storage.ram().orElseThrow();
    assertThat(frames(rig.spool)).isEqualTo(40);
    assertThat(frames(ram)).isEqualTo(20);
    assertThat(rig.sealed).flatExtracting(SegmentManifest::gaps).isEmpty();
    readOnly.set(false);
    rig.storage.tend();
    rig.storage.tend();
    assertThat(rig.problems).anyMatch(p -> p.contains("works again"));
    assertThat(rig.storage.place()).isSameAs(rig.spool);
  }

  /** It fails in the middle of a segment: what was not durable is written again, to memory. */
  @Test
  void whatTheCardDidNotTakeIsWrittenToMemoryInstead() throws Exception {
    RecorderRig rig = rig(StorageConfig.none().ram(memory, 8 << 20));
    String card = root.toString();
    int[] writes = {0};
    faults.before(
        what -> {
          if (what.contains(card) && what.endsWith(".part") && ++writes[0] > 8) {
            throw new IOException("Input/output error");
          }
        });
    rig.record(packets);
    Spool ram = rig.storage.ram().orElseThrow();
    faults.before(what -> {});
    rig.storage.tend();
    rig.storage.tend();
    rig.storage.tend();
    assertThat(frames(ram)).isPositive();
    assertThat(frames(ram) + frames(rig.spool)).isGreaterThanOrEqualTo(packets.size());
    List<Gap> gaps = new ArrayList<>();
    for (SealedSegment segment : ram.sealed()) {
      gaps.addAll(segment.manifest().gaps());
    }
    assertThat(gaps).as("nothing is missing").isEmpty();
  }

  /** It says yes and forgets: found by what is read back. */
  @Test
  void aCardThatIgnoresWritesIsFoundByReadingBack() throws Exception {
    RecorderRig rig = rig(StorageConfig.none().ram(memory, 8 << 20));
    rig.storage.tend();
    assertThat(rig.problems).isEmpty();
    faults.ignoreWrites(true);
    rig.storage.failed(rig.spool, Optional.empty()); // or four seconds later
    rig.storage.tend();
    assertThat(rig.problems).anyMatch(p -> p.contains("forgets"));
    assertThat(rig.storage.place()).isSameAs(rig.storage.ram().orElseThrow());
  }

  /** In memory first: the card gets nothing while the master keeps up, and the rest when not. */
  @Test
  void memoryFirstSparesTheCardUntilTooMuchWaits() throws Exception {
    RecorderRig rig = rig(StorageConfig.none().ram(memory, StorageConfig.LEAST_RAM).ramFirst(true));
    rig.record(packets);
    assertThat(rig.counted(Counter.BYTES_TO_DISK)).isZero();
    Spool ram = rig.storage.ram().orElseThrow();
    assertThat(frames(ram)).isEqualTo(packets.size());
    List<Packet> large = packets.stream().map(AilingCardTest::enlarged).toList();
    rig.recordOn(large, 1);
    rig.storage.tend();
    assertThat(frames(rig.spool)).as("moved to the card").isPositive();
    assertThat(frames(rig.spool) + frames(ram)).isEqualTo(2L * packets.size());
    assertThat(rig.counted(Counter.BYTES_TO_DISK)).isPositive();
    Playback.check(rig.spool, root);
  }

  private static Packet enlarged(Packet p) {
    return RecorderRig.enlarged(p, 20_000);
  }

  /** A stalled disk: ten seconds of footage wait in memory; beyond its bound it is counted. */
  @Test
  void aStallOfTenSecondsCostsNoFrameAndALongerOneIsCountedAndListed() throws Exception {
    RecorderRig rig = rig(StorageConfig.none());
    List<Packet> large = packets.stream().map(AilingCardTest::enlarged).toList();
    long second = large.subList(0, 10).stream().mapToLong(Packet::sizeBytes).sum();
    PacketWindow window = new PacketWindow(12 * second, false);
    CountDownLatch stalled = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    stall(stalled, released);
    Thread recording = new Thread(rig.recorder(window), "record-test");
    recording.start();
    large.forEach(window::append);
    assertThat(stalled.await(30, TimeUnit.SECONDS)).isTrue();
    large.subList(0, 40).forEach(p -> window.append(RecorderRig.moved(p, 6_000_000)));
    released.countDown();
    Awaitility.await().until(() -> rig.counted(Counter.FRAMES_RECORDED) >= 99);
    assertThat(rig.counted(Counter.FRAMES_LOST_BY_RECORDER)).as("ten seconds").isZero();

    CountDownLatch again = new CountDownLatch(1);
    CountDownLatch releasedAgain = new CountDownLatch(1);
    stall(again, releasedAgain);
    for (int i = 0; i < 4; i++) {
      long by = 10_000_000L + i * 6_000_000L;
      large.forEach(p -> window.append(RecorderRig.moved(p, by)));
    }
    assertThat(again.await(30, TimeUnit.SECONDS)).isTrue();
    releasedAgain.countDown();
    window.close();
    recording.join();
    long lost = rig.counted(Counter.FRAMES_LOST_BY_RECORDER);
    assertThat(lost).as("24 s do not fit into 12").isPositive();
    assertThat(frames(rig.spool) + lost).isEqualTo(100 + 240);
    assertThat(rig.sealed).flatExtracting(SegmentManifest::gaps).isNotEmpty();
  }

  private void stall(CountDownLatch stalled, CountDownLatch released) {
    faults.before(
        what -> {
          if (what.startsWith("fsync") && what.endsWith(".part")) {
            stalled.countDown();
            try {
              released.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          }
        });
  }
}
