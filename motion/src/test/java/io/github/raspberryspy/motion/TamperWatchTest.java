package io.github.raspberryspy.motion;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What must be told of a camera that somebody has put hands on, and what must not. Views are drawn
 * on the detector's grid, of some sizes, at some rates; a minute of the usual comes first.
 */
class TamperWatchTest {

  private static final long SECOND = 1_000_000_000L;
  private static final double NOISE = 2.5;

  private final List<String> told = new ArrayList<>();
  private final TamperWatch watch =
      new TamperWatch(
          "yard",
          fault ->
              hear(
                  (fault.ended() ? "end " : "")
                      + fault.kind().text()
                      + (fault.ended() ? "" : " " + fault.sentence())));
  private final Random random = new Random(11);
  private int columns;
  private int rows;
  private double rate;
  private double seconds;
  private byte[] watched;
  private Runnable listens = () -> {};

  /** Shows a picture: brightness 0 to 255 at a place, for each moment. */
  @FunctionalInterface
  interface Scene {
    double at(double x, double y, double t);
  }

  static Stream<Arguments> grids() {
    return Stream.of(
        Arguments.of(116, 88, 16.0),
        Arguments.of(132, 76, 5.0),
        Arguments.of(160, 60, 1.0),
        Arguments.of(76, 132, 30.0),
        Arguments.of(44, 32, 10.0));
  }

  @ParameterizedTest
  @MethodSource("grids")
  void aCameraThatIsTurnedAwayIsToldAndThatItIsBack(int c, int r, double fps) {
    use(c, r, fps);
    show(60, yard());
    show(10, another());
    assertTold(Kinds.MOVED, "is another one");
    show(60, another());
    show(5, yard());
    assertThat(told).hasSize(2).last().isEqualTo("end camera-moved");
  }

  @ParameterizedTest
  @MethodSource("grids")
  void aCameraThatIsPushedIsToldWithItsWay(int c, int r, double fps) {
    use(c, r, fps);
    show(60, yard());
    show(10, (x, y, t) -> yard().at(x - 0.08, y + 0.06, t));
    assertTold(Kinds.MOVED, "has moved in the picture by about ");
    assertThat(told.get(0)).containsPattern("about [789] % to the right and [567] % up");
  }

  @ParameterizedTest
  @MethodSource("grids")
  void aLensThatIsTurnedOutOfFocusIsTold(int c, int r, double fps) {
    use(c, r, fps);
    show(60, yard());
    show(10, blurred(yard()));
    assertTold(Kinds.DEFOCUSED, "has lost its detail");
    show(30, blurred(yard()));
    show(5, yard());
    assertThat(told).hasSize(2).last().isEqualTo("end camera-defocused");
  }

  @ParameterizedTest
  @MethodSource("grids")
  void aSheetOfPaperBeforeTheLensIsTold(int c, int r, double fps) {
    use(c, r, fps);
    show(60, yard());
    show(10, (x, y, t) -> 140 + 20 * x);
    assertTold(Kinds.DEFOCUSED, "something is before the lens");
  }

