package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.SegmentHeader;
import io.github.raspberryspy.segments.SegmentManifest;
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
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SegmentRecorder.Job job;
  private final Triggers triggers;
  private final RecorderListener listener;

  SegmentFacts(SegmentRecorder.Job job, Triggers triggers, RecorderListener listener) {
    this.job = job;
    this.triggers = triggers;
    this.listener = listener;
  }

  /** The manifest of a finished segment, whose last frame is shown up to {@code endUs}. */
  SegmentManifest manifest(
      OpenSegment segment, Content content, RunClock clock, long endUs, CloseReason reason) {
    SegmentHeader header = segment.header();
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
        motion(segment, clock, endUs),
        segment.gaps(),
        reason);
  }

  /** What moved in a segment up to this moment of it, and who said that something happened. */
  List<EventSpan> motion(OpenSegment segment, RunClock clock, long endUs) {
    long from = clock.nanosAt(segment.firstPtsUs());
    long to = clock.nanosAt(endUs);
    List<SegmentAnnotator.Span> known = new ArrayList<>(spans(from, to));
    known.addAll(triggers.spans(from, to));
    known.sort(Comparator.comparingLong(SegmentAnnotator.Span::startNanos));
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

  /** Who knows of motion never decides whether footage exists, not even by failing. */
  private List<SegmentAnnotator.Span> spans(long from, long to) {
    try {
      return job.annotator().spans(from, to, job.info().isLive() ? LIVE_PATIENCE : PATIENCE);
    } catch (Throwable e) { // an Error of somebody else's code is no reason either
      log.warn("motion in a segment of {} is not known", job.spool().camera(), e);
      listener.onProblem("motion in a segment is not known: " + e);
      return List.of();
    }
  }
}
