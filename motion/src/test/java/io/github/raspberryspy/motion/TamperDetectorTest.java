package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.supervise.CameraFault;
import io.github.raspberryspy.camera.supervise.CameraFault.Kind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Hands on the camera, in pictures that go through the detector. */
@Timeout(120)
class TamperDetectorTest {

  private final List<CameraFault> told = new CopyOnWriteArrayList<>();
  private final TamperWatch watch = new TamperWatch("yard", told::add);
  private final MotionAids aids = new MotionAids(Optional.empty(), Optional.of(watch));

  static Stream<Arguments> pictures() {
    return Stream.of(
        Arguments.of(160, 120, 4), Arguments.of(640, 360, 15), Arguments.of(480, 640, 8));
  }

  static Stream<String> scenes() {
    return Scenarios.all().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void aCameraThatIsPushedIsToldWithinTenSecondsAndThatItIsBack(int width, int height, double fps) {
    try (DrawnScene scene = Scenarios.draw("calm-empty", 5, width, height, fps)) {
      scene.shake(t -> t > 40 && t < 60 ? 0.08 : 0, t -> 0);
      show(scene, 50);
      assertThat(told).hasSize(1);
      assertThat(told.get(0).kind()).isEqualTo(Kind.CAMERA_MOVED);
      assertThat(told.get(0).isAlert()).isTrue();
      assertThat(told.get(0).sentence()).contains("has moved in the picture by about");
      show(scene, 20);
      assertThat(told).hasSize(2);
      assertThat(told.get(1).ended()).isTrue();
    }
  }

  @Test
  void aCameraThatIsTurnedWhileItIsUnpluggedIsTold() {
    try (DrawnScene before = Scenarios.draw("calm-empty", 5, 320, 240, 8);
        DrawnScene after = Scenarios.draw("calm-empty", 9, 320, 240, 8)) {
      show(before, 40);
      show(after, 12);
    }
    assertThat(told).extracting(CameraFault::kind).containsExactly(Kind.CAMERA_MOVED);
  }

  @Test
  void aListenerThatThrowsCostsTheDetectorNothing() {
    TamperWatch deaf =
        new TamperWatch(
            "yard",
            fault -> {
              told.add(fault);
              throw new IllegalStateException("as arranged");
            });
    MotionAids deafAids = new MotionAids(Optional.empty(), Optional.of(deaf));
    try (DrawnScene scene = Scenarios.draw("calm-empty", 5, 160, 120, 4);
        MotionDetector detector =
            new MotionDetector(
                "yard", MotionConfig.defaults(), false, MotionListener.NONE, deafAids)) {
      scene.shake(t -> t > 40 ? 0.08 : 0, t -> 0);
      for (int i = 0; i < 220; i++) {
        try (Frame frame = scene.frame()) {
          detector.onFrame(frame);
        }
      }
      detector.close();
      assertThat(detector.failures()).isZero();
    }
    assertThat(told).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("scenes")
  void noBodyNoWeatherAndNoLightIsTakenForHands(String name) {
    try (DrawnScene scene = Scenarios.draw(name, 3, 160, 120, 4)) {
      show(scene, Scenarios.SECONDS);
    }
    assertThat(told).isEmpty();
  }

  /** A run of its own. */
  private void show(DrawnScene scene, double seconds) {
    try (MotionDetector detector =
        new MotionDetector("yard", MotionConfig.defaults(), false, MotionListener.NONE, aids)) {
      for (int i = 0; i < seconds * scene.fps(); i++) {
        try (Frame frame = scene.frame()) {
          detector.onFrame(frame);
        }
      }
    }
  }
}
