package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketWindow;
import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.SegmentHeader;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.faults.DiskImage;
import io.github.raspberryspy.segments.faults.FaultyFiles.Fault;
import io.github.raspberryspy.segments.spool.Losses;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.segments.wire.Receipt;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * F6: each file operation fails in turn, the first, the second, and so on to the last; once, for a
 * while, or until the camera is started anew; while it records and seals, rests, recovers, drops
 * what does not fit, reclaims, and moves footage out of memory. After each the invariants hold.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileOperationFaultsTest {

  private static final Logger OURS = Logger.getLogger("io.github.raspberryspy");
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final CameraCredential CREDENTIAL = CameraCredential.derive(new byte[32], "front");
  private static final List<Packet> SIX_SECONDS =
      VideoMaker.with("libx264").frames(10, 60).gop(5).packets();
  private static final List<Packet> PACKETS = SIX_SECONDS.subList(0, 30);
  private static final List<Packet> EARLIER = PACKETS.subList(0, 10);

  /** How long the disk fails. */
  enum Lasting {
    ONCE,
    UNTIL_TOLD_THRICE,
    UNTIL_RESTART
  }

  static Stream<Arguments> faults() {
    return Stream.of(Fault.values())
        .flatMap(f -> Stream.of(Lasting.values()).map(lasting -> Arguments.of(f, lasting)));
  }

  private boolean healed;

  /** What happens on the disk while it fails. */
  private interface Scene {
    /** Sets it up on a disk that works, and returns what is then done on one that fails. */
    Act prepare(FaultStage stage) throws Exception;
  }

  private interface Act {
    void play() throws IOException;
  }

  private interface Check {
    void check(FaultStage stage) throws Exception;
  }

  /** Each failure is told of in the log, which nobody reads. */
  @BeforeEach
  void silence() {
    OURS.setLevel(Level.OFF);
  }

  @AfterEach
  void speak() {
    OURS.setLevel(null);
  }

  private void eachOperation(Fault fault, Lasting lasting, DiskImage image, Scene scene, Check then)
      throws Exception {
    boolean isOver = false;
    for (int n = 1; !isOver; n++) {
      FaultStage stage = new FaultStage(image.copy(), fault);
      Act act = scene.prepare(stage);
      healed = false;
      stage.faults.failAt(n, lasting != Lasting.ONCE);
      long began = System.nanoTime();
      try {
        act.play();
      } catch (IOException e) {
        assertThat(e).as("the disk's own words").hasStackTraceContaining("injected");
      }
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LONGEST);
      isOver = !healed && stage.faults.changes() < n;
      assertThat(n > 1 || !isOver).as("there is an operation that can fail").isTrue();
      stage.faults.heal();
      try {
        then.check(stage);
      } catch (AssertionError | Exception e) {
        throw new AssertionError("operation " + n + ": " + e.getMessage(), e);
      }
    }
  }

  /** The card's thread looks at once at what failed; the disk may work again by then. */
  private void tendOnProblems(FaultStage stage, RecorderRig rig, Lasting lasting) {
    rig.onProblem =
        () -> {
          if (lasting == Lasting.UNTIL_TOLD_THRICE && rig.told() == 3) {
            healed = true;
            stage.faults.heal();
          }
          rig.storage.tend();
        };
  }

  @ParameterizedTest
  @MethodSource("faults")
  void whileItRecordsAndSeals(Fault fault, Lasting lasting) throws Exception {
    RecorderRig[] rig = new RecorderRig[1];
    eachOperation(
        fault,
        lasting,
        new DiskImage(),
        stage -> {
          RecorderRig first = stage.rig(Duration.ofSeconds(1), StorageConfig.none());
          stage.filmed(first.record(EARLIER), EARLIER, "the first run");
          rig[0] = stage.rig(Duration.ofSeconds(1), StorageConfig.none());
          rig[0].start = RecorderRig.START.plusSeconds(60);
          stage.filmed(rig[0], PACKETS, "the second run");
          tendOnProblems(stage, rig[0], lasting);
          SegmentRecorder recorder = recorder(rig[0], PACKETS);
          return () -> recordAndTend(rig[0], recorder);
        },
        stage -> {
          long sealed = rig[0].sealed.stream().mapToLong(SegmentManifest::frames).sum();
          if (rig[0].told() == 0) {
            assertThat(sealed).as("no frame is lost without a word").isEqualTo(PACKETS.size());
          }
          if (lasting == Lasting.ONCE || healed) {
            assertThat(rig[0].sealed).as("it goes on").isNotEmpty();
          }
          stage.restartAndRecord(EARLIER, 2);
        });
  }

  private static SegmentRecorder recorder(RecorderRig rig, List<Packet> packets)
      throws IOException {
    PacketWindow window = new PacketWindow(Long.MAX_VALUE, false);
    SegmentRecorder recorder = rig.recorder(window);
    packets.forEach(window::append);
    window.close();
    return recorder;
  }

  private static void recordAndTend(RecorderRig rig, SegmentRecorder recorder) {
    recorder.run();
    rig.storage.tend();
    rig.storage.tend();
  }

  /** Where there is memory that works, the card may fail as it likes: no frame is missing. */
  @ParameterizedTest
  @MethodSource("faults")
  void whileItRecordsWithMemoryAtHand(Fault fault, Lasting lasting) throws Exception {
    RecorderRig[] rig = new RecorderRig[1];
    eachOperation(
        fault,
        lasting,
        new DiskImage(),
        stage -> {
          rig[0] = stage.rig(Duration.ofSeconds(1), stage.withMemory(8 << 20));
          stage.filmed(rig[0], PACKETS, "the run");
          tendOnProblems(stage, rig[0], lasting);
          SegmentRecorder recorder = recorder(rig[0], PACKETS);
          return () -> recordAndTend(rig[0], recorder);
        },
        stage -> {
          rig[0].storage.tend();
          rig[0].storage.tend();
          rig[0].storage.tend();
          List<SegmentManifest> manifests = stage.check(rig[0].spool);
          assertThat(manifests).flatExtracting(SegmentManifest::gaps).isEmpty();
        });
  }

  /** Two events with rests around them; what is not recorded is a rest, or listed as lost. */
  @ParameterizedTest
  @MethodSource("faults")
  void whileItRestsBetweenEvents(Fault fault, Lasting lasting) throws Exception {
    eachOperation(
        fault,
        lasting,
        new DiskImage(),
        stage -> {
          RecorderRig earlier = stage.rig(Duration.ofSeconds(1), StorageConfig.none());
          stage.filmed(earlier.record(EARLIER), EARLIER, "the first run");
          RecorderRig rig = stage.rig(Duration.ofSeconds(1), StorageConfig.none());
          rig.start = RecorderRig.START.plusSeconds(60);
          rig.config = rig.config.events(Duration.ofMillis(500), Duration.ofSeconds(1));
          stage.filmed(rig, SIX_SECONDS, "the run");
          tendOnProblems(stage, rig, lasting);
          SegmentRecorder recorder = recorder(rig, SIX_SECONDS);
          recorder.trigger(rig.clock().nanosAt(1_200_000), "bell");
          recorder.trigger(rig.clock().nanosAt(4_200_000), "bell");
          return () -> recordAndTend(rig, recorder);
        },
        stage -> stage.restartAndRecord(EARLIER, 2));
  }

  /** What a crash leaves is recovered: a part, a receipt, a loss on record, half a seal. */
  @ParameterizedTest
  @MethodSource("faults")
  void whileItRecovers(Fault fault, Lasting lasting) throws Exception {
    DiskImage wreck = wreck();
    FaultStage undisturbed = new FaultStage(wreck.copy(), fault);
    SpoolRecovery.recover(undisturbed.rig(Duration.ofSeconds(1), StorageConfig.none()).spool);
    long left = undisturbed.durableFrames();
    assertThat(left).isGreaterThan(30);
    eachOperation(
        fault,
        lasting,
        wreck,
        stage -> {
          RecorderRig rig = stage.rig(Duration.ofSeconds(1), StorageConfig.none());
          stage.filmed(rig, PACKETS.subList(10, 30), "the first run");
          rig.start = RecorderRig.START.plusSeconds(10);
          stage.filmed(rig, PACKETS.subList(0, 20), "the part");
          Spool spool = rig.spool;
          return () -> SpoolRecovery.recover(spool);
        },
        stage -> stage.restartAndRecord(EARLIER, 2, left));
  }

  private static DiskImage wreck() throws IOException {
    FaultStage stage = new FaultStage(new DiskImage(), Fault.EIO);
    RecorderRig rig = stage.rig(Duration.ofSeconds(1), StorageConfig.none());
    List<SealedSegment> sealed = rig.record(PACKETS).spool.sealed();
    DurableFiles.write(sealed.get(0).files().receipt(), receipt(sealed.get(0)));
    DurableFiles.rename(
        sealed.get(1).files().manifest(),
        sealed.get(1).files().folder().resolve(sealed.get(1).files().name() + ".lost"));
    DurableFiles.delete(sealed.get(2).files().manifest());
    SegmentId id = new SegmentId("front", rig.spool.state().key(), rig.spool.beginRun().run(), 0);
    SegmentHeader header =
        new SegmentHeader(id, rig.start.plusSeconds(10), ClockState.SYNCED, 0, 10);
    byte[] sets = NalUnits.parameterSets(PACKETS.get(0).array());
    try (OpenSegment open =
        OpenSegment.begin(rig.spool, header, rig.info(), sets, Optional.empty(), 1_000_000)) {
      for (Packet packet : PACKETS) {
        open.add(packet);
      }
    }
    return stage.disk.snapshot();
  }

  private static byte[] receipt(SealedSegment segment) {
    return Receipt.sign(CREDENTIAL, segment.manifest().id(), segment.manifest().content()).encode();
  }

  /** The card is too full: segments go, and each loss is on record or in a manifest. */
  @ParameterizedTest
  @MethodSource("faults")
  void whileItDropsWhatDoesNotFit(Fault fault, Lasting lasting) throws Exception {
    RecorderRig[] rig = new RecorderRig[1];
    eachOperation(
        fault,
        lasting,
        new DiskImage(),
        stage -> {
          rig[0] = stage.rig(Duration.ofSeconds(1), StorageConfig.none().reserve(10_000));
          stage.filmed(rig[0].record(PACKETS), PACKETS, "the run");
          long used =
              stage.disk.snapshot().contents().values().stream().mapToLong(b -> b.length).sum();
          stage.disk.capacity(used + 9_000);
          return rig[0].storage::tend;
        },
        stage -> {
          stage.disk.capacity(Long.MAX_VALUE);
          new Losses(rig[0].spool).finish();
          stage.check(rig[0].spool);
          stage.restartAndRecord(EARLIER, 2);
        });
  }

  /** The master has a segment: it goes, or stays whole; the others stay. */
  @ParameterizedTest
  @MethodSource("faults")
  void whileItReclaims(Fault fault, Lasting lasting) throws Exception {
    eachOperation(
        fault,
        lasting,
        new DiskImage(),
        stage -> {
          RecorderRig rig = stage.rig(Duration.ofSeconds(1), StorageConfig.none());
          rig.record(PACKETS);
          stage.filmed(rig, PACKETS.subList(0, 10), "verified");
          stage.filmed(rig, PACKETS.subList(10, 30), "the run");
          SealedSegment first = rig.spool.sealed().get(0);
          stage.verified.add(first.manifest().id());
          return () -> rig.spool.reclaim(first.files(), receipt(first));
        },
        stage -> {
          RecorderRig rig = stage.rig(Duration.ofSeconds(1), StorageConfig.none());
          rig.spool.finishReclaims();
          assertThat(stage.check(rig.spool)).hasSizeBetween(2, 3);
          stage.restartAndRecord(EARLIER, 2);
        });
  }

  /** Memory is half full: what waits there moves to the card, or stays. */
  @ParameterizedTest
  @MethodSource("faults")
  void whileItMovesFootageOutOfMemory(Fault fault, Lasting lasting) throws Exception {
    RecorderRig[] rig = new RecorderRig[1];
    List<Packet> large = new ArrayList<>();
    PACKETS.forEach(p -> large.add(RecorderRig.enlarged(p, 30_000)));
    eachOperation(
        fault,
        lasting,
        new DiskImage(),
        stage -> {
          rig[0] =
              stage.rig(
                  Duration.ofSeconds(1), stage.withMemory(StorageConfig.LEAST_RAM).ramFirst(true));
          stage.filmed(rig[0].record(large), large, "the run");
          return rig[0].storage::tend;
        },
        stage -> {
          rig[0].storage.tend();
          rig[0].storage.tend();
          assertThat(stage.check(rig[0].spool)).hasSize(3);
          assertThat(rig[0].spool.sealed()).as("moved once the card works").isNotEmpty();
        });
  }
}
