package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.source.Picture.Studio;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestPatternReaderTest {

  private static final long[] NUMBERS = {0, 1, 2, 255, 4095, 65_535, 10_000_019, 0xffff_ffffL};

  @ParameterizedTest
  @CsvSource({
    "32, 32",
    "34, 38",
    "64, 48",
    "94, 72",
    "96, 54",
    "100, 32",
    "128, 72",
    "320, 240",
    "7680, 32",
    "32, 4320"
  })
  void readsEveryFrame(int width, int height) {
    try (Studio studio = new Studio(new TestPattern(width, height, 30, 2, 7))) {
      for (long frame = 0; frame < 300; frame++) {
        assertThat(studio.take(frame).number()).hasValue(frame);
      }
      for (long frame : NUMBERS) {
        assertThat(studio.take(frame).number()).hasValue(frame);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"192, 144", "320, 240", "640, 360", "720, 1280", "1280, 720", "1920, 1080"})
  void readsBlurredAndHalvedPictures(int width, int height) {
    try (Studio studio = new Studio(new TestPattern(width, height, 30, 1, 7))) {
      for (long frame : NUMBERS) {
        Picture picture = studio.take(frame);
        assertThat(picture.number()).hasValue(frame);
        assertThat(picture.blurred().number()).as("blurred").hasValue(frame);
        assertThat(picture.halved().number()).as("halved").hasValue(frame);
        assertThat(picture.blurred().halved().number()).as("both").hasValue(frame);
      }
    }
  }

  @Test
  void readsRowsWithPaddingAndLeavesTheBufferAlone() {
    Picture picture;
    try (Studio studio = new Studio(new TestPattern(320, 240, 30, 1, 7))) {
      picture = studio.take(42);
    }
    ByteBuffer padded = ByteBuffer.allocate(352 * 239 + 320).position(17);
    for (int y = 0; y < 240; y++) {
      padded.put(y * 352, picture.planes()[0], y * 320, 320);
    }
    assertThat(TestPatternReader.frameNumber(padded.asReadOnlyBuffer(), 352, 320, 240))
        .hasValue(42);
    assertThat(padded.position()).isEqualTo(17);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 16, 33, 320})
  void findsNothingWhereNothingIs(int side) {
    Random random = new Random(1);
    byte[] noise = new byte[side * side];
    for (int i = 0; i < 300; i++) {
      random.nextBytes(noise);
      assertThat(TestPatternReader.frameNumber(ByteBuffer.wrap(noise), side, side, side)).isEmpty();
    }
    byte[] flat = new byte[side * side];
    assertThat(TestPatternReader.frameNumber(ByteBuffer.wrap(flat), side, side, side)).isEmpty();
  }

  @Test
  void aWrongCellIsNoticed() {
    for (long number : NUMBERS) {
      long cells = TestPatternCode.encode(number);
      assertThat(TestPatternCode.isValid(cells)).isTrue();
      for (int bit = 0; bit < TestPatternCode.CELLS; bit++) {
        assertThat(TestPatternCode.isValid(cells ^ (1L << bit))).isFalse();
        for (int other = 0; other < bit; other++) {
          assertThat(TestPatternCode.isValid(cells ^ (1L << bit) ^ (1L << other))).isFalse();
        }
      }
    }
  }
}
