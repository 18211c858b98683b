package io.github.raspberryspy.upload.control;

import io.github.raspberryspy.segments.wire.LiveMessage;
import java.time.Duration;
import java.util.Optional;

/** What is filmed now, message by message. For one thread. */
public interface LiveSource extends AutoCloseable {

  /** Waits for the next message; empty where none comes in this time, or {@link #isEnded}. */
  Optional<LiveMessage> next(Duration timeout);

  /** Whether nothing more comes. */
  boolean isEnded();

  @Override
  void close();
}
