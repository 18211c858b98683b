package io.github.raspberryspy.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentIdTest {

  @Test
  void writesAndReadsItsText() {
    SegmentId id = new SegmentId("front", "3f9a1c22", 17, 123);
    assertThat(id).hasToString("front-3f9a1c22-r17-000123");
    assertThat(SegmentId.parse("front-3f9a1c22-r17-000123")).isEqualTo(id);
  }

  @Test
  void everyIdReadsBack() {
    Random random = new Random(7);
    for (int i = 0; i < 5000; i++) {
      SegmentId id = Manifests.id(random);
      assertThat(SegmentId.parse(id.toString())).isEqualTo(id);
    }
  }

  @Test
  void aCameraMayBeCalledLikeAnId() {
    SegmentId id = new SegmentId("a-3f9a1c22-r1-000001", "00000000", 2, 3_000_000);
    assertThat(SegmentId.parse(id.toString())).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "front",
        "front-3f9a1c22-r17-00012",
        "front-3F9a1c22-r17-000123",
        "front-3f9a1c22-r017-000123",
        "front-3f9a1c22-r17-0000123",
        "front-3f9a1c22-r0-000123",
        "front-3f9a1c22-r-1-000123",
        "Front-3f9a1c22-r17-000123",
        "-3f9a1c22-r17-000123",
        "../x-3f9a1c22-r17-000123",
        "front\n-3f9a1c22-r17-000123",
        "front-3f9a1c22-r17-000123\n",
        "front-3f9a1c22-r1٧-000123",
        "front-3f9a1c22-r9999999999999999999-000123",
      })
  void refusesEveryOtherText(String text) {
    assertThatThrownBy(() -> SegmentId.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-a", "a-", "A", "ä", "a b", "a/b", "..", "a.b", "a_b", "front\n", "a\0"})
  void refusesCameraNames(String name) {
    assertThatThrownBy(() -> SegmentId.requireCameraName(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not allowed: 1 to 32 lower-case letters");
  }

  @Test
  void takesCameraNames() {
    for (String name : List.of("a", "0", "a-b", "a--b", "x".repeat(32))) {
      assertThat(SegmentId.requireCameraName(name)).isEqualTo(name);
    }
    assertThatThrownBy(() -> SegmentId.requireCameraName("x".repeat(33)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesNumbersThatItsTextCannotHold() {
    long most = 999_999_999_999_999_999L;
    SegmentId id = new SegmentId("a", "00000000", most, most);
    assertThat(SegmentId.parse(id.toString())).isEqualTo(id);
    assertThatThrownBy(() -> new SegmentId("a", "00000000", most + 1, 0))
        .hasMessageStartingWith("run ");
    assertThatThrownBy(() -> new SegmentId("a", "00000000", 0, 0)).hasMessageStartingWith("run ");
    assertThatThrownBy(() -> new SegmentId("a", "00000000", 1, most + 1))
        .hasMessageStartingWith("sequence ");
    assertThatThrownBy(() -> new SegmentId("a", "00000000", 1, -1))
        .hasMessageStartingWith("sequence ");
  }

  @Test
  void ordersByFilming() {
    List<SegmentId> ids =
        Stream.of(
                "a-00000000-r2-000001",
                "b-00000000-r1-000000",
                "a-00000000-r10-000000",
                "a-00000000-r2-1000000",
                "a-00000001-r1-000000")
            .map(SegmentId::parse)
            .sorted()
            .toList();
    assertThat(ids)
        .map(SegmentId::toString)
        .containsExactly(
            "a-00000000-r2-000001",
            "a-00000000-r2-1000000",
            "a-00000000-r10-000000",
            "a-00000001-r1-000000",
            "b-00000000-r1-000000");
  }
}