  @ParameterizedTest
  @MethodSource("grids")
  void aCoveredLensIsLeftToThoseWhoSeeThatItIsDark(int c, int r, double fps) {
    use(c, r, fps);
    show(60, yard());
    show(30, (x, y, t) -> 12);
    show(30, yard());
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("grids")
  void aCameraThatIsTurnedInTheDarkIsToldInTheMorning(int c, int r, double fps) {
    use(c, r, fps);
    show(60, yard());
    show(60, (x, y, t) -> 3);
    show(20, another());
    assertTold(Kinds.MOVED, "is another one");
  }

  @ParameterizedTest
  @MethodSource("grids")
  void lightsThatGoOffAndOnAreNotTold(int c, int r, double fps) {
    use(c, r, fps);
    show(60, yard());
    for (double left : new double[] {0.02, 0.15, 0.4}) {
      show(40, dimmed(yard(), left));
      show(40, yard());
    }
    // Another lamp, from the side.
    show(40, (x, y, t) -> yard().at(x, y, t) * (0.25 + 0.9 * x * x));
    show(40, yard());
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("grids")
  void aNightIsNotTold(int c, int r, double fps) {
    use(c, r, fps);
    show(60, yard());
    double dusk = seconds;
    show(240, (x, y, t) -> yard().at(x, y, t) * Math.max(0.02, 1 - (t - dusk) / 220));
    show(120, dimmed(yard(), 0.02));
    double dawn = seconds;
    show(240, (x, y, t) -> yard().at(x, y, t) * Math.min(1, 0.02 + (t - dawn) / 220));
    show(60, yard());
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("grids")
  void infraredLightIsNotTold(int c, int r, double fps) {
    use(c, r, fps);
    show(60, yard());
    show(90, infrared());
    show(90, yard());
    double dusk = seconds;
    show(120, (x, y, t) -> yard().at(x, y, t) * Math.max(0.12, 1 - (t - dusk) / 120));
    show(120, infrared());
    show(60, yard());
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("grids")
  void aLorryThatIsParkedIsNotTold(int c, int r, double fps) {
    use(c, r, fps);
    show(60, yard());
    show(
        300,
        (x, y, t) ->
            x > 0.18 && y > 0.12 ? 90 + 40 * Math.signum(Math.sin(31 * x)) : yard().at(x, y, t));
    show(60, yard());
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("grids")
  void somebodyCloseToTheLensForSecondsIsNotTold(int c, int r, double fps) {
    use(c, r, fps);
    show(60, yard());
    for (int i = 0; i < 5; i++) {
      double came = seconds;
      show(5, (x, y, t) -> coat(x + 0.03 * Math.sin(5 * (t - came)), y));
      show(5, yard());
    }
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("grids")
  void fogIsNotTold(int c, int r, double fps) {
    use(c, r, fps);
    show(60, yard());
    double came = seconds;
    show(90, (x, y, t) -> mix(yard().at(x, y, t), 150, Math.min(0.97, (t - came) / 60)));
    show(120, (x, y, t) -> mix(yard().at(x, y, t), 150, 0.97));
    show(60, yard());
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("grids")
  void rainAndSnowAreNotTold(int c, int r, double fps) {
    use(c, r, fps);
    show(60, yard());
    for (double share : new double[] {0.02, 0.08, 0.2}) {
      show(60, (x, y, t) -> random.nextDouble() < share ? 230 : yard().at(x, y, t));
    }
    show(30, yard());
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("grids")
  void exposureAndHeadlightsAreNotTold(int c, int r, double fps) {
    use(c, r, fps);
    show(60, yard());
    for (double gain : new double[] {1.3, 0.7, 1.8, 1, 0.55, 1, 3, 1, 8, 1}) {
      show(20, (x, y, t) -> Math.min(255, gain * yard().at(x, y, t)));
    }
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("grids")
  void shakeIsNotTold(int c, int r, double fps) {
    use(c, r, fps);
    show(60, yard());
    show(120, (x, y, t) -> yard().at(x + 0.02 * Math.sin(9 * t), y + 0.02 * Math.sin(11 * t), t));
    show(60, yard());
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("grids")
  void aViewWithoutEdgesIsNotJudged(int c, int r, double fps) {
    use(c, r, fps);
    show(60, (x, y, t) -> 120 + 10 * y);
    show(60, (x, y, t) -> 100 + 30 * x);
    show(60, (x, y, t) -> 3);
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("grids")
  void whatAMaskHidesNeitherHoldsTheViewNorMovesIt(int c, int r, double fps) {
    use(c, r, fps);
    for (int y = 0; y < rows; y++) {
      Arrays.fill(watched, y * columns, y * columns + columns / 3, (byte) 0);
    }
    show(60, yard());
    show(60, (x, y, t) -> x < 0.33 ? another().at(x, y, t) : yard().at(x, y, t));
    assertThat(told).isEmpty();
    show(12, (x, y, t) -> x < 0.33 ? yard().at(x, y, t) : another().at(x, y, t));
    assertTold(Kinds.MOVED, "is another one");
  }

  @ParameterizedTest
  @MethodSource("grids")
  void anotherViewIsTheUsualOneAfterHalfAnHour(int c, int r, double fps) {
    use(c, r, 1);
    show(60, yard());
    show(29 * 60, another());
    assertThat(told).hasSize(1);
    show(2 * 60, another());
    assertThat(told).hasSize(2).last().isEqualTo("end camera-moved");
    show(60, another());
    show(12, yard());
    assertThat(told).hasSize(3);
  }

  private enum Kinds {
    MOVED("camera-moved"),
    DEFOCUSED("camera-defocused");
    private final String text;

    Kinds(String text) {
      this.text = text;
    }
  }

  private void assertTold(Kinds kind, String words) {
    assertThat(told).hasSize(1);
    assertThat(told.get(0)).startsWith(kind.text + " the view of camera yard ").contains(words);
  }

  @Test
  void whoListensMayAskItFromAnotherThread() {
    use(44, 32, 1);
    listens =
        () -> CompletableFuture.supplyAsync(() -> watch.isDue(0)).orTimeout(20, SECONDS).join();
    show(60, yard());
    show(10, another());
    assertTold(Kinds.MOVED, "is another one");
  }

  /** A detector that hung on a frame comes back while another has long gone on. */
  @Test
  void aPictureThatIsOlderThanTheLatestIsPassedOver() {
    use(44, 32, 1);
    show(60, yard());
    double now = seconds;
    for (int i = 0; i < 10; i++) {
      show(1, another());
      double next = seconds;
      seconds = now - 20;
      watch.look(columns, rows, new byte[columns * rows], watched, (long) (seconds * SECOND));
      seconds = next;
    }
    assertTold(Kinds.MOVED, "is another one");
  }

  private void hear(String sentence) {
    listens.run();
    told.add(sentence);
  }

  private void use(int c, int r, double fps) {
    columns = c;
    rows = r;
    rate = fps;
    watched = new byte[c * r];
    Arrays.fill(watched, (byte) 255);
  }

  private void show(double length, Scene scene) {
    for (double end = seconds + length; seconds < end; seconds += 1 / rate) {
      long nanos = (long) (seconds * SECOND);
      if (!watch.isDue(nanos)) {
        continue;
      }
      byte[] cells = new byte[columns * rows];
      for (int y = 0; y < rows; y++) {
        for (int x = 0; x < columns; x++) {
          int i = y * columns + x;
          double luma =
              scene.at((x + 0.5) / columns, (y + 0.5) / rows, seconds)
                  + NOISE * random.nextGaussian();
          cells[i] = watched[i] == 0 ? 0 : (byte) Math.max(0, Math.min(255, Math.round(luma)));
        }
      }
      watch.look(columns, rows, cells, watched, nanos);
    }
  }

  /** Houses, windows, a fence, a tree whose leaves move. */
  private static Scene yard() {
    return (x, y, t) -> {
      double luma = 150 - 60 * y;
      luma = y < 0.55 && x > 0.08 && x < 0.42 && y > 0.15 ? 95 : luma;
      luma = inGrid(x, y, 0.12, 0.2, 0.1, 0.12, 0.05) && y < 0.5 && x < 0.4 ? 45 : luma;
      luma = y < 0.6 && x > 0.55 && x < 0.97 && y > 0.08 ? 170 : luma;
      luma =
          inGrid(x, y, 0.6, 0.14, 0.09, 0.14, 0.05) && y < 0.55 && x > 0.55 && x < 0.95 ? 70 : luma;
      luma = y > 0.62 && y < 0.75 && Math.floor(x * 40) % 2 == 0 ? luma - 35 : luma;
      luma = y > 0.8 && Math.abs(x - 0.5 + 0.6 * (y - 0.8)) < 0.14 ? 185 : luma;
      if (Math.hypot(x - 0.48, y - 0.35) < 0.09) {
        luma = 70 + 25 * Math.sin(60 * x + 3 * Math.sin(2 * t)) * Math.sin(55 * y);
      }
      return luma;
    };
  }

  private static boolean inGrid(
      double x, double y, double left, double top, double across, double down, double size) {
    double u = ((x - left) % across + across) % across;
    double v = ((y - top) % down + down) % down;
    return u < size && v < size * 1.4;
  }

  /** Somewhere else. */
  private static Scene another() {
    return (x, y, t) -> {
      double luma = 110 + 50 * Math.sin(3 * x + 1);
      luma = Math.abs(y - 0.3 - 0.4 * x) < 0.05 ? 40 : luma;
      luma = Math.hypot(x - 0.3, y - 0.7) < 0.16 ? 200 : luma;
      luma = Math.hypot(x - 0.75, y - 0.25) < 0.12 ? 30 : luma;
      luma = Math.abs(x - 0.62 - 0.2 * y) < 0.03 ? 220 : luma;
      luma = y > 0.55 && Math.floor((x + y) * 17) % 3 == 0 ? luma - 40 : luma;
      luma = y < 0.25 && Math.floor((x - 0.5 * y) * 23) % 4 == 0 ? luma + 45 : luma;
      return luma;
    };
  }

  /** By infrared light: what is near is bright, leaves are white, colours are gone. */
  private static Scene infrared() {
    return (x, y, t) -> {
      double day = yard().at(x, y, t);
      boolean isTree = Math.hypot(x - 0.48, y - 0.35) < 0.09;
      double near = 0.25 + 0.75 * y;
      return isTree ? 190 : (0.6 * day + 25) * near;
    };
  }

  private static Scene dimmed(Scene scene, double left) {
    return (x, y, t) -> scene.at(x, y, t) * left;
  }

  private static Scene blurred(Scene scene) {
    return (x, y, t) -> {
      double sum = 0;
      for (int v = -3; v <= 3; v++) {
        for (int u = -3; u <= 3; u++) {
          sum += scene.at(x + 0.022 * u, y + 0.028 * v, t);
        }
      }
      return sum / 49;
    };
  }

  private static double coat(double x, double y) {
    return 60 + 8 * Math.sin(4 * x) + 5 * y;
  }

  private static double mix(double a, double b, double share) {
    return a + share * (b - a);
  }
}
