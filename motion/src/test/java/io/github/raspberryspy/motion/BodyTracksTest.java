package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.Box;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyTracksTest {

  private static final long MS = 1_000_000L;

  private final BodyTracks tracks = new BodyTracks();

  @Test
  void bodiesKeepTheirNumbersWhileTheyWalkPastEachOtherOnTwoLanes() {
    for (int i = 0; i < 60; i++) {
      double x = 0.05 + 0.8 * i / 60;
      List<Body> seen = new ArrayList<>(List.of(body(x, 0.2, i), body(0.9 - x, 0.6, i)));
      if (i % 3 == 0) {
        Collections.reverse(seen); // who is listed first changes; in the first picture, too
      }
      for (Body body : tracks.follow(seen, 66L * i * MS)) {
        assertThat(body.id()).isEqualTo(body.y() < 0.5 ? 2 : 1);
        assertThat(body.sinceNanos()).isZero();
      }
    }
  }

  @Test
  void whoComesBackAfterASecondIsSomebodyElse() {
    assertThat(follow(0, 0.3)).isEqualTo(1);
    assertThat(follow(900, 0.35)).isEqualTo(1);
    assertThat(follow(2000, 0.35)).isEqualTo(2);
  }

  @Test
  void whoIsFarAwayIsSomebodyElse() {
    assertThat(follow(0, 0.1)).isEqualTo(1);
    assertThat(follow(60, 0.8)).isEqualTo(2);
    assertThat(follow(120, 0.12)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void numbersAreThereOnceInAPictureAndNeverComeAgain(long seed) {
    Random random = new Random(seed);
    long most = 0;
    for (int i = 0; i < 2000; i++) {
      List<Body> seen = new ArrayList<>();
      for (int n = random.nextInt(17); n > 0; n--) {
        seen.add(body(0.9 * random.nextDouble(), 0.9 * random.nextDouble(), i));
      }
      List<Body> followed = tracks.follow(seen, 66L * i * MS);
      HashSet<Long> ids = new HashSet<>();
      for (int n = 0; n < seen.size(); n++) {
        assertThat(followed.get(n).box()).isEqualTo(seen.get(n).box());
        assertThat(ids.add(followed.get(n).id())).isTrue();
      }
      for (long id : ids) {
        assertThat(id).isBetween(1L, most + seen.size());
      }
      most = Math.max(most, ids.stream().mapToLong(Long::longValue).max().orElse(0));
    }
  }

  private long follow(long millis, double x) {
    return tracks.follow(List.of(body(x, 0.4, 0)), millis * MS).get(0).id();
  }

  private static Body body(double x, double y, int since) {
    return new Body(0, new Box(x, y, 0.08, 0.1), 0.008, since * MS, List.of());
  }
}
