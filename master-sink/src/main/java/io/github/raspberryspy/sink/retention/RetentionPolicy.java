package io.github.raspberryspy.sink.retention;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Says which segments have to go. Pure: it looks at nothing but its arguments.
 *
 * <p>What goes first was received first. Age counts from the moment of receipt by the master's
 * clock, so a camera's wrong clock deletes nothing. Saved segments never go, whatever the limits.
 *
 * @param maxAge how long a segment is kept; zero keeps it for ever
 * @param maxBytes how much footage is kept, saved segments included; 0 sets no limit
 */
public record RetentionPolicy(Duration maxAge, long maxBytes) {

  /** Before it no clock was set: of footage received then the age is not known. */
  private static final Instant EARLIEST_CLOCK = Instant.parse("2026-01-01T00:00:00Z");

  /** Checks ranges. */
  public RetentionPolicy {
    if (maxAge.isNegative()) {
      throw new IllegalArgumentException("retention age " + maxAge + " is negative");
    }
    if (maxBytes < 0) {
      throw new IllegalArgumentException("retention size " + maxBytes + " is negative");
    }
  }

  /**
   * The candidates that have to go.
   *
   * @param candidates the segments that were received first, in this order; the list may be a
   *     beginning of all there are
   * @param usage what is used and missing now
   */
  List<Doomed> doomed(List<Candidate> candidates, Usage usage) {
    List<Doomed> doomed = new ArrayList<>();
    long excess = maxBytes == 0 ? 0 : usage.usedBytes() - maxBytes;
    long missing = usage.missingBytes();
    for (Candidate candidate : candidates) {
      if (candidate.saved()) {
        continue;
      }
      Reason reason;
      if (isOld(candidate, usage.now())) {
        reason = Reason.AGE;
      } else if (excess > 0) {
        reason = Reason.SIZE;
      } else if (missing > 0) {
        reason = Reason.SPACE;
      } else {
        break;
      }
      doomed.add(new Doomed(candidate, reason));
      excess -= candidate.bytes();
      missing -= candidate.bytes();
    }
    return doomed;
  }

  private boolean isOld(Candidate candidate, Instant now) {
    return !maxAge.isZero()
        && !candidate.receivedAt().isBefore(EARLIEST_CLOCK)
        && Duration.between(candidate.receivedAt(), now).compareTo(maxAge) > 0;
  }
}
