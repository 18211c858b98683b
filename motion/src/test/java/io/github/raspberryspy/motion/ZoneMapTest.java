package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.raspberryspy.motion.Zone.Kind;
import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.Polygon;
import io.github.raspberryspy.segments.Polygon.Point;
import io.github.raspberryspy.segments.Polygons;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZoneMapTest {

  private static final int COLUMNS = 120;
  private static final int ROWS = 84;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void cellsOfAZoneCoverItsArea(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 40; round++) {
      Polygon shape = Polygons.star(random);
      int cells = count(ZoneMap.cells(shape, COLUMNS, ROWS));

      assertThat(cells / (double) (COLUMNS * ROWS)).isEqualTo(shape.area(), within(0.012));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whereTheListOfPointsBeginsDoesNotMatter(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 40; round++) {
      Polygon shape = Polygons.star(random);
      List<Point> turned = new ArrayList<>(shape.points());
      Collections.rotate(turned, 1 + random.nextInt(turned.size()));

      assertThat(ZoneMap.cells(new Polygon(turned), COLUMNS, ROWS))
          .isEqualTo(ZoneMap.cells(shape, COLUMNS, ROWS));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyPlaceThatIsPassedOverIsWithAMargin(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      Polygon shape = Polygons.star(random);
      byte[] watched = map(zone("tree", Kind.IGNORE, shape)).watched();
      for (int i = 0; i < 2000; i++) {
        double x = random.nextDouble();
        double y = random.nextDouble();
        int column = (int) (x * COLUMNS);
        int row = (int) (y * ROWS);
        if (shape.contains(x, y)) {
          assertThat(watched[row * COLUMNS + column]).isZero();
          assertThat(watched[row * COLUMNS + Math.min(COLUMNS - 1, column + 1)]).isZero();
        }
      }
    }
  }

  @Test
  void zoneSmallerThanACellHasThatCell() {
    Polygon tiny = Polygon.of(new Box(0.5005, 0.5005, 0.011, 0.011));
    assertThat(count(ZoneMap.cells(tiny, 10, 10))).isEqualTo(1);
  }

  @Test
  void maskPassesOverWhatItAlwaysDid() {
    MotionConfig config =
        MotionConfig.builder().masks(List.of(new Box(0.25, 0.5, 0.25, 0.25))).build();
    byte[] watched = new ZoneMap(config, 8, 8).watched();

    StringBuilder picture = new StringBuilder();
    for (int row = 0; row < 8; row++) {
      for (int column = 0; column < 8; column++) {
        picture.append(watched[row * 8 + column] == 0 ? '#' : '.');
      }
      picture.append('\n');
    }
    assertThat(picture)
        .hasToString(
            """
            ........
            ........
            ........
            .####...
            .####...
            .####...
            .####...
            ........
            """);
  }

  @Test
  void mostSensitiveOfOverlappingTriggersCounts() {
    Zone half = zone("half", Polygon.of(new Box(0, 0, 0.5, 1)), 25);
    Zone all = zone("all", Polygon.of(new Box(0, 0, 1, 1)), 75);
    float[] weights = new ZoneMap(config(half, all), 4, 4).weights();
    assertThat(weights).containsOnly(2f);

    weights = new ZoneMap(config(half), 4, 4).weights();
    assertThat(weights[0]).isEqualTo(0.5f);
    assertThat(weights[3]).isEqualTo(1f);
    assertThat(map(zone("plain", Kind.TRIGGER, half.shape())).weights()).isEmpty();
  }

  private static ZoneMap map(Zone... zones) {
    return new ZoneMap(config(zones), COLUMNS, ROWS);
  }

  private static MotionConfig config(Zone... zones) {
    return MotionConfig.builder().zones(List.of(zones)).build();
  }

  private static Zone zone(String name, Kind kind, Polygon shape) {
    return new Zone(name, kind, shape, OptionalInt.empty());
  }

  private static Zone zone(String name, Polygon shape, int sensitivity) {
    return new Zone(name, Kind.TRIGGER, shape, OptionalInt.of(sensitivity));
  }

  private static int count(boolean[] cells) {
    int n = 0;
    for (boolean cell : cells) {
      n += cell ? 1 : 0;
    }
    return n;
  }
}
