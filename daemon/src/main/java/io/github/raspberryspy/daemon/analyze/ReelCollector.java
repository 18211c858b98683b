package io.github.raspberryspy.daemon.analyze;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Puts the stretches of each reel together again, as they come in order. For one thread. */
final class ReelCollector {

  /** A reel that is complete, and its events in order. */
  record Finished(Reel reel, List<Event> events) {}

  private final List<Reel> reels;
  private final Consumer<Finished> into;
  private final List<Event> events = new ArrayList<>();
  private int reel;
  private int stretches;

  ReelCollector(List<Reel> reels, Consumer<Finished> into) {
    this.reels = reels;
    this.into = into;
  }

  /** Takes the events of the next stretch. */
  void add(List<Event> found) {
    events.addAll(found);
    stretches++;
    if (stretches == reels.get(reel).stretches().size()) {
      into.accept(new Finished(reels.get(reel), List.copyOf(events)));
      events.clear();
      stretches = 0;
      reel++;
    }
  }
}
