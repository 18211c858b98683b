package io.github.raspberryspy.sink.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.sink.index.KnownSession;
import io.github.raspberryspy.sink.index.Role;
import java.util.HashMap;
import java.util.Map;

/**
 * Who has one of the places of what is open for long, such as a kind of WebSocket. One person has
 * so many of them at most, and a quarter is kept for owners, so that nobody takes them all.
 * Thread-safe.
 */
final class Seats {

  private final int most;
  private final int each;

  /** Whose each connection is. */
  @GuardedBy("this")
  private final Map<String, String> holders = new HashMap<>();

  /** All are free, and one person has a quarter of them at most. */
  Seats(int most) {
    this(most, most / 4);
  }

  /**
   * All are free.
   *
   * @param each how many one person has at most
   */
  Seats(int most, int each) {
    this.most = most;
    this.each = each;
  }

  /** What names whoever acts in a session, in all their sessions. */
  static String holder(KnownSession session) {
    return session.person().isPresent() ? session.personId() : session.id();
  }

  /** Whether this connection has a seat now. */
  synchronized boolean take(String connection, KnownSession session) {
    String holder = holder(session);
    int open = session.role() == Role.OWNER ? most : most - most / 4;
    long own = holders.values().stream().filter(holder::equals).count();
    if (holders.size() >= open || own >= each) {
      return false;
    }
    holders.put(connection, holder);
    return true;
  }

  /** It has none any more. */
  synchronized void leave(String connection) {
    holders.remove(connection);
  }
}
