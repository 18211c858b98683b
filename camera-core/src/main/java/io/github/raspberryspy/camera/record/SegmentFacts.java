package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentHeader;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.UnknownSpan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a segment's manifest says of it, as its recorder knows it. For one thread. */
final class SegmentFacts {

  private static final Logger log = LoggerFactory.getLogger(SegmentFacts.class);
  private static final Duration LIVE_PATIENCE = Duration.ofMillis(250);

  /** At a run's end a decoder gets half a second for what it holds; nobody else waits. */
  private static final Duration LAST_PATIENCE = Duration.ofSeconds(1);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SegmentRecorder.Job job;
  private final Triggers triggers;
  private final RecorderListener listener;

  SegmentFacts(SegmentRecorder.Job job, Triggers triggers, RecorderListener listener) {
    this.job = job;
    this.triggers = triggers;
    this.listener = listener;
  }

  /**
   * What moved.
   *
   * @param spans when something did
   * @param unknown when nobody can tell
   */
  record Motion(List<EventSpan> spans, List<UnknownSpan> unknown) {
    static final Motion NONE = new Motion(List.of(), List.of());
  }

  /** The manifest of a finished segment, whose last frame is shown up to {@code endUs}. */
  SegmentManifest manifest(
      OpenSegment segment, Content content, RunClock clock, long endUs, CloseReason reason) {
    SegmentHeader header = segment.header();
    boolean isLast = reason == CloseReason.STOP;
    Motion motion = motion(segment, clock, endUs, isLast ? LAST_PATIENCE : LIVE_PATIENCE);
    return new SegmentManifest(
        header.id(),
        clock.at(header.firstPtsUs()),
        clock.at(endUs),
        clock.state(),
        header.firstPtsUs(),
        segment.frames(),
        segment.video(),
        segment.audio(),
        content,
        motion.spans(),
        motion.unknown(),
        segment.gaps(),
        reason);
  }

  /** What moved in a segment up to this moment of it, and who said that something happened. */
  Motion motion(OpenSegment segment, RunClock clock, long endUs) {
    return motion(segment, clock, endUs, LIVE_PATIENCE);
  }

  private Motion motion(OpenSegment segment, RunClock clock, long endUs, Duration livePatience) {
    long from = clock.nanosAt(segment.firstPtsUs());
    long to = clock.nanosAt(endUs);
    List<SegmentAnnotator.Span> known = new ArrayList<>(triggers.spans(from, to));
    List<SegmentAnnotator.Unknown> unknown = new ArrayList<>();
    try {
      Duration patience = job.info().isLive() ? livePatience : PATIENCE;
      known.addAll(job.annotator().spans(from, to, patience));
      unknown.addAll(job.annotator().unknown(restedSince(segment, clock, from), to));
    } catch (Throwable e) { // an Error of somebody else's code is no reason to lose footage either
      log.warn("motion in a segment of {} is not known", job.spool().camera(), e);
      listener.onProblem("motion in a segment is not known: " + e);
      unknown.add(new SegmentAnnotator.Unknown(from, to, "detection failed"));
    }
    known.sort(Comparator.comparingLong(SegmentAnnotator.Span::startNanos));
    return new Motion(
        spans(known, clock, from, to),
        unknown(unknown, clock, restedSince(segment, clock, from), to));
  }

  /** Since when nothing was recorded on purpose: what was not looked at then is told, too. */
  private static long restedSince(OpenSegment segment, RunClock clock, long fromNanos) {
    long since = fromNanos;
    for (Gap gap : segment.gaps()) {
      if (!gap.isLoss()) {
        long nanos = clock.startNanos() + Duration.between(clock.start(), gap.start()).toNanos();
        since = Math.min(since, Math.max(clock.startNanos(), nanos));
      }
    }
    return since;
  }

  private static List<EventSpan> spans(
      List<SegmentAnnotator.Span> known, RunClock clock, long from, long to) {
    List<EventSpan> spans = new ArrayList<>();
    for (SegmentAnnotator.Span span : known) {
      Instant start = clock.atNanos(Math.max(from, span.startNanos()));
      Instant end = clock.atNanos(Math.min(to, span.endNanos()));
      if (!end.isBefore(start)) {
        spans.add(new EventSpan(start, end, span.score(), span.zones(), span.boxes()));
      }
    }
    return spans;
  }

  private static List<UnknownSpan> unknown(
      List<SegmentAnnotator.Unknown> all, RunClock clock, long from, long to) {
    List<UnknownSpan> spans = new ArrayList<>();
    for (SegmentAnnotator.Unknown span : all) {
      Instant start = clock.atNanos(Math.max(from, span.startNanos()));
      Instant end = clock.atNanos(Math.min(to, span.endNanos()));
      if (end.isAfter(start)) {
        spans.add(new UnknownSpan(start, end, span.reason()));
      }
    }
    return spans;
  }
}
