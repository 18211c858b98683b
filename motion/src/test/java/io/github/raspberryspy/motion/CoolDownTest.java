package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoolDownTest {

  private static final long S = 1_000_000_000L;

  /** One call to a listener: b, u or e, and the event's times in seconds. */
  private final List<String> told = new ArrayList<>();

  private final MotionListener listener =
      new MotionListener() {
        @Override
        public void began(MotionEvent event) {
          told.add(text("b", event));
        }

        @Override
        public void updated(MotionEvent event) {
          told.add(text("u", event));
        }

        @Override
        public void ended(MotionEvent event) {
          told.add(text("e", event));
        }
      };

  @Test
  void whatEndsWithinTheCoolDownIsNotTold() {
    MotionListener cooled = CoolDown.of(Duration.ofSeconds(10), listener);
    happen(cooled, 0, 3);
    happen(cooled, 5, 8);
    happen(cooled, 9, 12);
    happen(cooled, 14, 15);
    assertThat(told).containsExactly("b 0-1", "u 0-2", "u 0-3", "e 0-3", "b 14-15", "e 14-15");
  }

  @Test
  void whatOutlastsTheCoolDownIsToldThenWithItsTrueBeginning() {
    MotionListener cooled = CoolDown.of(Duration.ofSeconds(10), listener);
    happen(cooled, 0, 2);
    told.clear();
    happen(cooled, 4, 14);
    assertThat(told).containsExactly("b 4-12", "u 4-13", "u 4-14", "e 4-14");
  }

  @Test
  void whatOutlastsItByLessThanAnUpdateIsToldAtItsEnd() {
    MotionListener cooled = CoolDown.of(Duration.ofMillis(9_500), listener);
    happen(cooled, 0, 2);
    told.clear();
    cooled.began(event(10, 11));
    cooled.ended(event(10, 12));
    assertThat(told).containsExactly("b 10-12", "e 10-12");
  }

  @Test
  void whereTimeRunsBackwardsItBeginsAnew() {
    MotionListener cooled = CoolDown.of(Duration.ofHours(1), listener);
    happen(cooled, 5000, 5001);
    told.clear();
    happen(cooled, 10, 11);
    assertThat(told).containsExactly("b 10-11", "e 10-11");
  }

  @Test
  void anotherLengthHoldsFromThenOnAndWithoutOneAllIsTold() {
    CoolDown cooled = CoolDown.of(Duration.ZERO, listener);
    happen(cooled, 0, 1);
    happen(cooled, 2, 3);
    cooled.change(Duration.ofSeconds(10));
    happen(cooled, 4, 5);
    cooled.change(Duration.ofSeconds(3));
    happen(cooled, 6, 7);
    assertThat(ends("e")).containsExactly("0-1", "2-3", "6-7");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CoolDown.of(Duration.ofHours(25), listener))
        .withMessage("motion.cooldown is 90000.0 s; allowed: 0.0 s to 86400.0 s");
  }

  /**
   * Whatever happens: what is told is well-formed, begins no sooner than the cool-down after what
   * was told before unless it lasts that long, and nothing that lasts so long is kept back.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void atMostOneEventACoolDownIsToldAndNoneThatOutlastsItIsKeptBack(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 100; round++) {
      told.clear();
      long length = 1L + random.nextInt(40);
      MotionListener cooled = CoolDown.of(Duration.ofSeconds(length), listener);
      List<long[]> expected = new ArrayList<>();
      long last = Long.MIN_VALUE;
      long now = random.nextInt(10);
      for (int i = 0; i < 40; i++) {
        long start = now + 1 + random.nextInt(random.nextBoolean() ? 4 : 60);
        now = start + 1 + random.nextInt(random.nextBoolean() ? 3 : 30);
        happen(cooled, start, now);
        if (last == Long.MIN_VALUE || now - last >= length) {
          expected.add(new long[] {start, now});
          last = now;
        }
      }
      assertThat(ends("e")).isEqualTo(expected.stream().map(e -> e[0] + "-" + e[1]).toList());
      assertThat(ends("b")).hasSameSizeAs(expected);
      String open = "";
      for (String call : told) {
        String start = call.substring(2, call.indexOf('-'));
        assertThat(open).isEqualTo(call.startsWith("b") ? "" : start);
        open = call.startsWith("e") ? "" : start;
      }
    }
  }

  private List<String> ends(String kind) {
    return told.stream().filter(c -> c.startsWith(kind)).map(c -> c.substring(2)).toList();
  }

  /** An event as a detector tells it: known after a second, and each second from then on. */
  private static void happen(MotionListener to, long start, long end) {
    to.began(event(start, start + 1));
    for (long second = start + 2; second <= end; second++) {
      to.updated(event(start, second));
    }
    to.ended(event(start, end));
  }

  private static MotionEvent event(long start, long end) {
    return new MotionEvent(start * S, end * S, 0.01, List.of(), List.of(), List.of());
  }

  private static String text(String kind, MotionEvent event) {
    return kind + " " + event.startNanos() / S + "-" + event.endNanos() / S;
  }
}
