package io.github.raspberryspy.sink.http;

import java.time.Duration;
import org.eclipse.jetty.io.Connection;

/** One connection, and what it does; guarded by the doorkeeper. */
final class Caller {

  /** What a connection does. */
  enum Does {
    /** It says what it wants, or has yet to begin. */
    ASK,
    /** A thread waits for the small body of its request. */
    BRING,
    /** It waits for its answer, or takes it. */
    TAKE,
    /** It has its answer, and nothing has come since. */
    REST
  }

  /** How long the head of a request may take, and a small body after it. */
  static final Duration HEAD = Duration.ofSeconds(10);

  /** How long a stranger may hold a thread where too many do. */
  private static final Duration STUCK = Duration.ofSeconds(1);

  private final Connection connection;
  private String name = "";
  private Does does = Does.ASK;
  private long since;
  private long bytes;

  Caller(Connection connection, long now) {
    this.connection = connection;
    this.since = now;
  }

  Connection connection() {
    return connection;
  }

  /** Whose it is; empty of a stranger. */
  String name() {
    return name;
  }

  boolean isStranger() {
    return name.isEmpty();
  }

  /** It is no stranger's any more. */
  void isOf(String whose) {
    name = whose;
  }

  void nowDoes(Does what, long now) {
    does = what;
    since = now;
    bytes = connection.getBytesIn();
  }

  /** Whether it waits for its answer, or takes it. */
  boolean takes() {
    return does == Does.TAKE;
  }

  /** Whether it has begun to ask again. */
  boolean asksAgain() {
    return does == Does.REST && connection.getBytesIn() != bytes;
  }

  boolean isLate(long now) {
    return (isStranger() || does == Does.ASK || does == Does.BRING) && hasLasted(HEAD, now);
  }

  boolean isStuck(long now) {
    return (does == Does.TAKE || does == Does.BRING) && hasLasted(STUCK, now);
  }

  private boolean hasLasted(Duration time, long now) {
    return now - since > time.toNanos();
  }
}
