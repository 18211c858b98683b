package io.github.raspberryspy.camera.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NalUnitsTest {

  private static final byte[] SPS = {0x67, 0x42, 0x00, 0x1f, (byte) 0x95};
  private static final byte[] PPS = {0x68, (byte) 0xce, 0x3c, (byte) 0x80};
  private static final byte[] AUD = {0x09, 0x10};
  private static final byte[] SEI = {0x06, 0x05, 0x01, 0x41, (byte) 0x80};
  private static final byte[] IDR = {0x65, (byte) 0x88, (byte) 0x84, 0x21};
  private static final byte[] SLICE = {0x41, (byte) 0x9a, 0x24, 0x6c};

  private static byte[] unit(int startCode, byte[]... units) {
    var out = new ByteArrayOutputStream();
    for (byte[] unit : units) {
      out.writeBytes(startCode == 4 ? new byte[] {0, 0, 0, 1} : new byte[] {0, 0, 1});
      out.writeBytes(unit);
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void anIdrPictureIsFoundBehindWhateverStandsInFrontOfIt(int startCode) {
    assertThat(NalUnits.hasIdr(unit(startCode, IDR))).isTrue();
    assertThat(NalUnits.hasIdr(unit(startCode, AUD, SPS, PPS, SEI, IDR, IDR))).isTrue();
    assertThat(NalUnits.hasIdr(unit(startCode, AUD, SLICE))).isFalse();
    assertThat(NalUnits.hasIdr(unit(startCode, SPS, PPS))).isFalse();
    assertThat(NalUnits.hasIdr(unit(startCode, SPS, PPS, SLICE, SLICE))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void parameterSetsComeWithLongStartCodesAndNothingElse(int startCode) {
    byte[] expected = unit(4, SPS, PPS);
    assertThat(NalUnits.parameterSets(unit(startCode, SPS, PPS, IDR))).isEqualTo(expected);
    assertThat(NalUnits.parameterSets(unit(startCode, AUD, SPS, SEI, PPS, IDR)))
        .isEqualTo(expected);
    assertThat(NalUnits.parameterSets(unit(startCode, SPS, PPS))).isEqualTo(expected);
    assertThat(NalUnits.parameterSets(unit(startCode, SLICE, SPS, PPS))).isEmpty();
    assertThat(NalUnits.parameterSets(unit(startCode, IDR))).isEmpty();
  }

  @Test
  void zerosBetweenUnitsBelongToNone() {
    byte[] padded =
        concat(new byte[3], unit(4, SPS), new byte[5], unit(3, PPS), new byte[2], unit(4, IDR));
    assertThat(NalUnits.parameterSets(padded)).isEqualTo(unit(4, SPS, PPS));
    assertThat(NalUnits.hasIdr(padded)).isTrue();
  }

  @Test
  void oneOfTwoParameterSetsIsGivenAlone() {
    assertThat(NalUnits.parameterSets(unit(3, SPS, IDR))).isEqualTo(unit(4, SPS));
    assertThat(NalUnits.parameterSets(unit(3, SPS, PPS, PPS, IDR)))
        .isEqualTo(unit(4, SPS, PPS, PPS));
  }

  @Test
  void nothingIsFoundWithoutAStartCode() {
    for (byte[] bytes : new byte[][] {{}, {0}, {0, 0}, {0, 0, 1}, {0, 0, 0, 1}, IDR, SPS}) {
      assertThat(NalUnits.hasIdr(bytes)).isFalse();
      assertThat(NalUnits.parameterSets(bytes)).isEmpty();
    }
  }

  @Test
  void garbageAndCutUnitsNeverThrow() {
    Random random = new Random(11);
    byte[] sound = unit(4, AUD, SPS, PPS, SEI, IDR);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      for (int k = 0; k < bytes.length; k++) {
        bytes[k] = (byte) (random.nextInt(3) > 0 ? random.nextInt(2) : random.nextInt(256));
      }
      byte[] sets = NalUnits.parameterSets(bytes);
      assertThat(sets.length).isLessThanOrEqualTo(2 * bytes.length);
      NalUnits.hasIdr(bytes);
      byte[] cut = Arrays.copyOf(sound, random.nextInt(sound.length));
      assertThat(NalUnits.hasIdr(cut)).isEqualTo(cut.length > sound.length - IDR.length);
      NalUnits.parameterSets(cut);
    }
  }

  private static byte[] concat(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
