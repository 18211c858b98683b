package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.camera.Counters;
import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketWindow;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.faults.FaultyFiles;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.spool.UnusableSpoolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A card that cannot be used when the camera starts, or when another run begins. */
@Timeout(60)
class AbsentCardTest {

  @TempDir Path root;
  @TempDir Path memory;

  private final FaultyFiles faults = new FaultyFiles(Path.of("."));
  private final List<Packet> packets = VideoMaker.with("libx264").frames(10, 30).gop(10).packets();
  private final List<String> alerts = new CopyOnWriteArrayList<>();

  private StorageConfig withMemory() {
    return StorageConfig.none().ram(memory, 8 << 20);
  }

  private Storage open(StorageConfig config) throws IOException {
    return Storage.open(faults.path(root), "front", config, alerts::add, new Counters());
  }

  private void readOnly(boolean is) {
    String card = root.toString();
    faults.before(
        what -> {
          if (is && what.contains(card)) {
            throw new IOException("Read-only file system");
          }
        });
  }

  /** Records them as a run of this storage's. */
  private List<SegmentManifest> record(Storage storage, int minutes) throws IOException {
    RecorderRig rig = new RecorderRig(root.resolve("unused"), Duration.ofSeconds(1));
    rig.start = RecorderRig.START.plusSeconds(60L * minutes);
    PacketWindow window = new PacketWindow(Long.MAX_VALUE, false);
    SegmentRecorder recorder =
        new SegmentRecorder(
            new SegmentRecorder.Job(
                () -> rig.config,
                storage.card(),
                storage.beginRun(),
                rig.info(),
                rig.clock(),
                rig.annotator,
                rig,
                rig.counters,
                storage,
                rig.clocks),
            window.openCursor());
    packets.forEach(window::append);
    window.close();
    recorder.run();
    assertThat(rig.problems).isEmpty();
    return rig.sealed;
  }

  private static long frames(Spool spool) throws IOException {
    return spool.sealed().stream().mapToLong(s -> s.manifest().frames()).sum();
  }

  /** It would finish, as if it were a crash's, what the first one is writing into memory. */
  @Test
  void aSecondRecorderOfOneCameraIsRefusedWhileTheCardIsAbsentToo() throws Exception {
    readOnly(true);
    try (Storage first = open(withMemory())) {
      assertThat(first.ram()).isPresent();
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> open(withMemory()));
    }
    try (Storage later = open(withMemory())) {
      assertThat(later.ram()).isPresent();
    }
    Path ram = Storage.ramRoot(Spool.at(root, "front"), withMemory());
    Storage.tidy(ram);
    assertThat(ram).doesNotExist();
  }

  @Test
  void aCardThatIsReadOnlyAtTheStartIsToldRecordedAroundAndComesBack() throws Exception {
    RecorderRig before = new RecorderRig(root, Duration.ofSeconds(1)).record(packets);
    readOnly(true);
    Storage storage = open(withMemory());
    assertThat(alerts).singleElement().asString().contains("Read-only", "memory");

    List<SegmentManifest> first = record(storage, 1);
    storage.tend();
    List<SegmentManifest> second = record(storage, 2);
    Spool ram = storage.ram().orElseThrow();
    assertThat(frames(ram)).as("all of it is in memory").isEqualTo(2L * packets.size());
    assertThat(first.get(0).gaps())
        .as("the card's own note of how far it recorded is read")
        .containsExactly(new Gap(before.at(3_000_000), first.get(0).start(), "restart"));
    assertThat(second.get(0).gaps())
        .containsExactly(new Gap(first.get(2).end(), second.get(0).start(), "restart"));

    readOnly(false);
    storage.tend();
    storage.tend();
    assertThat(alerts).last().asString().contains("works again");
    record(storage, 3);
    assertThat(frames(storage.card())).as("on the card again").isEqualTo(2L * packets.size());
    Set<SegmentId> ids = new HashSet<>();
    for (Spool spool : List.of(ram, storage.card())) {
      for (SealedSegment segment : spool.sealed()) {
        assertThat(ids.add(segment.manifest().id())).as("no id comes twice").isTrue();
      }
    }
    storage.close();
  }

  /** What a crash left on it is recovered when it comes back, before anything is added. */
  @Test
  void aCardThatIsAbsentAtTheStartIsRecoveredWhenItComes() throws Exception {
    RecorderRig before = new RecorderRig(root, Duration.ofHours(1)).record(packets);
    SealedSegment whole = before.spool.sealed().get(0);
    Files.delete(whole.files().manifest());
    Files.move(whole.files().video(), whole.files().part());
    readOnly(true);
    Storage storage = open(withMemory());
    record(storage, 1);
    readOnly(false);
    storage.tend();
    storage.tend();
    assertThat(storage.card().sealed())
        .singleElement()
        .extracting(s -> s.manifest().closed())
        .isEqualTo(CloseReason.RECOVERED);
    assertThat(storage.place()).isSameAs(storage.card());
    storage.close();
  }

  /** The camera is opened anew while the card fails: that run is recorded too. */
  @Test
  void aRunThatBeginsWhileTheCardFailsIsRecordedInMemory() throws Exception {
    Storage storage = open(withMemory());
    record(storage, 0);
    readOnly(true);
    List<SegmentManifest> second = record(storage, 1);
    assertThat(second).hasSize(3);
    assertThat(frames(storage.ram().orElseThrow())).isEqualTo(packets.size());
    storage.close();
  }

  @Test
  void withoutMemoryACardThatCannotBeUsedIsRefused() {
    readOnly(true);
    assertThatThrownBy(() -> open(StorageConfig.none()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Read-only");
  }

  /** What a person must mend is said at once, memory or not. */
  @Test
  void aSpoolThatIsNoFolderOrInUseIsRefused() throws Exception {
    Storage storage = open(withMemory());
    assertThatThrownBy(() -> open(withMemory()))
        .isInstanceOf(UnusableSpoolException.class)
        .hasMessageContaining("in use");
    storage.close();
    Files.writeString(root.resolve("file"), "");
    assertThatThrownBy(
            () ->
                Storage.open(
                    root.resolve("file"), "front", withMemory(), alerts::add, new Counters()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("file");
  }

  /** One file that the disk does not give must not keep a camera from recording. */
  @Test
  void whatRecoveryFailsOnHoldsNothingUp() throws Exception {
    RecorderRig before = new RecorderRig(root, Duration.ofHours(1)).record(packets);
    SealedSegment whole = before.spool.sealed().get(0);
    Files.delete(whole.files().manifest());
    faults.before(
        what -> {
          if (what.startsWith("move") || what.contains(".json.tmp")) {
            throw new IOException("Input/output error");
          }
        });
    Storage storage = open(StorageConfig.none());
    assertThat(alerts).singleElement().asString().contains("waits for the next start");
    storage.close();
  }
}
