package io.github.raspberryspy.camera.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.Mutations;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.Packet;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of a camera that lies, or of a cable that turns bits. */
@Timeout(600)
class HostileStreamTest {

  private final List<String> shown = new ArrayList<>();

  private void look(FrameSlot slot, long ptsUs) {
    try (Frame frame = slot.publish(0, ptsUs, 0)) {
      int sum = 0;
      for (int plane = 0; plane < frame.image().format().planes(); plane++) {
        ByteBuffer bytes = frame.image().plane(plane);
        sum += bytes.get(0) + bytes.get(bytes.limit() - 1);
      }
      shown.add(frame.image().width() + "x" + frame.image().height() + (sum == 0 ? " dark" : ""));
    }
  }

  private static FrameDecoder decoder(String codec) {
    return codec.equals("mjpeg")
        ? FrameDecoder.openMjpeg(() -> false)
        : FrameDecoder.openH264(() -> false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mjpeg", "libx264"})
  void damagedPacketsCostTheirOwnPicturesAndNoMore(String codec) {
    List<Packet> film =
        VideoMaker.with(codec)
            .pixels(PixelFormat.I420, codec.equals("mjpeg"))
            .frames(10, 6)
            .gop(3)
            .packets();
    Mutations mutations = new Mutations(11);
    try (FrameDecoder decoder = decoder(codec)) {
      for (int i = 0; i < Mutations.rounds(3_000); i++) {
        Packet good = film.get(i % film.size());
        byte[] bad = mutations.mutate(good.array());
        if (bad.length > 0) {
          decoder.decode(new Packet(bad, i, i, 1, good.isKeyframe()), this::look);
          shown.clear();
        }
      }
      decoder.reset();
      film.forEach(packet -> decoder.decode(packet, this::look));
      decoder.finish(this::look);
      assertThat(shown).hasSize(film.size()).allMatch(size -> size.startsWith("64x48"));
    }
  }

  /** A parameter set of a few bytes may ask for gigabytes. */
  @Test
  void aPictureLargerThanAnyCamerasIsNotMadeRoomFor() {
    // 16384x8192, baseline: parameter sets and the beginning of an IDR picture.
    String bomb =
        "000000016742c03eda0010000100640000000168ce38800000000165888"
            + "4ffffffffffffffffffffffffffffffffffffffffffffffffc0";
    byte[] unit = HexFormat.of().parseHex(bomb);
    try (FrameDecoder decoder = FrameDecoder.openH264(() -> false)) {
      decoder.decode(new Packet(unit, 0, 0, 1, true), this::look);
      decoder.finish(this::look);
      assertThat(shown).isEmpty();
    }
  }

  @Test
  void aPictureAsLargeAsTheLargestCamerasIsShown() {
    // 8192x4320 of the same kind.
    byte[] unit =
        HexFormat.of()
            .parseHex(
                "000000016742c03eda0020000876400000000168ce388000000001658884"
                    + "ffffffffffffffffffffffffffffffffffffffffffffffffffc0");
    try (FrameDecoder decoder = FrameDecoder.openH264(() -> false)) {
      decoder.decode(new Packet(unit, 0, 0, 1, true), this::look);
      decoder.finish(this::look);
      assertThat(shown).hasSize(1);
    }
  }
}
