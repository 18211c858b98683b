package io.github.raspberryspy.sink.retention;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.sink.index.Inflow;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.Shelf;
import io.github.raspberryspy.sink.index.UnsavedSegment;
import io.github.raspberryspy.sink.store.DiskSpace;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What retention is going to delete next, and when: at its age, or before that where room ends at
 * the pace at which footage came in the last day. Thread-safe.
 */
public final class Outlook {

  private static final Duration DAY = Duration.ofDays(1);

  /** What came in less time than this says nothing of a day. */
  private static final Duration LEAST = Duration.ofMinutes(10);

  /** What lies further ahead than any age is not worth saying. */
  private static final double DAYS_AHEAD = 36_500;

  private final RetentionPolicy policy;
  private final SegmentIndex index;
  private final DiskSpace space;
  private final TrustedClock clock;

  /** Looks at nothing yet. */
  public Outlook(RetentionPolicy policy, SegmentIndex index, DiskSpace space, TrustedClock clock) {
    this.policy = policy;
    this.index = index;
    this.space = space;
    this.clock = clock;
  }

  /**
   * What goes next.
   *
   * @param id which segment
   * @param motion whether something moves in it, or nobody knows that nothing does
   * @param at when, by the master's clock; not before now
   * @param reason why: {@code age}, {@code camera-size}, {@code size} or {@code space}
   */
  public record Next(SegmentId id, boolean motion, Instant at, String reason) {}

  /**
   * How it stands.
   *
   * @param shelves what there is of each camera, by name
   * @param bytesADay how much comes of each camera a day, at the pace of the last one; those of
   *     which that is not known are not in it
   * @param fullAt when room ends at that pace; empty where that is not known
   * @param next what goes first; empty where nothing does, as far as can be told
   */
  public record View(
      List<Shelf> shelves,
      Map<String, Long> bytesADay,
      Optional<Instant> fullAt,
      Optional<Next> next) {}

  /** Looks how it stands now. */
  public View look() throws IOException {
    Instant now = clock.now();
    Map<String, Long> pace =
        index.shelves().since(now.minus(DAY)).stream()
            .filter(flow -> Duration.between(flow.since(), now).compareTo(LEAST) >= 0)
            .collect(Collectors.toMap(Inflow::camera, flow -> aDay(flow, now)));
    long used = index.totals().bytes() + index.trash().bytes();
    long allowed = policy.maxBytes() == 0 ? Long.MAX_VALUE : policy.maxBytes() - used;
    Reason forRoom = allowed < space.roomBytes() ? Reason.SIZE : Reason.SPACE;
    Optional<Instant> fullAt =
        fullAt(
            Math.min(allowed, space.roomBytes()),
            pace.values().stream().mapToLong(Long::longValue).sum(),
            now);
    List<Shelf> shelves = index.shelves().all();
    Map<String, Candidate> first = new HashMap<>();
    List<Next> next = new ArrayList<>();
    for (Shelf shelf : shelves) {
      Optional<Candidate> candidate = first(shelf.camera());
      candidate.ifPresent(c -> first.put(shelf.camera(), c));
      candidate.flatMap(policy::end).ifPresent(end -> add(next, candidate, end, Reason.AGE));
      long most = policy.rule(shelf.camera()).maxBytes();
      if (most > 0) {
        fullAt(most - shelf.bytes(), pace.getOrDefault(shelf.camera(), 0L), now)
            .ifPresent(end -> add(next, candidate, end, Reason.CAMERA_SIZE));
      }
    }
    fullAt.ifPresent(
        end ->
            shelves.stream()
                .filter(shelf -> first.containsKey(shelf.camera()))
                .max(Comparator.comparingDouble(shelf -> unsaved(shelf, pace, now, end)))
                .ifPresent(most -> add(next, Optional.of(first.get(most.camera())), end, forRoom)));
    Optional<Next> soonest = next.stream().min(Comparator.comparing(Next::at));
    return new View(
        shelves,
        pace,
        fullAt,
        soonest.map(n -> n.at().isBefore(now) ? new Next(n.id(), n.motion(), now, n.reason()) : n));
  }

  private static void add(List<Next> next, Optional<Candidate> goes, Instant at, Reason reason) {
    goes.ifPresent(c -> next.add(new Next(c.id(), c.motion(), at, reason.text())));
  }

  /** What there will be of a camera that may go: who has most of it is above its share. */
  private static double unsaved(Shelf shelf, Map<String, Long> pace, Instant now, Instant at) {
    double days = Duration.between(now, at).toSeconds() / (double) DAY.toSeconds();
    return shelf.bytes() - shelf.savedBytes() + days * pace.getOrDefault(shelf.camera(), 0L);
  }

  /** What of a camera goes first. */
  private Optional<Candidate> first(String camera) {
    List<Candidate> candidates = new ArrayList<>();
    for (boolean motion : List.of(false, true)) {
      for (UnsavedSegment one : index.oldestUnsaved(Optional.of(camera), motion, 1)) {
        candidates.add(
            new Candidate(one.id(), one.receivedAt(), one.bytes(), false, motion, false));
      }
    }
    return candidates.stream().min(policy.order());
  }

  /** What came of a camera of which less than a day is here is as much as comes in that time. */
  private static long aDay(Inflow flow, Instant now) {
    double seconds = Duration.between(flow.since(), now).toSeconds();
    return Math.round(flow.bytes() * DAY.toSeconds() / seconds);
  }

  private static Optional<Instant> fullAt(long room, long bytesADay, Instant now) {
    if (bytesADay == 0) {
      return Optional.empty();
    }
    double days = Math.max(room, 0) / (double) bytesADay;
    return days > DAYS_AHEAD
        ? Optional.empty()
        : Optional.of(now.plusSeconds((long) (days * DAY.toSeconds())));
  }
}
