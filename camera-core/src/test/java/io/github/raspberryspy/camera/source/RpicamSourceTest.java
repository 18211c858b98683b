package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.camera.encode.Packet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is read from rpicam-vid, by a real pipe from a small script in its place. */
@ExtendWith(FrameLeakExtension.class)
class RpicamSourceTest {

  private static final int WIDTH = 128;
  private static final int HEIGHT = 66;
  private static final int FRAME_BYTES = WIDTH * HEIGHT * 3 / 2;
  private static final String PIXELS = "rpicam://0?format=yuv420&fps=10&size=128x66";

  @TempDir Path folder;

  @RegisterExtension final FakeRpicam rpicam = new FakeRpicam(() -> folder);

  @Test
  void accessUnitsComeAsTheChildWritesThem() throws IOException {
    List<Packet> film = rpicam.film();
    rpicam.child(
        "printf '%s\\n' \"$@\" > " + folder + "/arguments", "cat " + folder + "/film.h264");
    Collected got = new Collected();
    try (CameraSource source = Sources.create("rpicam://2?size=640x480&fps=10")) {
      StreamInfo info = source.open();
      assertThat(info.isEncoded()).isTrue();
      assertThat(info.isLive()).isTrue();
      assertThatThrownBy(() -> got.read(source, n -> true))
          .isInstanceOfSatisfying(
              CameraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DEVICE_TIMEOUT))
          .hasMessageContaining("rpicam-vid ended with 0 and said nothing");
    }
    assertThat(got.packets).hasSameSizeAs(film);
    long last = -1;
    for (int i = 0; i < film.size(); i++) {
      assertThat(got.packets.get(i).array()).isEqualTo(film.get(i).array());
      assertThat(got.packets.get(i).isKeyframe()).isEqualTo(film.get(i).isKeyframe());
      assertThat(got.packets.get(i).ptsUs()).isGreaterThan(last);
      last = got.packets.get(i).ptsUs();
    }
    assertThat(Files.readAllLines(folder.resolve("arguments")))
        .containsSequence("--camera", "2")
        .containsSequence("--width", "640");
  }

  @Test
  void pixelsAreTheChildsByteForByte() throws IOException {
    byte[] film = new byte[3 * FRAME_BYTES];
    new Random(5).nextBytes(film);
    Files.write(folder.resolve("film.yuv"), film);
    // In two pieces, so that a picture's border falls into the middle of what is read at once.
    rpicam.child(
        "head -c 20000 " + folder + "/film.yuv",
        "tail -c +20001 " + folder + "/film.yuv",
        "exec sleep 60");
    List<byte[]> pictures = new ArrayList<>();
    List<Long> numbers = new ArrayList<>();
    try (CameraSource source = Sources.create(PIXELS)) {
      StreamInfo info = source.open();
      assertThat(info.image().orElseThrow().isFullRange()).isTrue();
      while (pictures.size() < 3) {
        assertThat(
                source.deliver(
                    onFrame(
                        frame -> {
                          pictures.add(bytes(frame.image()));
                          numbers.add(frame.number());
                          assertThat(frame.image().isFullRange()).isTrue();
                        })))
            .isTrue();
      }
    }
    assertThat(numbers).containsExactly(0L, 1L, 2L);
    for (int i = 0; i < 3; i++) {
      assertThat(pictures.get(i))
          .as("picture %d", i)
          .isEqualTo(Arrays.copyOfRange(film, i * FRAME_BYTES, (i + 1) * FRAME_BYTES));
    }
  }

  @Test
  void aChildThatStopsWritingIsGivenUp() throws IOException {
    rpicam.film();
    rpicam.child("cat " + folder + "/film.h264", "exec sleep 60");
    Collected got = new Collected();
    try (CameraSource source = FakeRpicam.impatient("rpicam://0")) {
      source.open();
      FakeRpicam.assertFails(source, got, Kind.DEVICE_TIMEOUT, "has sent no picture for 400 ms");
    }
    assertThat(got.packets).hasSize(24); // the last one may not be whole
  }

  @Test
  void garbageIsNoPicture() throws IOException {
    rpicam.child("head -c 300000 /dev/urandom", "exec sleep 60");
    Collected got = new Collected();
    try (CameraSource source = FakeRpicam.impatient("rpicam://0")) {
      source.open();
      FakeRpicam.assertFails(source, got, Kind.DEVICE_TIMEOUT, "has sent no picture");
    }
    assertThat(got.packets).isEmpty();
  }

  private static byte[] bytes(Image image) {
    ByteBuffer all = ByteBuffer.allocate(FRAME_BYTES);
    for (int plane = 0; plane < 3; plane++) {
      ByteBuffer from = image.plane(plane);
      byte[] row = new byte[image.format().rowBytes(plane, image.width())];
      for (int y = 0; y < image.format().rows(plane, image.height()); y++) {
        from.get(y * image.stride(plane), row);
        all.put(row);
      }
    }
    return all.array();
  }

  private static CameraSource.Receiver onFrame(java.util.function.Consumer<Frame> consumer) {
    return new CameraSource.Receiver() {
      @Override
      public void onFrame(Frame frame) {
        consumer.accept(frame);
      }

      @Override
      public void onPacket(Packet packet) {
        throw new AssertionError("a packet");
      }

      @Override
      public void onLost(long frames) {
        throw new AssertionError("lost " + frames);
      }
    };
  }
}
