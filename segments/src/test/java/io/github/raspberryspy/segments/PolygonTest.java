package io.github.raspberryspy.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.raspberryspy.segments.Polygon.Point;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolygonTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0.1,0.1 0.9,0.1                  | it has 2 points; allowed are 3 to 32
          0.1,0.1 0.9,0.1 NaN,0.5          | its point NaN,0.5 is not in the picture; allowed is 0 to 1 for x and y
          0.1,0.1 1.2,0.1 0.5,0.5          | its point 1.2,0.1 is not in the picture; allowed is 0 to 1 for x and y
          0.1,0.1 0.5,-0.01 0.5,0.5        | its point 0.5,-0.01 is not in the picture; allowed is 0 to 1 for x and y
          0,0 1,1 1,0 0,1                  | its side from 0,0 crosses the one from 1,0; allowed are sides that do not meet
          0,0 1,0 1,1 0.5,0 0,1            | its side from 0,0 crosses the one from 1,1; allowed are sides that do not meet
          0.1,0.1 0.1,0.1 0.5,0.5 0.9,0.1  | its point 0.1,0.1 stands there twice in a row; allowed is once
          0.1,0.1 0.5,0.1 0.9,0.1          | it covers no area; allowed is a ten-thousandth of the picture at least
          """)
  void badShapesSayWhatIsWrongAndWhatIsAllowed(String points, String sentence) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Polygon(points(points)))
        .withMessage(sentence);
  }

  @Test
  void tooManyPointsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Polygon(Collections.nCopies(33, new Point(0, 0))))
        .withMessage("it has 33 points; allowed are 3 to 32");
  }

  @Test
  void concaveShapeReachesInTwoPieces() {
    Polygon fork = new Polygon(points("0,0 0.2,0 0.2,0.8 0.8,0.8 0.8,0 1,0 1,1 0,1"));

    assertThat(fork.extents(0.1, 0.2))
        .satisfiesExactly(
            e -> assertThat(e).containsExactly(new double[] {0, 0.2}, within(1e-9)),
            e -> assertThat(e).containsExactly(new double[] {0.8, 1}, within(1e-9)));
    assertThat(fork.extents(0.7, 0.9)).hasSize(1);
    assertThat(fork.extents(-0.5, -0.1)).isEmpty();
    assertThat(fork.area()).isEqualTo(0.52, within(1e-9));
  }

  @Test
  void boxBeyondThePictureByARoundingErrorIsTaken() {
    assertThat(Polygon.of(new Box(0.5, 0.5, 0.5005, 0.5)).area()).isEqualTo(0.25);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void nothingInsideLiesOutsideOfTheExtents(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 30; round++) {
      Polygon shape = Polygons.star(random);
      double inside = 0;
      for (int i = 0; i < 4000; i++) {
        double x = random.nextDouble();
        double y = random.nextDouble();
        double top = y - 0.03 * random.nextDouble();
        if (shape.contains(x, y)) {
          inside++;
          assertThat(shape.extents(top, y + 1e-6)).anyMatch(e -> e[0] <= x && x <= e[1]);
        }
      }
      assertThat(inside / 4000).isEqualTo(shape.area(), within(0.05));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whereTheListOfPointsBeginsDoesNotMatter(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      Polygon shape = Polygons.star(random);
      List<Point> turned = new ArrayList<>(shape.points());
      Collections.rotate(turned, 1 + random.nextInt(turned.size()));
      if (random.nextBoolean()) {
        Collections.reverse(turned);
      }
      Polygon same = new Polygon(turned);
      assertThat(same.area()).isEqualTo(shape.area(), within(1e-12));
      for (int i = 0; i < 200; i++) {
        double x = random.nextDouble();
        double y = random.nextDouble();
        assertThat(same.contains(x, y)).isEqualTo(shape.contains(x, y));
      }
    }
  }

  private static List<Point> points(String text) {
    List<Point> points = new ArrayList<>();
    for (String point : text.strip().split(" ", -1)) {
      String[] n = point.split(",", -1);
      points.add(new Point(Double.parseDouble(n[0]), Double.parseDouble(n[1])));
    }
    return points;
  }
}
