package io.github.raspberryspy.sink.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeldomTest {

  private final List<String> log = new ArrayList<>();
  private long nanos;

  @Test
  void aCameraThatComesAndGoesWithoutEndIsSaidOnceAMinuteWithACount() {
    Seldom seldom = new Seldom(() -> nanos);
    for (int i = 0; i < 1000; i++) {
      seldom.say("front", "back", "camera front is back", log::add);
    }
    seldom.say("back", "back", "camera back is back", log::add);
    seldom.say("front", "off", "camera front is off", log::add);
    nanos += Seldom.EACH.toNanos();
    seldom.say("front", "back", "camera front is back", log::add);
    nanos += Seldom.EACH.toNanos();
    seldom.say("front", "back", "camera front is back", log::add);

    assertThat(log)
        .containsExactly(
            "camera front is back",
            "camera back is back",
            "camera front is off",
            "camera front is back; so it was 999 more times before",
            "camera front is back");
  }
}
