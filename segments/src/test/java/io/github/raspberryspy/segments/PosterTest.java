package io.github.raspberryspy.segments;

import static io.github.raspberryspy.segments.Mp4Builder.box;
import static io.github.raspberryspy.segments.Mp4Builder.join;
import static io.github.raspberryspy.segments.Mp4Builder.lyingBox;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.faults.MemoryDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PosterTest {

  private static final SegmentHeader HEADER =
      new SegmentHeader(
          Manifests.id(new Random(1)),
          Instant.parse("2026-11-23T14:00:00Z"),
          ClockState.SYNCED,
          0,
          30);

  private static byte[] jpeg(int bytes) {
    byte[] jpeg = new byte[bytes];
    new Random(bytes).nextBytes(jpeg);
    jpeg[0] = (byte) 0xFF;
    jpeg[1] = (byte) 0xD8;
    jpeg[2] = (byte) 0xFF;
    return jpeg;
  }

  private static Optional<byte[]> find(byte[] file) throws IOException {
    return Poster.find(
        new MemorySource(file) {
          @Override
          public InputStream open(long from, long count) {
            assertThat(count).isBetween(1L, (long) Poster.MAX_BYTES);
            return super.open(from, count);
          }
        });
  }

  private static byte[] file(int fragmentsBefore, int fragmentsAfter, byte[] poster) {
    Mp4Builder mp4 = new Mp4Builder().start(30_000, HEADER);
    for (int i = 0; i < fragmentsBefore; i++) {
      mp4.fragment(i * 1000L, 9000);
    }
    mp4.add(poster);
    for (int i = 0; i < fragmentsAfter; i++) {
      mp4.fragment((fragmentsBefore + i) * 1000L, 9000);
    }
    return mp4.bytes();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 300, 30_000, 65_000, Poster.MAX_BYTES})
  void whatIsPutIntoAFileIsFoundThereWhateverItsSize(int bytes) throws Exception {
    byte[] jpeg = jpeg(bytes);
    for (int before = 0; before < Poster.LATEST_FRAGMENT; before += 5) {
      assertThat(find(file(before, 2, Poster.toBox(jpeg)))).hasValue(jpeg);
    }
  }

  @Test
  void theFileReadsAsItDoesWithoutIt() throws Exception {
    Path video = new MemoryDisk().path("/video.mp4");
    Files.write(video, file(1, 3, Poster.toBox(jpeg(30_000))));
    FragmentedMp4 with = FragmentedMp4.scan(video);
    assertThat(with.isWhole()).isTrue();
    assertThat(with.frames()).isEqualTo(4);
    assertThat(with.header()).contains(HEADER);
    assertThat(with.holes()).isEmpty();
  }

  @Test
  void whatIsNoPictureOrNoneOfOursOrTooFarBackIsNone() throws Exception {
    byte[] type =
        ByteBuffer.allocate(16)
            .putLong(Poster.TYPE.getMostSignificantBits())
            .putLong(Poster.TYPE.getLeastSignificantBits())
            .array();
    assertThat(find(new byte[0])).isEmpty();
    assertThat(find(file(2, 2, new byte[0]))).isEmpty();
    assertThat(find(file(0, 2, box("uuid", type)))).isEmpty();
    assertThat(find(file(0, 2, box("uuid", type, new byte[500])))).isEmpty();
    assertThat(find(file(0, 2, box("uuid", type, jpeg(Poster.MAX_BYTES + 1))))).isEmpty();
    assertThat(find(file(0, 0, lyingBox("uuid", 9000, type, jpeg(500))))).isEmpty();
    assertThat(find(file(0, 2, lyingBox("uuid", 7, type, jpeg(500))))).isEmpty();
    assertThat(find(file(60, 1, Poster.toBox(jpeg(300))))).isEmpty();
    byte[] endless = new byte[20];
    assertThat(find(join(Mp4Builder.wideBox("mdat", Long.MAX_VALUE, endless), endless))).isEmpty();
  }

  @Test
  void onlyASmallJpegIsTaken() {
    for (byte[] other : new byte[][] {{}, new byte[300], jpeg(Poster.MAX_BYTES + 1)}) {
      assertThat(Poster.fits(other)).isFalse();
      assertThatThrownBy(() -> Poster.toBox(other)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
