package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Mutations;
import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avcodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What comes from outside and is read by our own code, changed at random from a fixed seed:
 * whatever it holds, it is refused in a sentence or taken, and what is taken keeps its promises.
 */
@Timeout(1200)
class HostileBytesTest {

  private static final int FEW = 5_000;

  private static final List<String> ADDRESSES =
      List.of(
          "test://?size=640x480&fps=30&objects=1&seed=7&realtime=false",
          "libcamera://0?size=1920x1080&fps=30&lores=640x360&format=nv12&exposure=2000&gain=2.5"
              + "&awb=indoor&af=auto&hdr=night&flicker=50&noise=high&roi=0.25,0.25,0.5,0.5",
          "rpicam://1?size=1920x1080&fps=25&bitrate=6000000&gop=2&rotation=180&ev=-0.5&lens=1.5",
          "rpicam://0?format=yuv420&brightness=0.1&contrast=1.2&saturation=0&roi=0,0,0.5,1",
          "v4l2:///dev/video0?size=1280x720&fps=30&format=yuyv",
          "rtsp://user:secret@camera.example:554/live?channel=1&transport=udp",
          "file:///no/such/film.mp4?loop=true&realtime=false");

  private static byte[] film() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    VideoMaker.with("libx264")
        .frames(10, 8)
        .gop(4)
        .packets()
        .forEach(packet -> all.writeBytes(packet.array()));
    return all.toByteArray();
  }

  @Test
  void whateverAPipeBringsComesOutAsAccessUnitsOrNotAtAll() {
    byte[] film = film();
    Mutations mutations = new Mutations(31);
    Random random = new Random(32);
    for (int i = 0; i < Mutations.rounds(FEW); i++) {
      byte[] stream = mutations.mutate(film);
      RpicamAccessUnits units = new RpicamAccessUnits("rpicam-vid");
      long[] came = new long[2];
      RpicamAccessUnits.Receiver receiver =
          (unit, isKeyframe, nanos) -> {
            assertThat(NalUnits.hasPicture(unit)).isTrue();
            assertThat(NalUnits.hasIdr(unit)).isEqualTo(isKeyframe);
            came[0] += unit.length;
            came[1] += isKeyframe ? 1 : 0;
            if (isKeyframe) {
              assertThat(NalUnits.parameterSets(unit)).isNotEmpty();
            }
          };
      for (int at = 0; at < stream.length; ) {
        int some = Math.min(stream.length - at, 1 + random.nextInt(3000));
        byte[] piece = new byte[some];
        System.arraycopy(stream, at, piece, 0, some);
        units.take(piece, some, at, receiver);
        at += some;
      }
      units.finish(receiver);
      assertThat(came[0]).isLessThanOrEqualTo(stream.length * (came[1] + 1));
    }
  }

  @Test
  void nalUnitsAreFoundInAnything() {
    byte[] film = film();
    Mutations mutations = new Mutations(41);
    Random random = new Random(42);
    for (int i = 0; i < Mutations.rounds(20 * FEW); i++) {
      byte[] bytes;
      if (i % 2 == 0) {
        bytes = mutations.mutate(film);
      } else {
        bytes = new byte[random.nextInt(40)];
        for (int k = 0; k < bytes.length; k++) {
          bytes[k] = (byte) (random.nextBoolean() ? random.nextInt(3) : random.nextInt());
        }
      }
      byte[] sets = NalUnits.parameterSets(bytes);
      assertThat(NalUnits.parameterSets(sets)).isEqualTo(sets);
      assertThat(NalUnits.hasPicture(sets)).isFalse();
      if (NalUnits.hasIdr(bytes)) {
        assertThat(NalUnits.hasPicture(bytes)).isTrue();
      }
    }
  }

  @Test
  void whateverACameraSendsIsFramedWithoutGrowing() {
    List<Packet> film = VideoMaker.with("libx264").frames(10, 6).gop(3).packets();
    Mutations mutations = new Mutations(51);
    AVPacket packet = avcodec.av_packet_alloc();
    try (H264Framer framer = H264Framer.annexB()) {
      for (int i = 0; i < Mutations.rounds(FEW); i++) {
        byte[] bytes = mutations.mutate(film.get(i % film.size()).array());
        assertThat(avcodec.av_new_packet(packet, bytes.length)).isZero();
        packet.data().put(bytes, 0, bytes.length);
        framer.frame(
            packet,
            framed -> {
              assertThat(NalUnits.hasPicture(framed.array())).isTrue();
              assertThat(framed.sizeBytes()).isLessThanOrEqualTo(bytes.length + (1 << 17));
            });
        avcodec.av_packet_unref(packet);
      }
    } finally {
      avcodec.av_packet_free(packet);
    }
  }

  @Test
  void anAddressIsTakenOrRefusedInASentence() {
    Mutations mutations = new Mutations(61);
    for (int i = 0; i < Mutations.rounds(4 * FEW); i++) {
      byte[] good = ADDRESSES.get(i % ADDRESSES.size()).getBytes(StandardCharsets.ISO_8859_1);
      String address = new String(mutations.mutate(good), StandardCharsets.ISO_8859_1);
      for (Sources.Delivery delivery : Sources.Delivery.values()) {
        try {
          Sources.create(address, delivery);
        } catch (CameraException e) {
          assertThat(e.kind()).as(address).isEqualTo(Kind.INVALID);
          assertThat(e.getMessage()).as(address).isNotBlank();
        } catch (RuntimeException e) {
          throw new AssertionError("address \"" + address + "\"", e);
        }
      }
    }
  }

  /** No shell sees them, and none may turn into another option of the program. */
  @Test
  void anArgumentOfTheChildIsAnOptionOfOursOrAPlainValue() {
    Mutations mutations = new Mutations(71);
    int taken = 0;
    for (int i = 0; i < Mutations.rounds(8 * FEW); i++) {
      byte[] good = ADDRESSES.get(2 + i % 2).getBytes(StandardCharsets.ISO_8859_1);
      String address = new String(mutations.mutate(good), StandardCharsets.ISO_8859_1);
      List<String> arguments;
      try {
        arguments = RpicamRequest.of(SourceUri.parse(address), false).arguments();
      } catch (CameraException e) {
        continue; // refused, as it should be
      }
      taken++;
      assertThat(arguments)
          .as(address)
          .allMatch(a -> a.matches("--[a-z-]+(=0)?|-|-?[0-9.,]+|[a-z0-9_.-]+"))
          .noneMatch(a -> a.startsWith("-") && a.matches("-[a-z].*"));
    }
    assertThat(taken).isPositive();
  }
}
