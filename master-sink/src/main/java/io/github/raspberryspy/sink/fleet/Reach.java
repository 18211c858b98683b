package io.github.raspberryspy.sink.fleet;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a board answers on the network, whatever its program does. */
@FunctionalInterface
interface Reach {

  /** Whether it answers within this time; blocks so long at the most. */
  boolean answers(InetAddress address, Duration most);

  /**
   * By ICMP echo where the process may send one, else by a TCP connection to the port of echo: a
   * board that refuses it is there. Source: {@link InetAddress#isReachable(int)}.
   */
  static Reach byNetwork() {
    Logger log = LoggerFactory.getLogger(Reach.class);
    return (address, most) -> {
      try {
        return address.isReachable((int) most.toMillis());
      } catch (IOException e) {
        log.debug("{} cannot be asked", address, e);
        return false;
      }
    };
  }
}
