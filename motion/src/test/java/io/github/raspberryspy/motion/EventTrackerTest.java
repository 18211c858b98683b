package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.raspberryspy.segments.Box;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTrackerTest {

  private static final long MS = 1_000_000L;
  private static final Observation SEEN =
      new Observation(0.01, List.of(new Box(0.1, 0.1, 0.1, 0.1)), Long.MAX_VALUE);
  private static final MotionConfig CONFIG =
      MotionConfig.builder()
          .minDuration(Duration.ofMillis(200))
          .hold(Duration.ofSeconds(1))
          .build();

  private final EventTracker tracker = new EventTracker(CONFIG);
  private final List<MotionEvent> events = new ArrayList<>();

  @Test
  void eventReachesFromFirstToLastMotion() {
    run(40 * MS, 10_000 * MS, t -> t >= 2000 * MS && t <= 5000 * MS);

    assertThat(events).singleElement().extracting(MotionEvent::startNanos).isEqualTo(2000 * MS);
    assertThat(events.get(0).endNanos()).isEqualTo(5000 * MS);
    assertThat(events.get(0).score()).isEqualTo(0.01);
    assertThat(events.get(0).boxes()).isEqualTo(SEEN.boxes());
  }

  @Test
  void briefMotionIsNoEvent() {
    run(40 * MS, 10_000 * MS, t -> t >= 2000 * MS && t <= 2160 * MS);

    assertThat(events).isEmpty();
  }

  @Test
  void flashesFarApartDoNotAddUp() {
    run(40 * MS, 30_000 * MS, t -> t % (800 * MS) == 0);

    assertThat(events).isEmpty();
  }

  @Test
  void movementsWithinTheHoldAreOneEvent() {
    run(40 * MS, 10_000 * MS, t -> t < 2000 * MS || (t > 2900 * MS && t < 5000 * MS));
    assertThat(events).hasSize(1);

    events.clear();
    EventTracker fresh = new EventTracker(CONFIG);
    run(fresh, 40 * MS, 10_000 * MS, t -> t < 2000 * MS || (t > 3100 * MS && t < 5000 * MS));
    assertThat(events).hasSize(2);
  }

  @Test
  void eventBeginsWhenItWasNoticedButNotWithinTheOneBefore() {
    Observation since = new Observation(0.01, SEEN.boxes(), 1600 * MS);
    tracker.accept(2000 * MS, since);
    tracker.accept(2300 * MS, since);
    assertThat(tracker.current().orElseThrow().startNanos()).isEqualTo(1600 * MS);

    tracker.accept(3400 * MS, Observation.NOTHING);
    tracker.accept(3500 * MS, since);
    tracker.accept(3800 * MS, since);
    assertThat(tracker.current().orElseThrow().startNanos()).isEqualTo(3300 * MS);
  }

  @Test
  void finishEndsWhatIsUnderWay() {
    run(40 * MS, 3000 * MS, t -> t >= 2000 * MS);

    assertThat(events).singleElement().extracting(MotionEvent::endNanos).isEqualTo(2960 * MS);
    assertThat(tracker.finish()).isEmpty();
  }

  @Test
  void timeThatRunsBackwardsIsRefused() {
    tracker.accept(5, SEEN);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tracker.accept(4, SEEN))
        .withMessage("time runs backwards by 1 ns");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void eventsAreOrderedDisjointAndCoverEveryFrameThatIsFlagged(long seed) {
    Random random = new Random(seed);
    long nanos = 0;
    boolean isMoving = false;
    List<Long> flagged = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      nanos += (10 + random.nextInt(300)) * MS;
      isMoving = random.nextInt(12) == 0 ? !isMoving : isMoving;
      tracker.accept(nanos, isMoving ? SEEN : Observation.NOTHING);
      tracker.ended().ifPresent(events::add);
      if (tracker.isOpen() && isMoving) {
        flagged.add(nanos);
      }
    }
    tracker.finish().ifPresent(events::add);

    assertThat(events).isNotEmpty();
    for (int i = 1; i < events.size(); i++) {
      long pause = events.get(i).startNanos() - events.get(i - 1).endNanos();
      assertThat(pause).isGreaterThan(CONFIG.hold().toNanos());
    }
    assertThat(events)
        .allMatch(e -> e.endNanos() - e.startNanos() >= CONFIG.minDuration().toNanos());
    assertThat(flagged)
        .allMatch(t -> events.stream().anyMatch(e -> e.startNanos() <= t && t <= e.endNanos()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void frameRateChangesEventsByNoMoreThanAFrame(long seed) {
    List<long[]> movements = movements(new Random(seed));
    LongPredicate moving = t -> movements.stream().anyMatch(m -> m[0] <= t && t <= m[1]);
    long end = movements.get(movements.size() - 1)[1] + 5000 * MS;

    for (long interval : new long[] {16 * MS, 33 * MS, 66 * MS}) {
      events.clear();
      run(new EventTracker(CONFIG), interval, end, moving);

      assertThat(events).hasSameSizeAs(movements);
      for (int i = 0; i < movements.size(); i++) {
        assertThat(events.get(i).startNanos() - movements.get(i)[0]).isBetween(0L, interval);
        assertThat(movements.get(i)[1] - events.get(i).endNanos()).isBetween(0L, interval);
      }
    }
  }

  private static List<long[]> movements(Random random) {
    List<long[]> movements = new ArrayList<>();
    long nanos = 0;
    for (int i = 0; i < 30; i++) {
      long start = nanos + (1200 + random.nextInt(8000)) * MS;
      nanos = start + (400 + random.nextInt(9000)) * MS;
      movements.add(new long[] {start, nanos});
    }
    return movements;
  }

  private void run(long interval, long end, LongPredicate moving) {
    run(tracker, interval, end, moving);
  }

  private void run(EventTracker to, long interval, long end, LongPredicate moving) {
    for (long t = 0; t < end; t += interval) {
      to.accept(t, moving.test(t) ? SEEN : Observation.NOTHING);
      to.ended().ifPresent(events::add);
    }
    to.finish().ifPresent(events::add);
  }
}
