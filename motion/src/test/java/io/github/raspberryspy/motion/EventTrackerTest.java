package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.raspberryspy.segments.Box;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

class EventTrackerTest {

  private static final long MS = 1_000_000L;
  private static final Box BOX = new Box(0.1, 0.1, 0.1, 0.1);
  private static final Observation SEEN = seen(0.01, Long.MAX_VALUE, new Box(0.1, 0.1, 0.1, 0.1));
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
    assertThat(events.get(0).boxes()).containsExactly(new Box(0.1, 0.1, 0.1, 0.1));
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
    Observation since = seen(0.01, 1600 * MS, new Box(0.1, 0.1, 0.1, 0.1));
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

  @Test
  void lessGoesOnThanBegins() {
    EventTracker strict =
        new EventTracker(
            CONFIG.toBuilder().expert(MotionExpert.defaults().withSize(0.01, 0.5)).build());
    for (int i = 0; i < 50; i++) {
      strict.accept(40L * i * MS, seen(0.009, Long.MAX_VALUE, BOX));
    }
    assertThat(strict.isOpen()).isFalse();
    for (int i = 50; i < 60; i++) {
      strict.accept(40L * i * MS, seen(0.01, Long.MAX_VALUE, BOX));
    }
    assertThat(strict.isOpen()).isTrue();
    for (int i = 60; i < 160; i++) {
      strict.accept(40L * i * MS, seen(0.005, Long.MAX_VALUE, BOX));
    }
    assertThat(strict.current().orElseThrow().endNanos()).isEqualTo(159 * 40 * MS);
    for (int i = 160; i < 260; i++) {
      strict.accept(40L * i * MS, seen(0.004, Long.MAX_VALUE, BOX));
      strict.ended().ifPresent(events::add);
    }
    assertThat(events).singleElement().extracting(MotionEvent::endNanos).isEqualTo(159 * 40 * MS);
  }

  @Test
  void eventNamesTheZonesInTheOrderInWhichTheyWereTouched() {
    tracker.accept(0, seen(0.01, 0, BOX, "gate"));
    tracker.accept(300 * MS, seen(0.01, 0, BOX, "lawn", "gate"));
    tracker.accept(600 * MS, seen(0.01, 0, BOX, "door"));
    assertThat(tracker.finish().orElseThrow().zones()).containsExactly("gate", "lawn", "door");

    tracker.accept(9000 * MS, seen(0.01, 0, BOX, "door"));
    tracker.accept(9300 * MS, seen(0.01, 0, BOX, "door"));
    assertThat(tracker.finish().orElseThrow().zones()).containsExactly("door");
  }

  private static Observation seen(double score, long since, Box box, String... zones) {
    return new Observation(score, List.of(new Body(1, box, score, since, List.of(zones))));
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
