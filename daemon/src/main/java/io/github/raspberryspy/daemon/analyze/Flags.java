package io.github.raspberryspy.daemon.analyze;

import io.github.raspberryspy.motion.MotionConfig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Says of each picture whether it lies within an event, as a manifest would have it. An event is
 * known only after it began, and its end later still, so pictures are held back for as long as that
 * may take and no longer. For one thread.
 *
 * @param <P> what is known of a picture
 */
final class Flags<P> {

  private record Held<P>(P picture, long us) {}

  /** An event begins up to so long before it is recognised, see the detector's tracker. */
  private static final Duration NOTICE = Duration.ofSeconds(1);

  private final BiConsumer<P, Boolean> into;
  private final long waitUs;
  private final ArrayDeque<Held<P>> held = new ArrayDeque<>();
  private int passed; // events that no picture still held can lie in

  /**
   * Flags for what a detector sees.
   *
   * @param into takes each picture once, in order, and whether it lies within an event
   */
  Flags(MotionConfig config, BiConsumer<P, Boolean> into) {
    this.into = into;
    Duration wait =
        NOTICE.plus(config.minDuration().multipliedBy(2)).plus(config.hold()).plus(NOTICE);
    this.waitUs = wait.toNanos() / 1000;
  }

  /**
   * Takes the next picture.
   *
   * @param us when it is shown
   * @param ended the events that are over, in order; a list that only grows
   * @param current the event under way
   */
  void add(P picture, long us, List<Event> ended, Optional<Event> current) {
    held.addLast(new Held<>(picture, us));
    while (us - held.getFirst().us > waitUs) {
      release(ended, current);
    }
  }

  /** No more pictures come: these are the events. */
  void finish(List<Event> all) {
    while (!held.isEmpty()) {
      release(all, Optional.empty());
    }
  }

  private void release(List<Event> ended, Optional<Event> current) {
    Held<P> first = held.removeFirst();
    while (passed < ended.size() && ended.get(passed).endUs() < first.us) {
      passed++;
    }
    boolean isIn =
        (passed < ended.size() && ended.get(passed).startUs() <= first.us)
            || current.filter(e -> e.touches(first.us, first.us)).isPresent();
    into.accept(first.picture, isIn);
  }
}
