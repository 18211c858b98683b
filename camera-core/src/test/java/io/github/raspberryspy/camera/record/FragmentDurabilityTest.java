package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.SegmentHeader;
import io.github.raspberryspy.segments.SegmentId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FragmentDurabilityTest {

  private static final long SECOND = 1_000_000;

  @TempDir Path root;

  private static OpenSegment begin(RecorderRig rig, Packet first) throws Exception {
    SegmentId id = new SegmentId("front", rig.spool.state().key(), 1, 0);
    SegmentHeader header =
        new SegmentHeader(id, rig.start, rig.clock().state(), first.ptsUs(), rig.fps);
    return OpenSegment.begin(
        rig.spool,
        header,
        rig.info(),
        NalUnits.parameterSets(first.array()),
        Optional.empty(),
        SECOND);
  }

  @ParameterizedTest
  @CsvSource({"60, 30", "30, 30", "30, 0", "25, 250", "15, 15", "5, 5"})
  void everyFrameIsDurableBeforeItIsASecondOld(int fps, int gop) throws Exception {
    RecorderRig rig = new RecorderRig(root, Duration.ofHours(1));
    rig.fps = fps;
    List<Packet> packets =
        VideoMaker.with("libx264").frames(fps, 6 * fps).gop(Math.max(1, gop)).packets();
    try (OpenSegment segment = begin(rig, packets.get(0))) {
      Path part = segment.files().part();
      for (int i = 0; i < packets.size(); i++) {
        // this moment, just before the packet arrives, is the worst one for those before it
        int durable = (int) FragmentedMp4.scan(part).frames();
        if (durable < i) {
          long age = packets.get(i).dtsUs() - packets.get(durable).dtsUs();
          assertThat(age).as("age of frame %s", durable).isLessThan(SECOND - 40_000);
        }
        segment.add(packets.get(i));
      }
      segment.finish(segment.endUs());
      FragmentedMp4 file = FragmentedMp4.scan(part);
      assertThat(file.frames()).isEqualTo(packets.size());
      assertThat(file.fragments()).as("no more fsyncs than needed").isLessThanOrEqualTo(12);
    }
  }

  @Test
  void theBeginningIsDurableBeforeTheFirstFrame() throws Exception {
    RecorderRig rig = new RecorderRig(root, Duration.ofHours(1));
    Packet first = VideoMaker.with("libx264").frames(10, 1).packets().get(0);
    try (OpenSegment segment = begin(rig, first)) {
      FragmentedMp4 file = FragmentedMp4.scan(segment.files().part());
      assertThat(file.fragments()).isZero();
      assertThat(file.width()).isEqualTo(64);
      assertThat(file.header()).contains(segment.header());
    }
  }

  @Test
  void whatOnceWasWrittenIsNeverChanged() throws Exception {
    RecorderRig rig = new RecorderRig(root, Duration.ofHours(1));
    List<Packet> packets = VideoMaker.with("libx264").frames(10, 40).bFrames(2).packets();
    List<byte[]> states = new ArrayList<>();
    try (OpenSegment segment = begin(rig, packets.get(0))) {
      for (Packet packet : packets) {
        long before = segment.sizeBytes();
        segment.add(packet);
        if (segment.sizeBytes() > before) {
          states.add(Files.readAllBytes(segment.files().part()));
        }
      }
      segment.finish(segment.endUs());
      byte[] whole = Files.readAllBytes(segment.files().part());
      assertThat(states).hasSizeGreaterThan(3);
      assertThat(states).allSatisfy(state -> assertThat(whole).startsWith(state));
    }
  }
}
