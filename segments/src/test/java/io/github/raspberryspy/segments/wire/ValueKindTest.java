package io.github.raspberryspy.segments.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be said of a text by its kind alone. */
class ValueKindTest {

  private static final List<ValueKind> KINDS =
      List.of(
          ValueKind.of("flag"),
          ValueKind.oneOf(List.of("continuous", "events")),
          ValueKind.within("whole", "1", "100"),
          ValueKind.within("number", "1", "99.5").in("fps"),
          ValueKind.within("duration", "500ms", "10m"),
          ValueKind.of("size"),
          ValueKind.of("areas"));

  private static boolean takes(String word, String text) {
    return KINDS.stream().filter(kind -> kind.word().equals(word)).allMatch(k -> k.takes(text));
  }

  @ParameterizedTest
  @CsvSource({
    "flag, true",
    "flag, false",
    "choice, events",
    "choice, Events",
    "whole, 1",
    "whole, 100",
    "whole, ''",
    "number, 7.25",
    "number, 99.5",
    "number, ''",
    "duration, 500ms",
    "duration, 10m",
    "size, 1280x720",
    "size, ''",
    "areas, ''",
    "areas, '0,0,0.5,0.5;0.5,0.5,0.5,0.5'"
  })
  void whatIsOfTheKindAndInRangeIsTaken(String word, String text) {
    assertThat(takes(word, text)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "flag, yes",
    "choice, always",
    "whole, 0",
    "whole, 101",
    "whole, 1.5",
    "number, 0.5",
    "number, 100",
    "number, NaN",
    "number, many",
    "duration, 499ms",
    "duration, 1h",
    "duration, 5",
    "duration, ''",
    "size, 1280",
    "areas, '0,0,1'",
    "areas, '0.9,0,0.5,0.5'",
    "areas, '0,0,0,0.5'"
  })
  void whatIsNotIsNotTaken(String word, String text) {
    assertThat(takes(word, text)).isFalse();
  }

  @Test
  void whatOnlyTheCameraKnowsIsTaken() {
    assertThat(ValueKind.TEXT.takes("any")).isTrue();
    assertThat(ValueKind.of("zones").takes("any")).isTrue();
    assertThat(ValueKind.of("a word of later cameras").takes("any")).isTrue();
  }
}
