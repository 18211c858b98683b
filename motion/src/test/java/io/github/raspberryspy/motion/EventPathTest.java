package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.Box;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventPathTest {

  private static final long MS = 1_000_000L;

  @Test
  void itStaysWithTheFirstLeaderAndThenGoesOnWithTheLargest() {
    EventPath path = new EventPath();
    path.add(List.of(body(7, 0.1), body(8, 0.9)), 0);
    path.add(List.of(body(8, 0.8), body(7, 0.2)), 60 * MS);
    path.add(List.of(body(8, 0.7), body(9, 0.5)), 120 * MS);

    assertThat(path.points())
        .extracting(PathPoint::body, PathPoint::nanos)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(7L, 0L),
            org.assertj.core.groups.Tuple.tuple(7L, 60 * MS),
            org.assertj.core.groups.Tuple.tuple(8L, 120 * MS));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void itIsBoundedInOrderAndHasItsFirstAndItsLatestPoint(long seed) {
    Random random = new Random(seed);
    EventPath path = new EventPath();
    long nanos = 0;
    PathPoint first = null;
    for (int i = 0; i < 5000; i++) {
      nanos += (1 + random.nextInt(200)) * MS;
      List<Body> bodies = new ArrayList<>();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        bodies.add(body(1 + random.nextInt(4), 0.9 * random.nextDouble()));
      }
      path.add(bodies, nanos);

      List<PathPoint> points = path.points();
      first = first == null ? points.get(0) : first;
      assertThat(points).hasSizeLessThanOrEqualTo(EventPath.MOST);
      assertThat(points.get(0)).isEqualTo(first);
      assertThat(points.get(points.size() - 1).nanos()).isEqualTo(nanos);
      for (int n = 1; n < points.size(); n++) {
        assertThat(points.get(n).nanos()).isGreaterThan(points.get(n - 1).nanos());
      }
    }
  }

  private static Body body(long id, double x) {
    return new Body(id, new Box(x, 0.4, 0.1, 0.2), 0.02, 0, List.of());
  }
}
