package io.github.raspberryspy.sink.retention;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Says which segments have to go. Pure: it looks at nothing but its arguments.
 *
 * <p>What would be too old first goes first, so that footage with motion outlives that without by
 * the same time whether age or room decides; what is kept for ever goes last, and among equals what
 * was received first. Age counts from the moment of receipt by the master's clock, so a camera's
 * wrong clock deletes nothing. Saved segments never go, whatever the limits.
 *
 * <p>Where room is wanted, a camera pays for what it has above its fair share: see {@link Shares}.
 *
 * @param standard the rule of cameras that have none of their own
 * @param cameras rules by name of camera
 * @param maxBytes how much footage is kept of all, saved segments included; 0 sets no limit
 */
public record RetentionPolicy(Rule standard, Map<String, Rule> cameras, long maxBytes) {

  /** Before it no clock was set: of footage received then the age is not known. */
  private static final Instant EARLIEST_CLOCK = Instant.parse("2026-01-01T00:00:00Z");

  /** Checks ranges. */
  public RetentionPolicy {
    cameras = Map.copyOf(cameras);
    if (maxBytes < 0) {
      throw new IllegalArgumentException("retention size " + maxBytes + " is negative");
    }
  }

  /** One rule for all. */
  public RetentionPolicy(Duration maxAge, long maxBytes) {
    this(new Rule(maxAge, maxAge, 0), Map.of(), maxBytes);
  }

  /** The rule of a camera. */
  public Rule rule(String camera) {
    return cameras.getOrDefault(camera, standard);
  }

  /**
   * The candidates that have to go for their age, or because their camera has more than its own
   * limit, in the order in which they do.
   *
   * @param candidates of each group (with motion or without, of all cameras or of each) those that
   *     were received first. Where a group has more, its last one here says so, and what would have
   *     to go after it for its camera's limit is left to the next look.
   * @param usage what is used now
   */
  List<Doomed> doomed(List<Candidate> candidates, Usage usage) {
    Map<String, Long> excess = new HashMap<>();
    usage.usedByCamera().forEach((name, used) -> excess.put(name, excess(name, used)));
    return doomed(
        candidates, c -> isOld(c, usage.now()), excess, Reason.CAMERA_SIZE, Long.MAX_VALUE);
  }

  /**
   * The candidates that have to go for want of room, in the order in which they do.
   *
   * @param candidates likewise, of the cameras that are {@link #above} their share
   * @param usage what is used and missing now
   */
  List<Doomed> forRoom(List<Candidate> candidates, Usage usage) {
    Reason reason = usage.usedBytes() > most() ? Reason.SIZE : Reason.SPACE;
    return doomed(candidates, c -> false, above(usage), reason, wanted(usage));
  }

  /** How much each camera has to give up for want of room, of those that have to. */
  Map<String, Long> above(Usage usage) {
    boolean isOfLimit = usage.usedBytes() - most() >= usage.missingBytes(); // which is of footage
    return Shares.above(isOfLimit ? usage.unsavedByCamera() : usage.unsavedOnDisk(), wanted(usage));
  }

  /** How much has to go for want of room; not above 0 where nothing has. */
  long wanted(Usage usage) {
    return Math.max(usage.usedBytes() - most(), usage.missingBytes());
  }

  private long most() {
    return maxBytes == 0 ? Long.MAX_VALUE : maxBytes;
  }

  private List<Doomed> doomed(
      List<Candidate> candidates,
      Predicate<Candidate> isOld,
      Map<String, Long> excess,
      Reason forExcess,
      long wanted) {
    List<Candidate> order = new ArrayList<>(candidates);
    order.sort(order());
    List<Doomed> doomed = new ArrayList<>();
    Map<String, Long> left = new HashMap<>(excess);
    Set<String> blind = new HashSet<>();
    long missing = wanted;
    for (Candidate candidate : order) {
      String camera = candidate.id().camera();
      if (candidate.saved()) {
        continue;
      }
      boolean isOver = missing > 0 && left.getOrDefault(camera, 0L) > 0 && !blind.contains(camera);
      if (isOver || isOld.test(candidate)) {
        doomed.add(new Doomed(candidate, isOld.test(candidate) ? Reason.AGE : forExcess));
        left.merge(camera, -candidate.bytes(), Long::sum);
        missing -= candidate.bytes();
      }
      if (candidate.hasMore()) {
        blind.add(camera);
      }
    }
    return doomed;
  }

  private long excess(String camera, long used) {
    long most = rule(camera).maxBytes();
    return most == 0 ? 0 : used - most;
  }

  /** Which goes first. */
  Comparator<Candidate> order() {
    return Comparator.comparing(this::expiry)
        .thenComparing(Candidate::receivedAt)
        .thenComparing(Candidate::id);
  }

  /** When such a segment is too old; empty where it never is. */
  Optional<Instant> end(Candidate candidate) {
    boolean isEver = candidate.receivedAt().isBefore(EARLIEST_CLOCK);
    return Optional.of(expiry(candidate)).filter(end -> !isEver && !end.equals(Instant.MAX));
  }

  private Instant expiry(Candidate candidate) {
    Duration age = rule(candidate.id().camera()).age(candidate.motion());
    return age.isZero() ? Instant.MAX : candidate.receivedAt().plus(age);
  }

  private boolean isOld(Candidate candidate, Instant now) {
    return !candidate.receivedAt().isBefore(EARLIEST_CLOCK) && now.isAfter(expiry(candidate));
  }
}
