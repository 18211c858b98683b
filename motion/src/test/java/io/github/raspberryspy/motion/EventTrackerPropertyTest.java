package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.Box;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What holds of events whatever is seen; each seed is thirty made-up settings and stretches of
 * time.
 */
class EventTrackerPropertyTest {

  private static final long MS = 1_000_000L;
  private static final int ROUNDS = 30;
  private static final long SLOWEST = 250 * MS; // from one look to the next

  /** One frame and what was seen in it. */
  private record Look(long nanos, Observation seen) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void eventsAreOrderedDisjointAndLongEnough(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      MotionConfig config = settings(random);
      List<MotionEvent> events = events(config, looks(random, 600));
      for (int i = 0; i < events.size(); i++) {
        MotionEvent event = events.get(i);
        long length = event.endNanos() - event.startNanos();
        long hold = config.hold().toNanos();
        long pause = i == 0 ? Long.MAX_VALUE : event.startNanos() - events.get(i - 1).endNanos();
        assertThat(pause).isGreaterThanOrEqualTo(hold);
        // What was noticed within the hold begins after it, and has been there for longer than
        // that.
        assertThat(length)
            .isGreaterThanOrEqualTo(pause == hold ? 0 : config.minDuration().toNanos());
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

  /**
   * Whatever is seen in look after look, and has been noticed for the minimum duration, is covered
   * from its first look on, also where it came within the hold of the event before.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void eventsCoverAllThatWasThereForTheMinimumDuration(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      MotionConfig config = settings(random);
      List<Look> looks = looks(random, 600);
      List<MotionEvent> events = events(config, looks);
      List<Long> row = new ArrayList<>();
      long noticed = Long.MAX_VALUE;
      for (Look look : looks) {
        if (!look.seen.isMotion() || look.seen.score() < config.expert().minSize()) {
          row.clear();
          noticed = Long.MAX_VALUE;
          continue;
        }
        row.add(look.nanos);
        long since = Math.max(look.seen.sinceNanos(), look.nanos - 1000 * MS);
        noticed = Math.min(noticed, since);
        if (look.nanos - noticed >= config.minDuration().toNanos()) {
          assertThat(row).allMatch(t -> covers(events, t));
        }
      }
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
      List<MotionEvent> events = events(settings(), at(interval, end, movements, false));
      for (long[] movement : movements) {
        if (movement[1] - movement[0] >= settings().minDuration().toNanos() + 2 * interval) {
          assertThat(covers(events, movement[0] + interval)).isTrue();
          assertThat(covers(events, movement[1] - interval)).isTrue();
        }
      }
    }
  }

  /**
   * Whatever the settings: from 4 looks a second to 125, each stretch of motion begins and ends
   * within a look of where it truly does. Movements and pauses are clearly longer or shorter than
   * what the settings tell apart: what is at the border may fall on either side.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void frameRateChangesEventsByNoMoreThanAFrame(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      MotionConfig config = settings(random);
      List<long[]> movements = new ArrayList<>();
      List<long[]> stretches = new ArrayList<>();
      script(random, config, movements, stretches);
      long end = movements.get(movements.size() - 1)[1] + 6000 * MS;
      boolean isNoticed = random.nextBoolean();
      for (long interval : new long[] {8 * MS, 16 * MS, 33 * MS, 66 * MS, SLOWEST}) {
        List<MotionEvent> events = events(config, at(interval, end, movements, isNoticed));
        assertThat(events).as("%s, every %d ns", config, interval).hasSameSizeAs(stretches);
        for (int i = 0; i < stretches.size(); i++) {
          assertThat(events.get(i).startNanos() - stretches.get(i)[0]).isBetween(0L, interval);
          assertThat(stretches.get(i)[1] - events.get(i).endNanos()).isBetween(0L, interval);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void longerHoldOnlyJoinsEvents(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      List<Look> looks = looks(random, 600);
      MotionConfig config =
          settings(random).toBuilder()
              .minDuration(Duration.ofMillis(random.nextInt(800)))
              .hold(Duration.ofMillis(800))
              .build();
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

  /** Anything that is allowed, and more often what people set. */
  private static MotionConfig settings(Random random) {
    int[] least = {0, 1 + random.nextInt(800), random.nextInt(3000), random.nextInt(10_001)};
    int[] hold = {0, 1 + random.nextInt(3000), random.nextInt(5000), random.nextInt(60_001)};
    return MotionConfig.builder()
        .minDuration(Duration.ofMillis(least[random.nextInt(least.length)]))
        .hold(Duration.ofMillis(hold[random.nextInt(hold.length)]))
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

  /** Makes up movements, and says what stretches of motion they are by these settings. */
  private static void script(
      Random random, MotionConfig config, List<long[]> movements, List<long[]> stretches) {
    long least = config.minDuration().toNanos();
    long hold = config.hold().toNanos();
    long nanos = 3000 * MS;
    boolean isOpen = false;
    for (int i = 0; i < 30; i++) {
      boolean isBrief = !isOpen && least > MS && random.nextInt(3) == 0;
      long length = isBrief ? random.nextLong(least) : least + 2 * SLOWEST + random(random, 8000);
      long start = nanos;
      nanos += length;
      movements.add(new long[] {start, nanos});
      if (isOpen) {
        stretches.get(stretches.size() - 1)[1] = nanos;
      } else if (!isBrief) {
        stretches.add(new long[] {start, nanos});
        isOpen = true;
      }
      boolean joins = isOpen && hold > 2 * SLOWEST && random.nextBoolean();
      isOpen &= joins;
      nanos +=
          joins
              ? random.nextLong(hold - 2 * SLOWEST)
              : Math.max(hold, 5 * SLOWEST) + MS + random(random, 4000);
    }
  }

  private static long random(Random random, int belowMillis) {
    return random.nextInt(belowMillis) * MS;
  }

  /** Looks at such movements; the body may be noticed when it truly began to move, or not. */
  private static List<Look> at(long interval, long end, List<long[]> movements, boolean isNoticed) {
    Box box = new Box(0.1, 0.1, 0.1, 0.1);
    List<Look> looks = new ArrayList<>();
    int next = 0;
    Observation moving = Observation.NOTHING;
    for (long t = 0; t < end; t += interval) {
      while (next < movements.size() && movements.get(next)[0] <= t) {
        long since = isNoticed ? movements.get(next)[0] : Long.MAX_VALUE;
        moving = new Observation(0.01, List.of(new Body(1, box, 0.01, since, List.of())));
        next++;
      }
      boolean moves = next > 0 && t <= movements.get(next - 1)[1];
      looks.add(new Look(t, moves ? moving : Observation.NOTHING));
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
