package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.raspberryspy.camera.Counters;
import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.faults.SmallDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The spool is on a disk that is full, or read-only. */
@Timeout(120)
class SmallDiskTest {

  @TempDir Path folder;

  private final List<Packet> packets = VideoMaker.with("libx264").frames(10, 50).gop(10).packets();
  private SmallDisk small;
  private Path disk;

  @BeforeEach
  void mount() throws Exception {
    small = SmallDisk.mount(folder.resolve("disk"), 20);
    disk = small.path();
  }

  @AfterEach
  void unmount() {
    if (small != null) {
      small.close();
    }
  }

  @Test
  void aFullDiskIsToldAndRecordedToAgainOnceThereIsRoom() throws Exception {
    RecorderRig rig = new RecorderRig(disk, Duration.ofSeconds(1));
    rig.whenSealed(2, small::fill);
    rig.record(packets);
    assertThat(rig.problems).anyMatch(p -> p.contains("No space left on device"));
    assertThat(rig.sealed.size()).isBetween(2, 4);
    small.empty();
    rig.storage.tend();
    rig.storage.tend();
    rig.recordOn(packets, 1);
    List<SegmentManifest> last = rig.sealed.subList(rig.sealed.size() - 5, rig.sealed.size());
    assertThat(last.stream().mapToLong(SegmentManifest::frames).sum()).isEqualTo(packets.size());
    assertThat(last.get(0).gaps()).as("what did not fit is listed").isNotEmpty();
    Playback.check(rig.spool, disk);
  }

  @Test
  void aDiskThatIsMountedReadOnlyIsRecordedAroundAtTheStart(@TempDir Path memory) throws Exception {
    new RecorderRig(disk, Duration.ofSeconds(1)).record(packets);
    assumeTrue(small.remount(true), "it cannot be made read-only");
    List<String> alerts = new CopyOnWriteArrayList<>();
    try (Storage storage =
        Storage.open(
            disk,
            "front",
            StorageConfig.none().ram(memory, 8 << 20),
            alerts::add,
            new Counters())) {
      assertThat(alerts).singleElement().asString().contains("read-only", "memory");
      assertThat(storage.place()).isSameAs(storage.ram().orElseThrow());
      assertThat(storage.beginRun().run()).isEqualTo(1);
      assertThat(small.remount(false)).isTrue();
      storage.tend();
      storage.tend();
      assertThat(alerts).last().asString().contains("works again");
      assertThat(storage.place()).isSameAs(storage.card());
    }
  }
}
