package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
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
}
