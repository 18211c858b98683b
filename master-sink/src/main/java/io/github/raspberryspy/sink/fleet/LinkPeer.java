package io.github.raspberryspy.sink.fleet;

/** The other end of a camera's connection. */
@FunctionalInterface
public interface LinkPeer {

  /** Ends the connection. Must not block. */
  void close(String reason);
}
