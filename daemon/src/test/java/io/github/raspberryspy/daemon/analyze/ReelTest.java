package io.github.raspberryspy.daemon.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.SegmentId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReelTest {

  private static final Instant START = Instant.parse("2026-11-23T14:00:00Z");
  private static final long MINUTE = 60_000_000;

  private static Footage segment(String camera, long run, long sequence, long from, long to) {
    String name = camera + run + "-" + sequence + ".mp4";
    SegmentId id = new SegmentId(camera, "0123abcd", run, sequence);
    Instant start = START.plusMillis(from / 1000);
    return new Footage(
        Path.of(name), Optional.of(new Footage.Place(id, ClockState.SYNCED, start, from, to)));
  }

  private static List<Integer> sizes(Footage... footage) {
    return Reel.of(List.of(footage)).stream().map(reel -> reel.files().size()).toList();
  }

  @Test
  void segmentsOfOneRunThatFollowEachOtherBelongTogether() {
    Footage first = segment("front", 1, 0, 0, MINUTE);
    Footage second = segment("front", 1, 1, MINUTE, 2 * MINUTE);
    assertThat(sizes(first, second)).containsExactly(2);
    assertThat(sizes(second, first)).containsExactly(1, 1);
    assertThat(sizes(first, segment("front", 2, 0, 0, MINUTE))).containsExactly(1, 1);
    assertThat(sizes(first, segment("back", 1, 1, MINUTE, 2 * MINUTE))).containsExactly(1, 1);
    assertThat(sizes(first, segment("front", 1, 2, MINUTE, 2 * MINUTE))).containsExactly(1, 1);
    Footage other = new Footage(Path.of("a.mkv"), Optional.empty());
    assertThat(sizes(first, other, second)).containsExactly(1, 1, 1);
  }

  @Test
  void aShortPauseIsNoReasonToForgetTheSceneAndALongOneIs() {
    Footage first = segment("front", 1, 0, 0, MINUTE);
    assertThat(sizes(first, segment("front", 1, 1, 2 * MINUTE, 3 * MINUTE))).containsExactly(2);
    assertThat(sizes(first, segment("front", 1, 1, 3 * MINUTE, 4 * MINUTE))).containsExactly(1, 1);
  }

  @Test
  void aLongRunIsDividedAndEachLaterStretchHasAMinuteBeforeIt() {
    List<Footage> day = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      day.add(segment("front", 1, i, i * MINUTE / 2, (i + 1) * MINUTE / 2));
    }
    List<Reel> reels = Reel.of(day);
    assertThat(reels).hasSize(1);
    List<Reel.Stretch> stretches = reels.get(0).stretches();
    assertThat(stretches).hasSize(4);
    assertThat(stretches.get(0).files()).isEqualTo(day.subList(0, 30));
    assertThat(stretches.get(0).lead()).isEmpty();
    assertThat(stretches.get(1).lead()).isEqualTo(day.subList(28, 30));
    assertThat(stretches.get(1).leadFromUs()).isEqualTo(14 * MINUTE);
    assertThat(reels.get(0).files()).isEqualTo(day);
  }

  @Test
  void segmentsOfAnHourAreLookedThroughEachOnItsOwn() {
    Footage first = segment("front", 1, 0, 0, 60 * MINUTE);
    Footage second = segment("front", 1, 1, 60 * MINUTE, 120 * MINUTE);
    List<Reel.Stretch> stretches = Reel.of(List.of(first, second)).get(0).stretches();
    assertThat(stretches).hasSize(2);
    assertThat(stretches.get(1).lead()).containsExactly(first);
    assertThat(stretches.get(1).leadFromUs()).isEqualTo(59 * MINUTE);
  }

  @Test
  void halvesOfAnEventAreJoinedAndNeighboursAreNot() {
    Event first = new Event(0, 10, 0.1, List.of("a"));
    Event second = new Event(12, 20, 0.3, List.of("b"));
    Event third = new Event(30, 40, 0.2, List.of());
    assertThat(Event.joined(List.of(first, second, third), 5))
        .containsExactly(new Event(0, 20, 0.3, List.of("a", "b")), third);
  }
}
