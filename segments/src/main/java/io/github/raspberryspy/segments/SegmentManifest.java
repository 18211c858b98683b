package io.github.raspberryspy.segments;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * All facts about one sealed segment. Its JSON form is {@link ManifestCodec}'s.
 *
 * <p>Order within a camera comes from the id (run, then sequence) and from {@code firstPtsUs};
 * {@code start} and {@code end} are labels of the wall clock, anchored once per run, so within a
 * run the {@code end} of a segment is the {@code start} of the next unless a gap is listed.
 *
 * @param id which segment
 * @param start wall time of its first frame
 * @param end wall time at which its last frame's display ends, at most {@link #LONGEST} later
 * @param clock how far the wall times can be trusted
 * @param firstPtsUs time of the first frame since the run's first frame, microseconds; the file's
 *     own presentation times start at 0
 * @param frames number of access units, above 0
 * @param video what the pictures are
 * @param audio what the sound is; empty where there is none
 * @param content size and hash of the file
 * @param motion motion in it, in order, clipped to it, within the years 1970 to 9999
 * @param unknown where nobody can tell whether something moved, in order, within the same years; as
 *     gaps, those right before it are listed too
 * @param gaps intervals missing inside it, or right before it, within the same years
 * @param closed why it ended
 */
public record SegmentManifest(
    SegmentId id,
    Instant start,
    Instant end,
    ClockState clock,
    long firstPtsUs,
    long frames,
    VideoFormat video,
    Optional<AudioFormat> audio,
    Content content,
    List<EventSpan> motion,
    List<UnknownSpan> unknown,
    List<Gap> gaps,
    CloseReason closed) {

  /** Number of the manifest format that this version writes; it reads this and older ones. */
  public static final int VERSION = 1;

  /**
   * More than any segment lasts: a camera can be set to one of 24 h, and ends it at the keyframe
   * after that.
   */
  public static final Duration LONGEST = Duration.ofDays(3);

  /** Checks ranges and copies the lists. */
  public SegmentManifest {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(start, "start");
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(video, "video");
    Objects.requireNonNull(audio, "audio");
    Objects.requireNonNull(content, "content");
    Objects.requireNonNull(closed, "closed");
    if (end.isBefore(start)) {
      throw new IllegalArgumentException("segment ends at " + end + ", before its start " + start);
    }
    SegmentName.requireYear("start", start);
    SegmentName.requireYear("end", end);
    if (Duration.between(start, end).compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "segment from " + start + " to " + end + " lasts over " + LONGEST.toHours() + " h");
    }
    if (firstPtsUs < 0) {
      throw new IllegalArgumentException("firstPtsUs " + firstPtsUs + " is negative");
    }
    if (frames < 1) {
      throw new IllegalArgumentException("frames " + frames + " is not at least 1");
    }
    motion = List.copyOf(motion);
    unknown = List.copyOf(unknown);
    gaps = List.copyOf(gaps);
    for (EventSpan span : motion) {
      SegmentName.requireYear("motion start", span.start(), Instant.EPOCH);
      SegmentName.requireYear("motion end", span.end(), Instant.EPOCH);
    }
    for (UnknownSpan span : unknown) {
      SegmentName.requireYear("unknown motion start", span.start(), Instant.EPOCH);
      SegmentName.requireYear("unknown motion end", span.end(), Instant.EPOCH);
    }
    for (Gap gap : gaps) {
      SegmentName.requireYear("gap start", gap.start(), Instant.EPOCH);
      SegmentName.requireYear("gap end", gap.end(), Instant.EPOCH);
    }
  }

  /** A segment without sound, of all of which it is known what moved. */
  public SegmentManifest(
      SegmentId id,
      Instant start,
      Instant end,
      ClockState clock,
      long firstPtsUs,
      long frames,
      VideoFormat video,
      Content content,
      List<EventSpan> motion,
      List<Gap> gaps,
      CloseReason closed) {
    this(
        id,
        start,
        end,
        clock,
        firstPtsUs,
        frames,
        video,
        Optional.empty(),
        content,
        motion,
        List.of(),
        gaps,
        closed);
  }

  /** The same with other lists. */
  SegmentManifest listing(
      List<EventSpan> newMotion, List<UnknownSpan> newUnknown, List<Gap> newGaps) {
    return new SegmentManifest(
        id,
        start,
        end,
        clock,
        firstPtsUs,
        frames,
        video,
        audio,
        content,
        newMotion,
        newUnknown,
        newGaps,
        closed);
  }

  /**
   * The same with motion that somebody else knows of, where it says that nobody can tell. What it
   * lists already stays as it is.
   *
   * @param others in order
   */
  public SegmentManifest alsoMoving(List<EventSpan> others) {
    Deque<EventSpan> found = new ArrayDeque<>();
    for (EventSpan other : others) {
      if (other.start().isAfter(end) || other.end().isBefore(start)) {
        continue;
      }
      EventSpan span = other.within(start, end);
      if (isUnknown(span) && motion.stream().noneMatch(span::touches)) {
        boolean goesOn = !found.isEmpty() && found.getLast().touches(span);
        found.addLast(goesOn ? found.removeLast().joined(span) : span);
      }
    }
    if (found.isEmpty()) {
      return this;
    }
    List<EventSpan> all = new ArrayList<>(motion);
    all.addAll(found);
    all.sort(Comparator.comparing(EventSpan::start));
    return listing(all, unknown, gaps);
  }

  private boolean isUnknown(EventSpan span) {
    return unknown.stream()
        .anyMatch(u -> !u.start().isAfter(span.end()) && !u.end().isBefore(span.start()));
  }

  /** Whether it is known of all of it what moved: then, where nothing is listed, nothing did. */
  public boolean isMotionKnown() {
    return unknown.stream().noneMatch(span -> span.end().isAfter(start));
  }

  /**
   * Whether something moved in it, or may have: what is kept longer, and sent first. What was not
   * to be looked at does not count.
   */
  public boolean mayHaveMotion() {
    return !motion.isEmpty()
        || unknown.stream().anyMatch(span -> !span.isOnPurpose() && span.end().isAfter(start));
  }

  /** From the first frame to the end of the last one. */
  public Duration duration() {
    return Duration.between(start, end);
  }

  /** Name of its files, without folder and ending. */
  public SegmentName name() {
    return new SegmentName(start, clock, id.run(), id.sequence());
  }
}
