package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RpicamAccessUnitsTest {

  private static final byte[] SPS = nal(0x67, 0x42, 0x11);
  private static final byte[] PPS = nal(0x68, 0xce);
  private static final byte[] IDR = nal(0x65, 0x88, 0x01);
  private static final byte[] IDR_SECOND_SLICE = nal(0x65, 0x08, 0x02);
  private static final byte[] SLICE = nal(0x41, 0x9a, 0x03);
  private static final byte[] SEI = nal(0x06, 0x05, 0x04);

  private final RpicamAccessUnits units = new RpicamAccessUnits("rpicam-vid");
  private final List<byte[]> got = new ArrayList<>();
  private final List<Boolean> keys = new ArrayList<>();
  private final List<Long> arrivals = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000, 1 << 20})
  void howTheStreamIsCutMakesNoDifference(int piece) {
    List<Packet> film = VideoMaker.with("libx264").frames(10, 25).gop(10).packets();
    byte[] stream = join(film.stream().map(Packet::array).toArray(byte[][]::new));
    for (int at = 0; at < stream.length; at += piece) {
      byte[] some = Arrays.copyOfRange(stream, at, Math.min(stream.length, at + piece));
      units.take(some, some.length, at, this::onUnit);
    }
    units.finish(this::onUnit);
    assertThat(got).hasSameSizeAs(film);
    for (int i = 0; i < film.size(); i++) {
      assertThat(got.get(i)).as("access unit %d", i).isEqualTo(film.get(i).array());
      assertThat(keys.get(i)).as("keyframe %d", i).isEqualTo(film.get(i).isKeyframe());
    }
    assertThat(arrivals).isSorted();
  }

  @Test
  void slicesOfOnePictureStayTogether() {
    take(SPS, PPS, IDR, IDR_SECOND_SLICE, SEI, SLICE, SLICE);
    units.finish(this::onUnit);
    assertThat(got).containsExactly(join(SPS, PPS, IDR, IDR_SECOND_SLICE), join(SEI, SLICE), SLICE);
    assertThat(keys).containsExactly(true, false, false);
  }

  @Test
  void aUnitComesOutAsSoonAsTheNextBegins() {
    take(SPS, PPS, IDR);
    assertThat(got).isEmpty();
    take(SLICE);
    assertThat(got).hasSize(1);
  }

  @Test
  void aKeyframeWithoutParameterSetsGetsTheLatest() {
    take(SPS, PPS, IDR, SLICE, IDR, SLICE);
    assertThat(NalUnits.parameterSets(got.get(2))).isEqualTo(join(SPS, PPS));
    assertThat(got.get(2)).isEqualTo(join(SPS, PPS, IDR));
    assertThat(keys).containsExactly(true, false, true);
  }

  @Test
  void whatComesBeforeTheFirstKeyframeIsPassedOver() {
    take(new byte[] {1, 2, 3, 9}, SLICE, SLICE, IDR, SLICE, SPS, PPS, IDR, SLICE);
    assertThat(got).containsExactly(join(SPS, PPS, IDR));
  }

  /** Each used to move all that was behind it: half a megabyte took a second. */
  @Test
  void millionsOfTinyUnitsTakeNoLongerThanFewLargeOnes() {
    byte[] tiny = new byte[1 << 17];
    byte[] unit = {0, 0, 1, 0x65, (byte) 0x88};
    for (int i = 0; i < tiny.length; i++) {
      tiny[i] = unit[i % unit.length];
    }
    take(SPS, PPS);
    int[] came = new int[1];
    assertTimeout(
        Duration.ofSeconds(10),
        () -> {
          for (int i = 0; i < 300; i++) {
            units.take(tiny, tiny.length, i, (bytes, isKeyframe, nanos) -> came[0]++);
          }
        });
    assertThat(came[0]).isGreaterThan(7_000_000);
  }

  @Test
  void noiseEndsInOneSentenceAndNeverInMore() {
    byte[] noise = new byte[1 << 20];
    new Random(7).nextBytes(noise);
    assertThatThrownBy(
            () -> {
              byte[] zeros = new byte[1 << 20];
              for (int i = 0; i < 40; i++) {
                units.take(i < 5 ? noise : zeros, noise.length, i, this::onUnit);
              }
            })
        .isInstanceOf(CameraException.class)
        .hasMessageContaining("rpicam-vid sends no H.264: 1");
  }

  private void onUnit(byte[] unit, boolean isKeyframe, long arrivalNanos) {
    got.add(unit);
    keys.add(isKeyframe);
    arrivals.add(arrivalNanos);
  }

  private void take(byte[]... nals) {
    byte[] bytes = join(nals);
    units.take(bytes, bytes.length, 0, this::onUnit);
  }

  private static byte[] nal(int... payload) {
    byte[] nal = new byte[4 + payload.length];
    nal[3] = 1;
    for (int i = 0; i < payload.length; i++) {
      nal[4 + i] = (byte) payload[i];
    }
    return nal;
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
