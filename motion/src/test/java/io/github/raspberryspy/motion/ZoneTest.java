package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.raspberryspy.motion.Zone.Kind;
import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.Polygon;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZoneTest {

  private static final Polygon SHAPE = Polygon.of(new Box(0, 0, 0.5, 0.5));

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "-a", "123456789012345678901234567890123", "a;b"})
  void namesAreShortWords(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Zone(name, Kind.TRIGGER, SHAPE, OptionalInt.empty()))
        .withMessage(
            "zone name \""
                + name
                + "\" is not allowed; allowed are 1 to 32 letters, digits, hyphens and underscores,"
                + " and no hyphen as the first");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Haustür", "Haustu\u0308r", "Çadır_2", "вход", "द्वार", "門", "_"})
  void namesAreInAnyScript(String name) {
    assertThat(new Zone(name, Kind.TRIGGER, SHAPE, OptionalInt.empty()).name()).isEqualTo(name);
  }

  @Test
  void sensitivityIsForTriggersAndWithinRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Zone("door", Kind.TRIGGER, SHAPE, OptionalInt.of(101)))
        .withMessage("zone \"door\" has the sensitivity 101; allowed is 1 to 100");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Zone("tree", Kind.IGNORE, SHAPE, OptionalInt.of(50)))
        .withMessage(
            "zone \"tree\" is of kind ignore and has a sensitivity; allowed is one for kind"
                + " trigger");
  }

  @Test
  void tooManyAndDoubledNamesAreRefused() {
    Zone door = new Zone("door", Kind.TRIGGER, SHAPE, OptionalInt.empty());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MotionConfig.builder().zones(List.of(door, door)).build())
        .withMessage("two zones are called \"door\"; allowed is one of each name");

    List<Zone> many = new ArrayList<>();
    for (int i = 0; i <= Zone.MOST; i++) {
      many.add(new Zone("z" + i, Kind.TRIGGER, SHAPE, OptionalInt.empty()));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MotionConfig.builder().zones(many).build())
        .withMessage("there are 17 zones; allowed are at most 16");
  }
}
