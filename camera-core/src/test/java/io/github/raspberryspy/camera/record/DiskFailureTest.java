package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketWindow;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.faults.FaultyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fails each change to the disk in turn while a run is recorded, and starts again after it. */
@Timeout(300)
class DiskFailureTest {

  @TempDir Path root;

  private final FaultyFiles faults = new FaultyFiles(Path.of("."));

  @ParameterizedTest
  @CsvSource({"true, 5, 10", "false, 5, 10", "false, 2, 0"})
  void nothingDurableIsLostAndEveryLossIsListed(boolean forEver, int gop, int earlier)
      throws Exception {
    List<Packet> packets = VideoMaker.with("libx264").frames(10, 45).gop(gop).packets();
    boolean survived = false;
    for (int n = 1; !survived; n++) {
      Path real = root.resolve("n" + n);
      RecorderRig rig = new RecorderRig(faults.path(real), Duration.ofSeconds(2));
      List<Packet> before = packets.subList(0, earlier);
      if (earlier > 0) {
        rig.record(before);
      }
      RecorderRig second = new RecorderRig(faults.path(real), Duration.ofSeconds(2));
      second.start = RecorderRig.START.plusSeconds(1);
      PacketWindow window = new PacketWindow(Long.MAX_VALUE, false);
      SegmentRecorder recording = second.recorder(window);
      packets.forEach(window::append);
      window.close();
      faults.failAt(n, forEver);
      recording.run();
      survived = faults.changes() < n;
      faults.heal();
      if (second.problems.isEmpty()) {
        assertThat(second.sealed.stream().mapToLong(SegmentManifest::frames).sum())
            .as("fault %s cost frames and was not told", n)
            .isEqualTo(packets.size());
      }
      if (!forEver && !survived) {
        assertThat(second.sealed).as("it goes on after fault %s", n).isNotEmpty();
      }
      long durable = durableFrames(real);
      SpoolRecovery.recover(second.spool);
      assertThat(durableFrames(real)).isEqualTo(durable);
      RecorderRig third = new RecorderRig(real, Duration.ofSeconds(2));
      third.start = RecorderRig.START.plusSeconds(60);
      third.record(packets.subList(0, 10));
      List<SegmentManifest> manifests = Playback.check(third.spool, real);
      assertThat(leftovers(real)).isEmpty();
      assertThat(manifests.stream().mapToLong(SegmentManifest::frames).sum())
          .isEqualTo(durable + 10);
      for (Packet packet : packets) {
        Instant at = second.at(packet.ptsUs());
        assertThat(isAccountedFor(manifests, at))
            .as("with fault %s, %s is recorded or listed as missing in %s", n, at, manifests)
            .isTrue();
      }
    }
  }

  private static boolean isAccountedFor(List<SegmentManifest> manifests, Instant at) {
    for (SegmentManifest manifest : manifests) {
      if (contains(manifest.start(), manifest.end(), at)) {
        return true;
      }
      for (Gap gap : manifest.gaps()) {
        if (contains(gap.start(), gap.end(), at)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean contains(Instant start, Instant end, Instant at) {
    return !at.isBefore(start) && at.isBefore(end);
  }

  /** Frames in whole fragments, whatever the file is called. */
  private static long durableFrames(Path real) throws IOException {
    long frames = 0;
    try (Stream<Path> files = Files.walk(real)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".mp4") || name.endsWith(".mp4.part")) {
          frames += framesIn(file);
        }
      }
    }
    return frames;
  }

  /** A part that was cut within its beginning has none. */
  private static long framesIn(Path file) throws IOException {
    try {
      return FragmentedMp4.scan(file).frames();
    } catch (IOException e) {
      if (file.toString().endsWith(".part") && Files.size(file) <= 1500) {
        return 0;
      }
      throw e;
    }
  }

  private static List<Path> leftovers(Path real) throws IOException {
    try (Stream<Path> files = Files.walk(real)) {
      return files
          .filter(f -> f.toString().endsWith(".part") || f.toString().endsWith(".tmp"))
          .toList();
    }
  }
}
