package io.github.raspberryspy.sink.live;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The way to one viewer. One message is on it at a time. Thread-safe. */
public interface Screen {

  /** Sends a text; must not block. */
  void send(String text, Consumer<Boolean> sent);

  /**
   * Sends bytes, from the position to the limit of this buffer, which is the screen's; must not
   * block.
   *
   * @param sent told once whether they went
   */
  void send(ByteBuffer bytes, Consumer<Boolean> sent);

  /** Ends the connection; must not block. */
  void close(String reason);
}
