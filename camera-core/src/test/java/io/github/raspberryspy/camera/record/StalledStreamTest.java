package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketWindow;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A source that goes silent must not keep what it sent before out of reach of a power cut. */
@Timeout(60)
class StalledStreamTest {

  @TempDir Path root;

  private final List<Packet> packets = VideoMaker.with("libx264").frames(10, 20).packets();

  @Test
  void whatWasSentBeforeTheSilenceIsDurableInItAndTheRestFollowsOn() throws Exception {
    RecorderRig rig = new RecorderRig(root, Duration.ofSeconds(10));
    PacketWindow window = new PacketWindow(Long.MAX_VALUE, false);
    Thread recording = new Thread(rig.recorder(window), "record-test");
    recording.start();

    packets.subList(0, 5).forEach(window::append);
    Awaitility.await().until(() -> durableFrames(rig) == 5);

    packets.subList(5, 20).forEach(window::append);
    window.close();
    recording.join();
    assertThat(Playback.check(rig.spool, root))
        .extracting(SegmentManifest::frames)
        .containsExactly(20L);
    assertThat(rig.sealed.get(0).gaps()).isEmpty();
    assertThat(rig.sealed.get(0).end()).isEqualTo(rig.at(2_000_000));
  }

  private static long durableFrames(RecorderRig rig) throws IOException {
    List<SegmentFiles> parts = rig.spool.list(SegmentName.PART);
    try {
      return parts.isEmpty() ? 0 : FragmentedMp4.scan(parts.get(0).part()).frames();
    } catch (IOException e) {
      return 0; // its beginning is being written
    }
  }
}
