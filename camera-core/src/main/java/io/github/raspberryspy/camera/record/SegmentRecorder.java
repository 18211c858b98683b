package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.Counters;
import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketCursor;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentHeader;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.VideoFormat;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.spool.SpoolState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts one run into segments, without a gap between them, on keyframes. It decides when; {@link
 * SegmentMuxer} and {@link SegmentWriter} do the work.
 *
 * <p>Runs on {@code record-CAMERA}; {@link #flush} may come from any thread.
 */
public final class SegmentRecorder implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(SegmentRecorder.class);

  /** What a run needs besides its packets. */
  public record Job(
      RecorderConfig config,
      Spool spool,
      SpoolState state,
      StreamInfo info,
      RunClock clock,
      SegmentAnnotator annotator,
      RecorderListener listener,
      Counters counters) {}

  private final Job job;
  private final PacketCursor cursor;
  private final Triggers triggers = new Triggers();
  private final EventGate gate;
  private final long segmentUs;
  private final long fragmentUs;
  private final long holeUs;
  private volatile boolean flushWanted; // set by any thread, taken by the recording one

  private OpenSegment open;
  private byte[] parameterSets = new byte[0];
  private long sequence;
  private long countedBytes; // of the open segment
  private long boundaryUs;
  private long lastDtsUs = Long.MIN_VALUE;
  private boolean keepsGrid;
  private Optional<Instant> footageSince = Optional.empty(); // first packet of the run
  private Optional<Instant> missingSince;
  private String missingReason = "restart";

  /** A recorder that reads from this cursor, which it does not close. */
  public SegmentRecorder(Job job, PacketCursor cursor) {
    this.job = job;
    this.cursor = cursor;
    this.gate = new EventGate(job, cursor, triggers, this::complain);
    this.segmentUs = job.config.segment().toNanos() / 1000;
    this.fragmentUs = job.config.fragment().toNanos() / 1000;
    this.holeUs = job.info.frameIntervalUs() * 7 / 4;
    this.missingSince = job.state.recordedUntil();
  }

  /** Says why footage is missing before this run; before {@link #run} only. */
  public void missingBecause(String reason) {
    missingReason = reason;
  }

  /** Records until the packets end, then seals. */
  @Override
  public void run() {
    for (Packet packet = next(); packet != null; packet = next()) {
      long missed = gate.isResting() ? 0 : cursor.takeMissed();
      job.counters.add(Counter.FRAMES_LOST_BY_RECORDER, missed);
      try {
        if (missed > 0) {
          trySeal(CloseReason.STOP, Optional.empty());
          missing("the disk was too slow");
        }
        if (footageSince.isEmpty()) {
          footageSince = Optional.of(job.clock.at(packet.ptsUs()));
        }
        if (gate.admits(packet)) {
          record(packet);
        } else {
          rest(packet);
        }
      } catch (IOException | RuntimeException e) {
        fail(e); // whatever it was: nothing but the end of the packets ends the recording
      }
    }
    trySeal(CloseReason.STOP, Optional.empty());
  }

  /** Ends the current segment at the next keyframe, and makes what is there durable at once. */
  public void flush() {
    flushWanted = true;
  }

  /**
   * Says that something happens now: it is listed in the segment's manifest, and in event mode it
   * is recorded. Thread-safe.
   *
   * @param reason for people, 1 to 64 characters
   */
  public void trigger(String reason) {
    trigger(job.info.isLive() ? System.nanoTime() : gate.headNanos(), reason);
  }

  /** Says that something happens at this capture time. */
  void trigger(long nanos, String reason) {
    triggers.add(nanos, reason);
  }

  /**
   * The next packet. Where it keeps a live recorder waiting, what is there becomes durable
   * meanwhile.
   */
  private Packet next() {
    if (job.info.isLive() && open != null && !cursor.awaitNext(OpenSegment.margin(job.info))) {
      try {
        open.settle();
      } catch (IOException | RuntimeException e) {
        fail(e);
      }
    }
    Packet packet = cursor.next();
    return packet == null && gate.reopens() ? cursor.next() : packet;
  }

  /** Nothing happens: what is open ends with this packet, and what is missing is noted. */
  private void rest(Packet packet) {
    cursor.takeMissed(); // what nobody wanted is not lost
    flushWanted = false;
    trySeal(CloseReason.STOP, Optional.of(packet));
    if (missingSince.isEmpty()) {
      missing(EventGate.PRE_ROLL_LACKING); // as far as it is not a rest
    }
  }

  private void record(Packet packet) throws IOException {
    if (packet.isKeyframe()) {
      byte[] sets = NalUnits.parameterSets(packet.array());
      boolean isOther = sets.length > 0 && !Arrays.equals(sets, parameterSets);
      if (open != null && (isOther || isDue(packet))) {
        trySeal(flushWanted ? CloseReason.FLUSH : CloseReason.TIME, Optional.of(packet));
        flushWanted = false;
      }
      if (isOther) {
        parameterSets = sets;
      }
      if (open == null) {
        begin(packet);
      }
    }
    if (open == null) {
      return; // nothing decodes before the first keyframe
    }
    noteHole(packet);
    open.add(packet);
    job.counters.increment(Counter.FRAMES_RECORDED);
    if (flushWanted) {
      open.endFragment();
    }
    countBytes(open.sizeBytes());
  }

  private void countBytes(long sizeBytes) {
    job.counters.add(Counter.BYTES_RECORDED, sizeBytes - countedBytes);
    countedBytes = sizeBytes;
  }

  private boolean isDue(Packet keyframe) {
    return flushWanted || keyframe.ptsUs() >= boundaryUs - job.info.frameIntervalUs() / 2;
  }

  private void begin(Packet keyframe) throws IOException {
    long pts = keyframe.ptsUs();
    lastDtsUs =
        Long.MIN_VALUE; // what was missing before it is in the segment before it, or listed below
    // Counted even if the disk refuses it: what is left of it must not stand in the next one's way.
    SegmentId id = new SegmentId(job.spool.camera(), job.state.key(), job.state.run(), sequence++);
    SegmentHeader header =
        new SegmentHeader(id, job.clock.at(pts), job.clock.state(), pts, job.info.fps());
    SegmentName name = new SegmentName(header.start(), header.clock(), id.run(), id.sequence());
    open = OpenSegment.begin(job.spool.files(name), header, job.info, parameterSets, fragmentUs);
    countedBytes = 0;
    // Boundaries keep to their grid, so that lengths do not add up the rounding to keyframes.
    boundaryUs = keepsGrid ? boundaryUs : pts + segmentUs;
    while (boundaryUs - job.info.frameIntervalUs() / 2 <= pts) {
      boundaryUs += segmentUs;
    }
    keepsGrid = true;
    missingSince
        .filter(since -> since.isBefore(header.start()))
        .map(since -> gate.pieces(new Gap(since, header.start(), missingReason)))
        .ifPresent(gaps -> gaps.forEach(open::miss));
    missingSince = Optional.empty();
  }

  /** Lists an interval in which frames should have come and did not. */
  private void noteHole(Packet packet) {
    // Decode times, since presentation times go back and forth where there are B-frames.
    if (lastDtsUs != Long.MIN_VALUE && packet.dtsUs() - lastDtsUs > holeUs) {
      long until = Math.max(packet.ptsUs(), open.endUs());
      open.miss(new Gap(job.clock.at(open.endUs()), job.clock.at(until), "frames dropped"));
    }
    lastDtsUs = packet.dtsUs();
  }

  /** A segment that cannot be sealed costs the next one nothing. */
  private void trySeal(CloseReason reason, Optional<Packet> next) {
    try {
      seal(reason, next);
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  private void seal(CloseReason reason, Optional<Packet> next) throws IOException {
    if (open == null) {
      return;
    }
    OpenSegment segment = open;
    open = null;
    keepsGrid = reason == CloseReason.TIME;
    try (segment) {
      Content content = segment.finish();
      countBytes(content.bytes());
      long endUs = next.map(Packet::ptsUs).orElse(segment.endUs());
      if (endUs - segment.endUs() + job.info.frameIntervalUs() > holeUs) {
        segment.miss(new Gap(job.clock.at(segment.endUs()), job.clock.at(endUs), "frames dropped"));
      }
      var sealed = job.spool.seal(segment.files(), manifest(segment, content, endUs, reason));
      job.counters.increment(Counter.SEGMENTS_SEALED);
      tell(() -> job.listener.onSealed(sealed));
    } catch (IOException | RuntimeException e) {
      missing("writing failed");
      throw e;
    }
  }

  private SegmentManifest manifest(
      OpenSegment segment, Content content, long endUs, CloseReason reason) throws IOException {
    SegmentHeader header = segment.header();
    FragmentedMp4 file = FragmentedMp4.scan(segment.files().part());
    return new SegmentManifest(
        header.id(),
        header.start(),
        job.clock.at(endUs),
        header.clock(),
        header.firstPtsUs(),
        segment.frames(),
        new VideoFormat(file.codec(), file.width(), file.height(), job.info.fps()),
        content,
        motion(segment, endUs),
        segment.gaps(),
        reason);
  }

  private List<EventSpan> motion(OpenSegment segment, long endUs) {
    long from = job.clock.nanosAt(segment.firstPtsUs());
    long to = job.clock.nanosAt(endUs);
    Duration patience = job.info.isLive() ? Duration.ofMillis(250) : Duration.ofSeconds(30);
    List<EventSpan> spans = new ArrayList<>();
    List<SegmentAnnotator.Span> known = new ArrayList<>(spans(from, to, patience));
    known.addAll(triggers.spans(from, to));
    known.sort(Comparator.comparingLong(SegmentAnnotator.Span::startNanos));
    for (SegmentAnnotator.Span span : known) {
      Instant start = job.clock.atNanos(Math.max(from, span.startNanos()));
      Instant end = job.clock.atNanos(Math.min(to, span.endNanos()));
      if (!end.isBefore(start)) {
        spans.add(new EventSpan(start, end, span.score(), span.zones(), span.boxes()));
      }
    }
    return spans;
  }

  /** Who knows of motion never decides whether footage exists, not even by failing. */
  private List<SegmentAnnotator.Span> spans(long from, long to, Duration patience) {
    try {
      return job.annotator.spans(from, to, patience);
    } catch (Throwable e) { // an Error of somebody else's code is no reason either
      log.warn("motion in a segment of {} is not known", job.spool.camera(), e);
      complain("motion in a segment is not known: " + e);
      return List.of();
    }
  }

  private void complain(String sentence) {
    tell(() -> job.listener.onProblem(sentence));
  }

  private void tell(Runnable news) {
    try {
      news.run();
    } catch (Throwable e) {
      log.warn("a listener of {} failed", job.spool.camera(), e);
    }
  }

  private void missing(String reason) {
    missingSince = recordedUntil().or(() -> footageSince);
    missingReason = reason;
  }

  private Optional<Instant> recordedUntil() {
    try {
      return job.spool.state().recordedUntil();
    } catch (IOException e) {
      log.warn("what was recorded last is not known: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** The disk failed: give this segment up as it is, and go on at the next keyframe. */
  private void fail(Exception e) {
    log.warn("recording of {} failed", job.spool.camera(), e);
    complain("writing to " + job.spool.folder() + " failed: " + e.getMessage());
    if (open != null) {
      try (OpenSegment broken = open) {
        open = null;
        log.info("{} stays as it is until the next start", broken.files().part());
      } catch (IOException closing) {
        log.debug("closing failed too", closing);
      }
    }
    if (missingSince.isEmpty()) {
      missing("writing failed");
    }
  }
}
