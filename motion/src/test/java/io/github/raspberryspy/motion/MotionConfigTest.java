package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.raspberryspy.segments.Box;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class MotionConfigTest {

  @Test
  void badValuesAreNamedWithWhatIsAllowed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MotionConfig.builder().sensitivity(0).build())
        .withMessage("motion.sensitivity is 0; allowed: 1 to 100");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MotionConfig.builder().hold(Duration.ofSeconds(61)).build())
        .withMessage("motion.hold is 61.0 s; allowed: 0.0 s to 60.0 s");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MotionConfig.builder().minDuration(Duration.ofMillis(-1)).build())
        .withMessage("motion.minDuration is -0.001 s; allowed: 0.0 s to 10.0 s");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MotionExpert.defaults().withRateHz(Double.NaN))
        .withMessageStartingWith("motion.expert.rate is NaN; allowed: 1.0 to 120.0");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                MotionConfig.defaults().withMasks(Collections.nCopies(65, new Box(0, 0, 0.1, 0.1))))
        .withMessage("motion.masks is 65 areas; allowed: at most 64");
  }

  @Test
  void furtherMasksJoinThoseThatAreThere() {
    Box one = new Box(0, 0, 0.5, 0.1);
    Box two = new Box(0.5, 0.9, 0.5, 0.1);
    MotionConfig config = MotionConfig.builder().masks(List.of(one)).sensitivity(70).build();

    assertThat(config.withMasks(List.of(two)).masks()).containsExactly(one, two);
    assertThat(config.withMasks(List.of(two)).sensitivity()).isEqualTo(70);
    assertThat(config.toBuilder().build()).isEqualTo(config);
  }
}
