package io.github.raspberryspy.sink.fleet;

import io.github.raspberryspy.segments.wire.LinkMessage;
import io.github.raspberryspy.segments.wire.LinkMessage.Done;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.segments.wire.LinkMessage.Goodbye;
import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How much a camera may say. One of ours says about two things a second at the most, and knows some
 * twenty kinds of faults; what somebody else says with its key costs the other cameras nothing, for
 * what is too much is passed over. Changed under the fleet's lock only.
 */
final class Talk {

  /** So many kinds of faults are heard of a camera. */
  static final int MOST_KINDS = 32;

  /** It is over once nothing had to be passed over for this long. */
  static final Duration QUIET = Duration.ofMinutes(10);

  private final Bucket words = new Bucket(100, 5);
  private final Bucket beats = new Bucket(200, 20);
  private final Set<String> kinds = new HashSet<>();
  private OptionalLong refusedNanos = OptionalLong.empty(); // when that last happened
  private long refused;
  private boolean isTold;

  /** Whether there is room for this message; where there is none it counts as passed over. */
  boolean takes(LinkMessage message, long nanos) {
    boolean isTaken = hasRoom(message, nanos);
    if (!isTaken) {
      refused++;
      refusedNanos = OptionalLong.of(nanos);
    }
    return isTaken;
  }

  private boolean hasRoom(LinkMessage message, long nanos) {
    if (message instanceof Done || message instanceof Goodbye) {
      return true; // who asked waits for the one, and nothing comes after the other
    }
    if (message instanceof Heartbeat) {
      return beats.take(nanos);
    }
    if (message instanceof Fault fault && !kinds.contains(fault.kind())) {
      return kinds.size() < MOST_KINDS && words.take(nanos) && kinds.add(fault.kind());
    }
    return words.take(nanos);
  }

  /** Whether something was passed over and nobody knows yet; told once. */
  boolean begins() {
    boolean begins = refusedNanos.isPresent() && !isTold;
    isTold |= begins;
    return begins;
  }

  /** Whether it is known that it says too much. */
  boolean isTooMuch() {
    return isTold;
  }

  /** How many messages were passed over since it began, where that is over; told once. */
  OptionalLong ends(long nanos) {
    if (!isTold || nanos - refusedNanos.getAsLong() <= QUIET.toNanos()) {
      return OptionalLong.empty();
    }
    long count = refused;
    refused = 0;
    isTold = false;
    refusedNanos = OptionalLong.empty();
    return OptionalLong.of(count);
  }

  /** Holds tokens: some for a start, and so many more each second. */
  private static final class Bucket {
    private final double most;
    private final double perSecond;
    private double tokens;
    private OptionalLong filledNanos = OptionalLong.empty();

    Bucket(double most, double perSecond) {
      this.most = most;
      this.perSecond = perSecond;
      this.tokens = most;
    }

    boolean take(long nanos) {
      double seconds = filledNanos.isPresent() ? (nanos - filledNanos.getAsLong()) / 1e9 : 0;
      filledNanos = OptionalLong.of(nanos);
      tokens = Math.min(most, tokens + seconds * perSecond);
      if (tokens < 1) {
        return false;
      }
      tokens--;
      return true;
    }
  }
}
