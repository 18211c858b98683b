package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.Box;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventBoxesTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void atMostSixteenBoxesCoverAllThatWereAdded(long seed) {
    Random random = new Random(seed);
    EventBoxes boxes = new EventBoxes();
    for (int i = 0; i < 300; i++) {
      double width = 0.1 * random.nextDouble();
      double height = 0.1 * random.nextDouble();
      Box box =
          new Box(
              random.nextDouble() * (1 - width), random.nextDouble() * (1 - height), width, height);
      boxes.add(box);

      assertThat(boxes.list()).hasSizeLessThanOrEqualTo(16).anyMatch(held -> covers(held, box));
    }
  }

  private static boolean covers(Box held, Box box) {
    double slack = 1e-9;
    return held.x() <= box.x() + slack
        && held.y() <= box.y() + slack
        && held.x() + held.width() >= box.x() + box.width() - slack
        && held.y() + held.height() >= box.y() + box.height() - slack;
  }
}
