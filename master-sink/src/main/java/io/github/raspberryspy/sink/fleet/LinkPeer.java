package io.github.raspberryspy.sink.fleet;

import java.net.InetAddress;
import java.util.Optional;

/** The other end of a camera's connection. Thread-safe. */
public interface LinkPeer {

  /** Ends the connection. Must not block. */
  void close(String reason);

  /** Sends a text. Must not block; where it cannot be sent, the connection ends. */
  void send(String text);

  /** Where it comes from; empty where that is not known, as behind a reverse proxy. */
  Optional<InetAddress> address();
}
