package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.Box;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongPredicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What holds of events whatever is seen; each seed is thirty made-up settings and stretches of
 * time.
 */
class EventTrackerPropertyTest {

  private static final long MS = 1_000_000L;
  private static final int ROUNDS = 30;

  /** One frame and what was seen in it. */
  private record Look(long nanos, Observation seen) {
    /** Else what was noticed within a longer hold begins after it, and may then be too short. */
    Look noticedAtOnce() {
      List<Body> bodies = new ArrayList<>();
      for (Body b : seen.bodies()) {
        bodies.add(new Body(b.id(), b.box(), b.share(), nanos, b.zones()));
      }
      return new Look(nanos, new Observation(seen.score(), bodies));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void eventsAreOrderedDisjointAndLongEnough(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      MotionConfig config = settings(random);
      List<MotionEvent> events = events(config, looks(random, 600));
      for (int i = 0; i < events.size(); i++) {
        MotionEvent event = events.get(i);
        assertThat(event.endNanos() - event.startNanos())
            .isGreaterThanOrEqualTo(config.minDuration().toNanos());
        if (i > 0) {
          long pause = event.startNanos() - events.get(i - 1).endNanos();
          assertThat(pause).isGreaterThanOrEqualTo(config.hold().toNanos());
          assertThat(pause).isPositive();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void eventsCoverEveryTriggerThatIsFlaggedAndEndAtOne(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      MotionConfig config = settings(random);
      EventTracker tracker = new EventTracker(config);
      List<MotionEvent> events = new ArrayList<>();
      List<Long> flagged = new ArrayList<>();
      List<Long> moving = new ArrayList<>();
      for (Look look : looks(random, 600)) {
        tracker.accept(look.nanos, look.seen);
        tracker.ended().ifPresent(events::add);
        if (look.seen.isMotion()) {
          moving.add(look.nanos);
          if (tracker.isOpen() && look.seen.score() >= config.expert().minSize()) {
            flagged.add(look.nanos);
          }
        }
      }
      tracker.finish().ifPresent(events::add);
      assertThat(flagged).allMatch(t -> covers(events, t));
      assertThat(events).allMatch(e -> moving.contains(e.endNanos()));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void motionThatLastsLongEnoughIsAlwaysCovered(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      List<long[]> movements = movements(random, 1);
      long interval = (15 + random.nextInt(60)) * MS;
      long end = movements.get(movements.size() - 1)[1] + 3000 * MS;
      List<MotionEvent> events = events(settings(), at(interval, end, movements));
      for (long[] movement : movements) {
        if (movement[1] - movement[0] >= settings().minDuration().toNanos() + 2 * interval) {
          assertThat(covers(events, movement[0] + interval)).isTrue();
          assertThat(covers(events, movement[1] - interval)).isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void frameRateChangesEventsByNoMoreThanAFrame(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      List<long[]> movements = movements(random, 1200);
      long end = movements.get(movements.size() - 1)[1] + 5000 * MS;
      for (long interval : new long[] {8 * MS, 16 * MS, 33 * MS, 66 * MS}) {
        List<MotionEvent> events = events(settings(), at(interval, end, movements));
        assertThat(events).hasSameSizeAs(movements);
        for (int i = 0; i < movements.size(); i++) {
          assertThat(events.get(i).startNanos() - movements.get(i)[0]).isBetween(0L, interval);
          assertThat(movements.get(i)[1] - events.get(i).endNanos()).isBetween(0L, interval);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void longerHoldOnlyJoinsEvents(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      List<Look> looks = looks(random, 600).stream().map(Look::noticedAtOnce).toList();
      MotionConfig config = settings(random).toBuilder().hold(Duration.ofMillis(800)).build();
      MotionConfig longer = config.toBuilder().hold(Duration.ofSeconds(5)).build();
      List<MotionEvent> few = events(longer, looks);
      List<MotionEvent> many = events(config, looks);
      assertThat(few.size()).isLessThanOrEqualTo(many.size());
      assertThat(many).allMatch(e -> covers(few, e.endNanos()));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void allThatIsNamedWasSeenWithinTheEvent(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      List<Look> looks = looks(random, 400);
      for (MotionEvent event : events(settings(random), looks)) {
        List<Body> bodies =
            looks.stream()
                .filter(l -> l.nanos >= event.startNanos() && l.nanos <= event.endNanos())
                .flatMap(l -> l.seen.bodies().stream())
                .toList();
        assertThat(bodies.stream().flatMap(b -> b.zones().stream()).toList())
            .containsAll(event.zones());
        assertThat(event.path()).allMatch(p -> p.nanos() <= event.endNanos());
        assertThat(event.path()).allMatch(p -> bodies.stream().anyMatch(b -> b.x() == p.x()));
        assertThat(bodies).anyMatch(b -> b.share() == event.score());
      }
    }
  }

  private static boolean covers(List<MotionEvent> events, long nanos) {
    return events.stream().anyMatch(e -> e.startNanos() <= nanos && nanos <= e.endNanos());
  }

  private static MotionConfig settings() {
    return MotionConfig.defaults();
  }

  private static MotionConfig settings(Random random) {
    return MotionConfig.builder()
        .minDuration(Duration.ofMillis(random.nextInt(800)))
        .hold(Duration.ofMillis(random.nextInt(3000)))
        .expert(
            random.nextBoolean()
                ? MotionExpert.defaults()
                : MotionExpert.defaults().withSize(0.01, random.nextDouble()))
        .build();
  }

  private static List<Look> looks(Random random, int count) {
    List<Look> looks = new ArrayList<>();
    long nanos = 0;
    boolean isMoving = false;
    for (int i = 0; i < count; i++) {
      nanos += (10 + random.nextInt(200)) * MS;
      isMoving = (random.nextInt(12) == 0) != isMoving;
      looks.add(new Look(nanos, isMoving ? seen(random, nanos) : Observation.NOTHING));
    }
    return looks;
  }

  private static Observation seen(Random random, long nanos) {
    double share = 0.05 * random.nextDouble();
    long since = random.nextBoolean() ? nanos : nanos - random.nextInt(2000) * MS;
    List<String> zones = random.nextBoolean() ? List.of() : List.of("z" + random.nextInt(4));
    Box box = new Box(0.8 * random.nextDouble(), 0.4, 0.1, 0.1);
    return new Observation(
        share, List.of(new Body(1 + random.nextInt(3), box, share, since, zones)));
  }

  private static List<long[]> movements(Random random, int leastPauseMillis) {
    List<long[]> movements = new ArrayList<>();
    long nanos = 0;
    for (int i = 0; i < 30; i++) {
      long start = nanos + (leastPauseMillis + random.nextInt(8000)) * MS;
      nanos = start + (400 + random.nextInt(9000)) * MS;
      movements.add(new long[] {start, nanos});
    }
    return movements;
  }

  private static List<Look> at(long interval, long end, List<long[]> movements) {
    LongPredicate moving = t -> movements.stream().anyMatch(m -> m[0] <= t && t <= m[1]);
    Box box = new Box(0.1, 0.1, 0.1, 0.1);
    List<Look> looks = new ArrayList<>();
    for (long t = 0; t < end; t += interval) {
      Body body = new Body(1, box, 0.01, Long.MAX_VALUE, List.of());
      looks.add(
          new Look(t, moving.test(t) ? new Observation(0.01, List.of(body)) : Observation.NOTHING));
    }
    return looks;
  }

  private static List<MotionEvent> events(MotionConfig config, List<Look> looks) {
    EventTracker tracker = new EventTracker(config);
    List<MotionEvent> events = new ArrayList<>();
    for (Look look : looks) {
      tracker.accept(look.nanos, look.seen);
      tracker.ended().ifPresent(events::add);
    }
    tracker.finish().ifPresent(events::add);
    return events;
  }
}
