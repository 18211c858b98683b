package io.github.raspberryspy.sink.fleet;

import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.segments.wire.LinkMessage.Settings;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * Is told at once of what cameras say and how they fare, without the bus, which may drop events.
 * Called without locks, on whatever thread finds it out; must return soon, and throw nothing.
 */
public interface FleetWatcher {

  /**
   * A camera that is not heard any more.
   *
   * @param camera which
   * @param lastHeard when it was heard last
   * @param address where its last connection came from, if that is known
   * @param hungUp whether the camera has ended that connection
   */
  record Loss(String camera, Instant lastHeard, Optional<InetAddress> address, boolean hungUp) {}

  /** A camera is lost. */
  default void lost(Loss loss) {}

  /** A camera is away for a reason that is known: nobody waits for it. */
  default void left(String camera) {}

  /**
   * A camera that was lost is heard again.
   *
   * @param startedAnew whether its process is another one than before; empty where it does not say
   */
  default void back(String camera, Optional<Boolean> startedAnew) {}

  /** Something is wrong with a camera that somebody should know of at once, or is so no longer. */
  default void fault(String camera, Fault fault) {}

  /**
   * A camera connected: it has not heard what it was asked before, and says again what is wrong.
   */
  default void greeted(String camera) {}

  /** What a camera goes by now. */
  default void settings(String camera, Settings now) {}
}
