package io.github.raspberryspy.daemon.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.motion.MotionConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random events that become known as late as a detector knows them. */
class FlagsTest {

  private static final long STEP_US = 100_000;
  private static final int PICTURES = 3000;

  static LongStream seeds() {
    return LongStream.range(0, 40);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyPictureComesOnceInOrderAndIsFlaggedAsTheEventsAreInTheEnd(long seed) {
    Random random = new Random(seed);
    MotionConfig config =
        MotionConfig.builder()
            .minDuration(Duration.ofMillis(random.nextInt(1000)))
            .hold(Duration.ofMillis(random.nextInt(5000)))
            .build();
    List<Event> events = events(random, config);
    List<Integer> came = new ArrayList<>();
    int[] heldMost = {0};
    Flags<Integer> flags =
        new Flags<>(
            config,
            (n, motion) -> {
              came.add(n);
              boolean isIn = events.stream().anyMatch(e -> e.touches(n * STEP_US, n * STEP_US));
              assertThat(motion).as("picture %s of %s", n, events).isEqualTo(isIn);
            });
    for (int n = 0; n < PICTURES; n++) {
      long now = n * STEP_US;
      List<Event> ended =
          events.stream().filter(e -> now > e.endUs() + config.hold().toNanos() / 1000).toList();
      Optional<Event> current =
          events.stream()
              .filter(e -> !ended.contains(e) && now >= knownUs(e, config))
              .map(e -> e.within(0, Math.max(e.startUs(), now)))
              .findFirst();
      flags.add(n, now, ended, current);
      heldMost[0] = Math.max(heldMost[0], n + 1 - came.size());
    }
    flags.finish(events);
    assertThat(came).hasSize(PICTURES).isSorted();
    assertThat(heldMost[0]).isLessThan(100);
  }

  /** When an event is recognised at the latest. */
  private static long knownUs(Event event, MotionConfig config) {
    return event.startUs() + 1_000_000 + config.minDuration().toNanos() / 1000;
  }

  private static List<Event> events(Random random, MotionConfig config) {
    List<Event> events = new ArrayList<>();
    long least = 1_000_000 + config.minDuration().toNanos() / 1000;
    long at = random.nextInt(20_000_000);
    while (at < PICTURES * STEP_US - 20_000_000) {
      long end = at + least + random.nextInt(8_000_000);
      events.add(new Event(at, end, 0.1, List.of()));
      at = end + config.hold().toNanos() / 1000 + 1 + random.nextInt(20_000_000);
    }
    return events;
  }
}
