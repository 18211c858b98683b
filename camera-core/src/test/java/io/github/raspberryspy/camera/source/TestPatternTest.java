package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.source.TestPattern.Interval;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestPatternTest {

  private static final int SEEDS = 200;

  @ParameterizedTest
  @ValueSource(doubles = {1, 12.5, 29.97, 30, 60, 240})
  void oneObjectCrossesIn3To5SecondsAndRestsFor4To7(double fps) {
    for (int seed = 0; seed < SEEDS; seed++) {
      List<Interval> motion = new TestPattern(640, 360, fps, 1, seed).motion(Math.round(100 * fps));
      assertThat(motion).hasSizeGreaterThan(8);
      long lastEnd = 0;
      for (Interval interval : motion.subList(0, 8)) {
        double rest = (interval.firstFrame() - lastEnd) / fps;
        double crossing = (interval.endFrame() - interval.firstFrame()) / fps;
        double frame = 1 / fps;
        if (lastEnd == 0) {
          assertThat(rest).isGreaterThanOrEqualTo(2.5);
        } else {
          assertThat(rest).isBetween(4 - frame, 7 + frame);
        }
        assertThat(crossing).isBetween(3 - frame, 5 + frame);
        lastEnd = interval.endFrame();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8})
  void severalObjectsLeaveStillTimes(int objects) {
    for (int seed = 0; seed < SEEDS; seed++) {
      List<Interval> motion = new TestPattern(640, 360, 30, objects, seed).motion(3000);
      for (int i = 1; i < motion.size(); i++) {
        long still = motion.get(i).firstFrame() - motion.get(i - 1).endFrame();
        assertThat(still).isGreaterThanOrEqualTo(30 * 4 - 1);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "12.5, 2", "29.97, 8", "60, 3", "30, 0"})
  void intervalsAndBoxesAndMovingTellTheSame(double fps, int objects) {
    TestPattern pattern = new TestPattern(320, 240, fps, objects, 99);
    long until = Math.round(60 * fps);
    List<Interval> motion = pattern.motion(until);
    for (long n = 0; n < until; n++) {
      long frame = n;
      boolean inside =
          motion.stream().anyMatch(i -> frame >= i.firstFrame() && frame < i.endFrame());
      assertThat(pattern.isMoving(frame)).as("frame %d", frame).isEqualTo(inside);
      assertThat(pattern.boxes(frame).isEmpty()).isEqualTo(!inside);
    }
  }

  @Test
  void motionEndsWhereItIsCutOff() {
    TestPattern pattern = new TestPattern(320, 240, 30, 1, 7);
    Interval first = pattern.motion(1000).get(0);
    assertThat(pattern.motion(first.firstFrame())).isEmpty();
    assertThat(pattern.motion(first.firstFrame() + 10))
        .containsExactly(new Interval(first.firstFrame(), first.firstFrame() + 10));
    assertThat(pattern.motion(0)).isEmpty();
    assertThat(new TestPattern(320, 240, 30, 0, 7).motion(Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void anObjectEntersByOneColumnAndLeavesByOne() {
    TestPattern pattern = new TestPattern(1280, 720, 60, 1, 3);
    for (Interval interval : pattern.motion(6000).subList(0, 8)) {
      double first = pattern.boxes(interval.firstFrame()).get(0).width() * 1280;
      double last = pattern.boxes(interval.endFrame() - 1).get(0).width() * 1280;
      assertThat(first).isBetween(1.0, 9.0);
      assertThat(last).isBetween(1.0, 9.0);
    }
  }

  @Test
  void theSeedAloneChoosesTheTimes() {
    TestPattern pattern = new TestPattern(640, 480, 30, 2, -5);
    assertThat(pattern.motion(5000)).isEqualTo(new TestPattern(640, 480, 30, 2, -5).motion(5000));
    assertThat(pattern.motion(5000)).isNotEqualTo(new TestPattern(640, 480, 30, 2, 5).motion(5000));
    assertThat(pattern.motion(5000)).isEqualTo(new TestPattern(32, 32, 30, 2, -5).motion(5000));
  }

  @Test
  void presentationTimeDoesNotDrift() {
    TestPattern pattern = new TestPattern(640, 480, 29.97, 1, 7);
    assertThat(pattern.ptsUs(0)).isZero();
    assertThat(pattern.ptsUs(1)).isEqualTo(33_367);
    assertThat(pattern.ptsUs(2_997_000)).isEqualTo(100_000_000_000L);
    assertThat(pattern.ptsUs(2_997_001) / 1e6).isCloseTo(100_000.033367, within(1e-6));
  }

  @Test
  void anAddressNamesAPattern() {
    assertThat(TestPattern.of(SourceUri.parse("test://?fps=30")))
        .isEqualTo(new TestPattern(1280, 720, 30, 1, 7));
    assertThat(
            TestPattern.of(
                SourceUri.parse("test://?size=64x48&fps=12.5&objects=3&seed=-9000000000")))
        .isEqualTo(new TestPattern(64, 48, 12.5, 3, -9_000_000_000L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "size=30x32      | size    | 30x32   | 32",
        "size=33x32      | size    | 33x32   | even",
        "size=32x35      | size    | 32x35   | even",
        "size=7682x4320  | size    | 7682    | 7680",
        "size=7680x4322  | size    | 4322    | 4320",
        "size=big        | size    | big     | WIDTHxHEIGHT",
        "fps=0.5         | fps     | 0.5     | from 1",
        "fps=241         | fps     | 241     | 240",
        "fps=NaN         | fps     | NaN     | a number",
        "fps=fast        | fps     | fast    | a number",
        "objects=9       | objects | 9       | 8",
        "objects=-1      | objects | -1      | from 0",
        "objects=1.5     | objects | 1.5     | whole",
        "seed=x          | seed    | x       | whole",
        "seed=9223372036854775808 | seed | 9223372036854775808 | 64 bits",
        "realtime=yes    | realtime| yes     | true or false",
        "frames=-1       | frames  | -1      | from 0",
        "frame=3         | frame   | frame   | [fps, frames, objects, realtime, seed, size, timecode]",
      })
  void aWrongValueIsNamedWithItsKeyAndWhatIsAllowed(
      String query, String key, String value, String allowed) {
    assertThatThrownBy(() -> Sources.create("test://?" + query))
        .isInstanceOf(CameraException.class)
        .hasMessageContaining("\"" + key + "\"")
        .hasMessageContaining(value)
        .hasMessageContaining(allowed)
        .extracting(e -> ((CameraException) e).kind())
        .isEqualTo(CameraException.Kind.INVALID);
  }

  @Test
  void componentsAreChecked() {
    assertThatThrownBy(() -> new TestPattern(31, 32, 30, 1, 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("31x32");
    assertThatThrownBy(() -> new TestPattern(32, 32, Double.NaN, 1, 7))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TestPattern(32, 32, 30, 9, 7))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
