package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentMuxerTest {

  private static byte[] mux(List<Packet> packets, long offsetUs) {
    var out = new ByteArrayOutputStream();
    byte[] sets = NalUnits.parameterSets(packets.get(0).array());
    try (SegmentMuxer muxer = new SegmentMuxer(64, 48, sets, Optional.empty())) {
      write(muxer.endPart(), out);
      for (int i = 0; i < packets.size(); i++) {
        muxer.add(packets.get(i), offsetUs, 100_000);
        if (i % 7 == 6) {
          write(muxer.endPart(), out);
        }
      }
      write(muxer.endPart(), out);
    }
    return out.toByteArray();
  }

  private static void write(ByteBuffer part, ByteArrayOutputStream out) {
    byte[] bytes = new byte[part.remaining()];
    part.get(bytes);
    out.writeBytes(bytes);
  }

  /** So files without sound are the same whether sound needs times from the first decode time. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aFileOfPicturesAloneIsTheSameWhereverItsTimesBegin(int bFrames) {
    List<Packet> packets = VideoMaker.with("libx264").frames(10, 40).bFrames(bFrames).packets();
    byte[] fromDecoding = mux(packets, packets.get(0).dtsUs());
    assertThat(mux(packets, packets.get(0).ptsUs())).isEqualTo(fromDecoding);
  }

  /** A camera may send such a stream's keyframes for days. */
  @Test
  void aStreamOfWhichNoFileCanBeMadeLeavesNoMemoryBehind() throws IOException {
    byte[] sets = {0, 0, 0, 1, 0x67, 0, 0, 0, 1, 0x68};
    refuse(sets, 30_000); // what is allocated once
    long before = residentBytes();
    refuse(sets, 30_000);
    assertThat(residentBytes() - before).isLessThan(80L << 20);
  }

  private static long residentBytes() throws IOException {
    return 4096 * Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ", -1)[1]);
  }

  private static void refuse(byte[] sets, int times) {
    for (int i = 0; i < times; i++) {
      assertThatExceptionOfType(CameraException.class)
          .isThrownBy(() -> new SegmentMuxer(70_000, 48, sets, Optional.empty()))
          .withMessageContaining("no MP4 header");
    }
  }
}
