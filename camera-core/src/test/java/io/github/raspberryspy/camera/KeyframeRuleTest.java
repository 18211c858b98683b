package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.encode.Packet;
import org.junit.jupiter.api.Test;

class KeyframeRuleTest {

  private final KeyframeRule rule = new KeyframeRule("front", 1_000_000);
  private long us;

  private void packets(int count, int intervalMillis, int bytes) {
    for (int i = 0; i < count; i++) {
      packet(intervalMillis, bytes, false);
    }
  }

  private void packet(int intervalMillis, int bytes, boolean isKeyframe) {
    us += intervalMillis * 1000L;
    rule.check(new Packet(new byte[bytes], us, us, intervalMillis * 1000L, isKeyframe));
  }

  @Test
  void aStreamWithoutKeyframesIsRefusedAfterHalfAMinute() {
    packets(30 * 30, 33, 100);
    assertThatExceptionOfType(CameraException.class)
        .isThrownBy(() -> packets(30, 33, 100))
        .withMessageMatching(
            "the H.264 of camera front has had no keyframe \\(IDR picture\\) for 30 s, 9\\d\\d frames"
                + " and 0 MB")
        .matches(e -> e.kind() == Kind.FORMAT_UNSUPPORTED);
  }

  @Test
  void aSlowCameraMayTakeLonger() {
    assertThatCode(() -> packets(299, 1000, 100)).doesNotThrowAnyException();
    assertThatExceptionOfType(CameraException.class).isThrownBy(() -> packets(3, 1000, 100));
  }

  @Test
  void whatIsTooMuchForTheWindowIsRefusedAtOnce() {
    packets(9, 33, 100_000);
    assertThatExceptionOfType(CameraException.class).isThrownBy(() -> packets(2, 33, 100_000));
  }

  @Test
  void aKeyframeBeginsTheCountAnew() {
    assertThatCode(
            () -> {
              for (int i = 0; i < 50; i++) {
                packet(33, 100, true);
                packets(850, 33, 1000);
              }
            })
        .doesNotThrowAnyException();
  }
}
