package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.ImageFormat;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class FfmpegSourceTest {

  @TempDir Path folder;

  @RegisterExtension final FrameLeakExtension leaks = new FrameLeakExtension();

  private static List<Long> everyTenth(int frames) {
    return LongStream.range(0, frames).mapToObj(i -> i * 100_000).toList();
  }

  private Path h264(String ending, int frames, int bFrames) {
    return VideoMaker.with("libx264")
        .frames(10, frames)
        .bFrames(bFrames)
        .write(folder.resolve("video." + ending));
  }

  @ParameterizedTest
  @CsvSource({"mp4, 0", "mp4, 2", "mkv, 0", "mkv, 2", "ts, 0"})
  void everyPacketComesOnceWithItsTimes(String ending, int bFrames) {
    Path file = h264(ending, 35, bFrames);
    Collected got =
        Collected.from(file.toUri().toString(), Sources.Delivery.AS_IT_COMES, n -> true);
    assertThat(got.packets).hasSize(35);
    assertThat(new TreeSet<>(got.packets.stream().map(Packet::ptsUs).toList()))
        .containsExactlyElementsOf(everyTenth(35));
    assertRisingWithoutHole(got.packets);
    for (Packet packet : got.packets) {
      assertThat(packet.isKeyframe()).isEqualTo(packet.ptsUs() % 1_000_000 == 0);
      assertThat(NalUnits.parameterSets(packet.array()).length > 0).isEqualTo(packet.isKeyframe());
    }
  }

  private static void assertRisingWithoutHole(List<Packet> packets) {
    for (int i = 1; i < packets.size(); i++) {
      assertThat(packets.get(i).dtsUs() - packets.get(i - 1).dtsUs())
          .as("step to packet %s", i)
          .isBetween(99_000L, 101_000L);
      assertThat(packets.get(i).ptsUs()).isGreaterThanOrEqualTo(packets.get(i).dtsUs());
    }
  }

  @ParameterizedTest
  @CsvSource({"mp4, 0", "mp4, 2", "mkv, 2"})
  void everyFrameComesOnceInOrderOfPresentation(String ending, int bFrames) {
    Path file = h264(ending, 35, bFrames);
    Collected got = Collected.from(file.toUri().toString(), Sources.Delivery.FRAMES, n -> true);
    assertThat(got.frameTimes).isEqualTo(everyTenth(35));
    assertThat(got.numbers).isEqualTo(LongStream.range(0, 35).boxed().toList());
  }

  @ParameterizedTest
  @CsvSource({"mp4, 0", "mp4, 2", "mkv, 0", "mkv, 2", "ts, 0", "ts, 2"})
  void aLoopGoesOnWithoutAHole(String ending, int bFrames) {
    String uri = h264(ending, 15, bFrames).toUri() + "?loop=true";
    Collected got = Collected.from(uri, Sources.Delivery.AS_IT_COMES, n -> n < 50);
    assertRisingWithoutHole(got.packets);
    List<Long> times = got.packets.stream().map(Packet::ptsUs).limit(45).toList();
    assertThat(new TreeSet<>(times)).containsExactlyElementsOf(everyTenth(45));
    assertThat(got.packets.get(15).isKeyframe()).isTrue();
    Collected frames = Collected.from(uri, Sources.Delivery.FRAMES, n -> n < 50);
    assertThat(frames.frameTimes.subList(0, 50)).isEqualTo(everyTenth(50));
  }

  @Test
  void aPacedFileIsNeverFasterThanItsTimes() {
    String uri = h264("mp4", 8, 0).toUri() + "?realtime=true";
    Collected got = Collected.from(uri, Sources.Delivery.AS_IT_COMES, n -> true);
    assertThat(got.packets).hasSize(8);
    for (int i = 1; i < 8; i++) {
      assertThat(got.arrivals.get(i) - got.arrivals.get(0))
          .isGreaterThanOrEqualTo(i * 100_000_000L - 20_000_000L);
    }
  }

  @Test
  void aJpegVideoComesAsFramesOfFullRange() {
    Path file =
        VideoMaker.with("mjpeg")
            .pixels(PixelFormat.I422, true)
            .frames(10, 12)
            .write(folder.resolve("video.avi"));
    Collected got =
        Collected.from(file.toUri().toString(), Sources.Delivery.AS_IT_COMES, n -> true);
    assertThat(got.packets).isEmpty();
    assertThat(got.frameTimes).isEqualTo(everyTenth(12));
    assertThat(got.formats).containsOnly(new ImageFormat(64, 48, PixelFormat.I422, true));
  }

  @ParameterizedTest
  @CsvSource({
    "420jpeg, FULL, I420, true",
    "420jpeg, LIMITED, I420, false",
    "422, FULL, I422, true",
    "444, LIMITED, I444, false",
    "mono, LIMITED, GRAY8, false"
  })
  void rawVideoComesInItsFormatAndRange(
      String chroma, String range, PixelFormat expected, boolean full) throws IOException {
    Path file = y4m(chroma, range, expected, 6);
    Collected got =
        Collected.from(file.toUri().toString(), Sources.Delivery.AS_IT_COMES, n -> true);
    assertThat(got.frameTimes).isEqualTo(everyTenth(6));
    assertThat(got.formats).extracting(ImageFormat::pixels).containsOnly(expected);
    Collected looped =
        Collected.from(file.toUri() + "?loop=true", Sources.Delivery.AS_IT_COMES, n -> n < 15);
    assertThat(looped.frameTimes).isEqualTo(everyTenth(15));
    if (expected != PixelFormat.GRAY8) {
      assertThat(got.formats).extracting(ImageFormat::isFullRange).containsOnly(full);
    }
  }

  private Path y4m(String chroma, String range, PixelFormat pixels, int frames) throws IOException {
    var out = new ByteArrayOutputStream();
    String head = "YUV4MPEG2 W64 H48 F10:1 Ip A1:1 C" + chroma + " XCOLORRANGE=" + range + "\n";
    out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < frames; i++) {
      out.writeBytes("FRAME\n".getBytes(StandardCharsets.US_ASCII));
      for (int plane = 0; plane < pixels.planes(); plane++) {
        byte[] bytes = new byte[pixels.rowBytes(plane, 64) * pixels.rows(plane, 48)];
        Arrays.fill(bytes, (byte) (100 + i));
        out.writeBytes(bytes);
      }
    }
    return Files.write(folder.resolve("raw.y4m"), out.toByteArray());
  }

  @Test
  void anotherCodecComesAsFramesEvenWithBFrames() {
    Path file =
        VideoMaker.with("mpeg4").bFrames(2).frames(10, 25).write(folder.resolve("video.mp4"));
    Collected got =
        Collected.from(file.toUri().toString(), Sources.Delivery.AS_IT_COMES, n -> true);
    assertThat(got.frameTimes).isEqualTo(everyTenth(25));
  }

  @Test
  void aFileThatWasCutGivesWhatIsThere() throws IOException {
    Path file = h264("ts", 35, 0);
    byte[] all = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(all, all.length * 2 / 3));
    Collected got = Collected.from(file.toUri().toString(), Sources.Delivery.FRAMES, n -> true);
    assertThat(got.frameTimes).isSorted().hasSizeBetween(15, 34);
    assertThat(new ArrayList<>(new TreeSet<>(got.frameTimes))).isEqualTo(got.frameTimes);
  }

  /** Rows from the bottom up: the next row lies before the last, which no view can show. */
  @Test
  void aPictureThatLiesUpsideDownInMemoryIsTurnedUpright() throws IOException {
    Path file =
        VideoMaker.with("rawvideo")
            .pixels(PixelFormat.BGR24, false)
            .frames(10, 3)
            .write(folder.resolve("raw.avi"));
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    String topDown = "strf(\0\0\0(\0\0\0@\0\0\0\u00d0\u00ff\u00ff\u00ff";
    assertThat(text).contains(topDown);
    String bottomUp = topDown.substring(0, topDown.length() - 4) + "0\0\0\0";
    Files.write(file, text.replace(topDown, bottomUp).getBytes(StandardCharsets.ISO_8859_1));
    Collected got =
        Collected.from(file.toUri().toString(), Sources.Delivery.AS_IT_COMES, n -> true);
    assertThat(got.strides).hasSize(3).allMatch(stride -> stride > 0);
  }
}
