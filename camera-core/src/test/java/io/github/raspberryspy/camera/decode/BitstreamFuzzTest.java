package io.github.raspberryspy.camera.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;

/** A network camera's H.264 is read, or not understood; nothing else happens. */
class BitstreamFuzzTest {

  @FuzzTest
  void slices(byte[] data) {
    if (data.length == 0) {
      return; // no packet is
    }
    SliceHeaders headers = new SliceHeaders();
    for (int i = 0; i < 2; i++) { // what it learnt of the first is used for the second
      Packet packet = new Packet(data, i, i, 1, i == 0);
      headers.read(packet).ifPresent(facts -> assertThat(facts.effort()).isFinite());
    }
  }

  @FuzzTest
  void units(byte[] data) {
    assertThat(NalUnits.parameterSets(data).length).isLessThanOrEqualTo(2 * data.length + 8);
    assertThat(NalUnits.hasIdr(data) && !NalUnits.hasPicture(data)).isFalse();
  }
}
