package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.internal.Natives;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avcodec;
import org.junit.jupiter.api.Test;

/** Streams of cameras that say nothing about themselves. */
class H264FramerTest {

  private static final String SPS = "0000000167aabb";
  private static final String PPS = "0000000168cc";
  private static final String IDR = "0000000165010203";
  private static final String DELTA = "0000000141040506";

  private static List<Packet> framed(String... units) {
    Natives.load();
    List<Packet> packets = new ArrayList<>();
    try (H264Framer framer = H264Framer.annexB()) {
      AVPacket packet = avcodec.av_packet_alloc();
      for (String unit : units) {
        byte[] bytes = HexFormat.of().parseHex(unit);
        avcodec.av_new_packet(packet, bytes.length);
        packet.data().put(bytes, 0, bytes.length);
        framer.frame(packet, packets::add);
        avcodec.av_packet_unref(packet);
      }
      avcodec.av_packet_free(packet);
    }
    return packets;
  }

  private static String hex(Packet packet) {
    return HexFormat.of().formatHex(packet.array());
  }

  @Test
  void parameterSetsThatCameOnceGoInFrontOfEveryKeyframe() {
    List<Packet> packets = framed(SPS + PPS + IDR, DELTA, IDR);
    assertThat(packets).extracting(Packet::isKeyframe).containsExactly(true, false, true);
    assertThat(hex(packets.get(1))).isEqualTo(DELTA);
    assertThat(hex(packets.get(2))).isEqualTo(SPS + PPS + IDR);
  }

  @Test
  void parameterSetsThatComeAloneWaitForTheirPicture() {
    List<Packet> packets = framed(SPS, PPS, IDR, DELTA, SPS + PPS, IDR);
    assertThat(packets).hasSize(3);
    assertThat(hex(packets.get(0))).isEqualTo(SPS + PPS + IDR);
    assertThat(hex(packets.get(2))).isEqualTo(SPS + PPS + IDR);
  }

  /** A camera that sends nothing but parameter sets must not fill the memory with them. */
  @Test
  void parameterSetsWithoutAPictureAreNotCollectedForEver() {
    String[] units = new String[4_000];
    Arrays.fill(units, SPS + PPS);
    units[units.length - 1] = IDR;
    List<Packet> packets = framed(units);
    assertThat(packets).hasSize(1);
    assertThat(packets.get(0).sizeBytes()).isLessThan(32 * 1024);
    assertThat(packets.get(0).isKeyframe()).isTrue();
    assertThat(NalUnits.parameterSets(packets.get(0).array())).startsWith(0, 0, 0, 1, 0x67);
  }
}
