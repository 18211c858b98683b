package io.github.raspberryspy.sink.alert;

import io.github.raspberryspy.sink.event.MasterEvent;
import java.io.IOException;

/** A way to tell people. Used by one thread at a time. */
interface Channel extends AutoCloseable {

  /** Its name: one word. */
  String name();

  /** Begins what it does beside alerts. */
  default void start() {
    // most do nothing else
  }

  /** Is told whatever happens, on the bus's thread; returns at once. */
  default void onEvent(MasterEvent event) {
    // most tell alerts alone
  }

  /**
   * Hands an alert over. Whoever receives it may have it twice, and tells by its id.
   *
   * @return what the other side answered, in one sentence
   * @throws IOException in one sentence, if it did not take it, or may not have
   */
  String send(Alert alert) throws IOException;

  @Override
  void close();
}
