package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.raspberryspy.camera.Counters;
import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.segments.SegmentManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file system of 20 MB that is truly full, and truly read-only. Mounting one takes the rights of
 * the superuser; without them this is skipped.
 */
@Timeout(120)
class SmallDiskTest {

  private static final int SIZE_MB = 20;

  @TempDir Path folder;

  private final List<Packet> packets = VideoMaker.with("libx264").frames(10, 50).gop(10).packets();
  private Path disk;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=" + SIZE_MB + "m", "none", disk.toString()),
        "a file system cannot be mounted here");
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", disk.toString());
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // there is no such program
    }
  }

  @Test
  void aFullDiskIsToldAndRecordedToAgainOnceThereIsRoom() throws Exception {
    RecorderRig rig = new RecorderRig(disk, Duration.ofSeconds(1));
    Path ballast = disk.resolve("ballast");
    rig.whenSealed(2, () -> fill(ballast));
    rig.record(packets);
    assertThat(rig.problems).anyMatch(p -> p.contains("No space left on device"));
    assertThat(rig.sealed.size()).isBetween(2, 4);
    Files.delete(ballast);
    rig.storage.tend();
    rig.storage.tend();
    rig.recordOn(packets, 1);
    List<SegmentManifest> last = rig.sealed.subList(rig.sealed.size() - 5, rig.sealed.size());
    assertThat(last.stream().mapToLong(SegmentManifest::frames).sum()).isEqualTo(packets.size());
    assertThat(last.get(0).gaps()).as("what did not fit is listed").isNotEmpty();
    Playback.check(rig.spool, disk);
  }

  private static void fill(Path ballast) {
    byte[] block = new byte[4096];
    try (var out = Files.newOutputStream(ballast)) {
      for (int i = 0; i <= SIZE_MB << 8; i++) {
        out.write(block);
      }
      throw new IllegalStateException("the disk has no end");
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  @Test
  void aDiskThatIsMountedReadOnlyIsRecordedAroundAtTheStart(@TempDir Path memory) throws Exception {
    new RecorderRig(disk, Duration.ofSeconds(1)).record(packets);
    assumeTrue(run("mount", "-o", "remount,ro", disk.toString()), "it cannot be made read-only");
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
      assertThat(run("mount", "-o", "remount,rw", disk.toString())).isTrue();
      storage.tend();
      storage.tend();
      assertThat(alerts).last().asString().contains("works again");
      assertThat(storage.place()).isSameAs(storage.card());
    }
  }
}
