package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is told as motion and what is not, on drawn scenes of a minute each, by the start and the
 * end of events. One setting for all.
 *
 * <p>Seeds 7 and 8 were looked at once, when the constants were fixed: the bounds are what was seen
 * then and a little more, and no constant was chosen for them.
 */
class QualityTest {

  private static final int WIDTH = 240;
  private static final int HEIGHT = 180;
  private static final double FPS = 8;

  @ParameterizedTest
  @ValueSource(longs = {7, 8})
  void noiseOfTheSensorIsNoMotion(long seed) {
    assertStill("calm-empty", seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8})
  void darknessWithNoiseThatRisesIsNoMotion(long seed) {
    assertStill("night-empty", seed);
    assertStill("gain-empty", seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8})
  void lightOfTheWholeSceneIsNoMotion(long seed) {
    assertStill("jumps-empty", seed);
    assertStill("fade-empty", seed);
    assertStill("mains-empty", seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8})
  void softShadowsOfCloudsAreNoMotion(long seed) {
    assertStill("clouds-empty", seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8})
  void lampThatGoesOnAndOffIsNoMotion(long seed) {
    assertStill("lamp-empty", seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8})
  void infraredSwitchIsNoMotion(long seed) {
    assertStill("infrared-empty", seed, 0.12);
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8})
  void fireIsNoMotion(long seed) {
    assertStill("fire-empty", seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8})
  void shakingCameraIsNoMotion(long seed) {
    assertStill("shake-empty", seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8})
  void rainIsNoMotion(long seed) {
    assertStill("rain-empty", seed);
    assertStill("rain-heavy-empty", seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8})
  void snowIsNoMotion(long seed) {
    assertStill("snow-empty", seed);
    assertStill("snow-heavy-empty", seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8})
  void swayingTreesAndWaterAreNoMotion(long seed) {
    assertStill("trees-empty", seed);
    assertStill("water-empty", seed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"walk", "slow", "several", "faint", "far"})
  void whoeverMovesIsFound(String scene) {
    assertFound(scene, 7, 0.9, 0.02);
    assertFound(scene, 8, 0.9, 0.02);
  }

  @Test
  void carsAreFoundEachOnItsOwn() {
    assertFound("cars", 7, 0.9, 0.02);
    assertFound("cars", 8, 0.9, 0.02);
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 4, 5})
  void carsThatAreElsewhereInEachPictureAreFound(long seed) {
    SceneScore score = SceneScore.of(Scenarios.draw("cars", seed, 320, 180, 4));
    assertThat(score.found()).isEqualTo(score.bodies()).isPositive();
    assertThat(score.recall()).isGreaterThan(0.9);
    assertThat(score.falseRate()).isLessThan(0.02);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stands", "stands-faint", "stands-far"})
  void whoeverStandsForHalfAMinuteIsThereAllTheTime(String scene) {
    assertFound(scene, 7, 0.9, 0.02);
    assertFound(scene, 8, 0.9, 0.02);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gain",
        "clouds",
        "lamp",
        "jumps",
        "fire",
        "mains",
        "fade",
        "snow",
        "snow-heavy",
        "rain",
        "rain-heavy",
        "trees",
        "water",
        "shake"
      })
  void bodiesAreFoundInWeatherAndLightToo(String scene) {
    assertFound(scene, 7, 0.9, 0.05);
    assertFound(scene, 8, 0.9, 0.05);
  }

  /** Seen for a part of the way only: it is dark, and the noise is as strong as they are. */
  @ParameterizedTest
  @ValueSource(longs = {7, 8})
  void whoeverWalksInDarknessIsFound(long seed) {
    assertFound("night", seed, 0.15, 0.02);
  }

  /** Who stood there while the infrared light was switched leaves a trace for long. */
  @ParameterizedTest
  @ValueSource(longs = {7, 8})
  void whoeverIsThereWhenInfraredIsSwitchedIsFound(long seed) {
    assertFound("infrared", seed, 0.9, 0.8);
  }

  @ParameterizedTest
  @CsvSource({"160,120,4", "320,240,25", "640,360,10", "1280,720,6", "240,320,10"})
  void sizeAndRateMakeNoDifference(int width, int height, double fps) {
    SceneScore score = SceneScore.of(Scenarios.draw("walk", 3, width, height, fps));
    assertThat(score.found()).isEqualTo(score.bodies()).isPositive();
    assertThat(score.recall()).isGreaterThan(0.9);
    assertThat(score.falseRate()).isLessThan(0.02);
  }

  private static void assertStill(String scene, long seed) {
    assertStill(scene, seed, 0.03);
  }

  private static void assertStill(String scene, long seed, double mostFalse) {
    SceneScore score = SceneScore.of(Scenarios.draw(scene, seed, WIDTH, HEIGHT, FPS));
    assertThat(score.bodies()).as(scene).isZero();
    assertThat(score.falseRate()).as("%s, seed %d: false", scene, seed).isLessThan(mostFalse);
  }

  private static void assertFound(String scene, long seed, double leastRecall, double mostFalse) {
    SceneScore score = SceneScore.of(Scenarios.draw(scene, seed, WIDTH, HEIGHT, FPS));
    assertThat(score.found()).as("%s, seed %d: found", scene, seed).isEqualTo(score.bodies());
    assertThat(score.bodies()).as(scene).isPositive();
    assertThat(score.recall()).as("%s, seed %d: recall", scene, seed).isGreaterThan(leastRecall);
    assertThat(score.falseRate()).as("%s, seed %d: false", scene, seed).isLessThan(mostFalse);
  }
}
