package io.github.raspberryspy.sink.fleet;

import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import java.time.Instant;
import java.util.OptionalLong;

/** What the master itself finds wrong with a camera by what comes over its link. Thread-safe. */
final class Suspicions {

  private final FleetNews news;

  Suspicions(FleetNews news) {
    this.news = news;
  }

  /** Footage is told apart by id and content: neither camera's is dropped for the other's. */
  void twins(String camera, boolean isOver, Instant now) {
    Fault fault =
        new Fault(
            "duplicate-identity",
            isOver,
            !isOver,
            now,
            "two cameras take turns as "
                + camera
                + ", as with a card that was copied; what both film under one id is taken of one,"
                + " and waits on the other: give one of them another name and an empty spool");
    news.found(camera, fault, isOver ? "one of it is left" : fault.sentence());
  }

  /**
   * Whoever has its key may be somebody else.
   *
   * @param passedOver how many messages were, once that is over
   */
  void tooMuch(String camera, OptionalLong passedOver, Instant now) {
    boolean isOver = passedOver.isPresent();
    Fault fault =
        new Fault(
            "says-too-much",
            isOver,
            !isOver,
            now,
            "camera "
                + camera
                + " says too much, and some of it is passed over: if it is no fault of its program,"
                + " somebody else may have its key; unpair it then");
    news.found(
        camera,
        fault,
        isOver
            ? "it says no more than it should; "
                + passedOver.getAsLong()
                + " messages were passed over"
            : fault.sentence());
  }
}
