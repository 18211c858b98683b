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
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentHeader;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.Losses;
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
      Counters counters,
      Storage storage,
      ClockWatch clocks) {}

  private final Job job;
  private final PacketCursor cursor;
  private final Triggers triggers = new Triggers();
  private final EventGate gate;
  private final long segmentUs;
  private final long fragmentUs;
  private final long holeUs;
  private volatile boolean flushWanted; // set by any thread, taken by the recording one
  private volatile long openBytes; // written by the recording thread, read by the storage's

  private RunClock clock;
  private OpenSegment open;
  private byte[] parameterSets = new byte[0];
  private long sequence;
  private Spool where; // the open segment, or the last one, lies
  private long countedBytes; // of the open segment
  private long boundaryUs;
  private long lastDtsUs = Long.MIN_VALUE;
  private boolean keepsGrid;
  private Optional<Instant> footageSince = Optional.empty(); // first packet of the run
  private Optional<Instant> sealedUntil = Optional.empty(); // in this run
  private Optional<Instant> missingSince;
  private String missingReason = "restart";
  private long rewoundToUs = Long.MIN_VALUE;

  /** A recorder that reads from this cursor, which it does not close. */
  public SegmentRecorder(Job job, PacketCursor cursor) {
    this.job = job;
    this.cursor = cursor;
    this.gate = new EventGate(job, cursor, triggers, this::complain);
    this.segmentUs = job.config.segment().toNanos() / 1000;
    this.fragmentUs = job.config.fragment().toNanos() / 1000;
    this.holeUs = job.info.frameIntervalUs() * 7 / 4;
    this.missingSince = job.state.recordedUntil();
    this.clock = job.clock;
    job.storage.onCut(this::cut);
  }

  /** Says why footage is missing before this run; before {@link #run} only. */
  public void missingBecause(String reason) {
    missingReason = reason;
  }

  /** Records until the packets end, then seals. */
  @Override
  public void run() {
    do {
      recordAll();
    } while (!trySeal(CloseReason.STOP, Optional.empty()));
  }

  private void recordAll() {
    for (Packet packet = next(); packet != null; packet = next()) {
      long missed = gate.isResting() ? 0 : cursor.takeMissed();
      job.counters.add(Counter.FRAMES_LOST_BY_RECORDER, missed);
      try {
        if (missed > 0) {
          trySeal(CloseReason.STOP, Optional.empty());
          missing("the disk was too slow");
        }
        if (footageSince.isEmpty()) {
          footageSince = Optional.of(clock.at(packet.ptsUs()));
        }
        if (gate.admits(packet)) {
          record(packet);
        } else {
          rest(packet);
        }
      } catch (IOException | RuntimeException e) {
        // whatever it was: nothing but the end of the packets ends the recording
        fail(e, open == null ? packet.dtsUs() : open.volatileSinceUs());
      }
    }
  }

  /** Ends the current segment at the next keyframe, and makes what is there durable at once. */
  public void flush() {
    flushWanted = true;
  }

  private void cut(long leastBytes) {
    if (openBytes >= leastBytes) {
      flush();
    }
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
        fail(e, open.volatileSinceUs());
      }
    }
    Packet packet = cursor.next();
    return packet == null && gate.reopens() ? cursor.next() : packet;
  }

  /** Nothing happens: what is open ends with this packet, and what is missing is noted. */
  private void rest(Packet packet) {
    cursor.takeMissed(); // what nobody wanted is not lost
    flushWanted = false;
    if (!trySeal(CloseReason.STOP, Optional.of(packet))) {
      gate.resume(); // the end of the event comes again
    } else if (missingSince.isEmpty()) {
      missing(EventGate.PRE_ROLL_LACKING); // as far as it is not a rest
    }
  }

  private void record(Packet packet) throws IOException {
    if (packet.isKeyframe()) {
      job.clocks.correct(clock).ifPresent(this::redate);
      byte[] sets = NalUnits.parameterSets(packet.array());
      boolean isOther = sets.length > 0 && !Arrays.equals(sets, parameterSets);
      if (open != null && (isOther || isDue(packet))) {
        boolean goesOn =
            trySeal(flushWanted ? CloseReason.FLUSH : CloseReason.TIME, Optional.of(packet));
        flushWanted = false;
        if (!goesOn) {
          return; // older packets come again first
        }
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
    job.storage.wrote(where, sizeBytes - countedBytes);
    countedBytes = sizeBytes;
    openBytes = sizeBytes;
  }

  private boolean isDue(Packet keyframe) {
    return flushWanted
        || openBytes >= job.storage.mostBytes(where)
        || keyframe.ptsUs() >= boundaryUs - job.info.frameIntervalUs() / 2;
  }

  private void begin(Packet keyframe) throws IOException {
    long pts = keyframe.ptsUs();
    lastDtsUs =
        Long.MIN_VALUE; // what was missing before it is in the segment before it, or listed below
    // Counted even if the disk refuses it: what is left of it must not stand in the next one's way.
    SegmentId id = new SegmentId(job.spool.camera(), job.state.key(), job.state.run(), sequence++);
    SegmentHeader header = new SegmentHeader(id, clock.at(pts), clock.state(), pts, job.info.fps());
    where = job.storage.place();
    open = OpenSegment.begin(where, header, job.info, parameterSets, fragmentUs);
    countedBytes = 0;
    openBytes = 0;
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
      open.miss(new Gap(clock.at(open.endUs()), clock.at(until), "frames dropped"));
    }
    lastDtsUs = packet.dtsUs();
  }

  /**
   * A segment that cannot be sealed costs the next one nothing. Returns whether the packets go on
   * from here, and not again from further back.
   */
  private boolean trySeal(CloseReason reason, Optional<Packet> next) {
    if (open == null) {
      return true;
    }
    OpenSegment segment = open;
    try {
      seal(reason, next);
      return true;
    } catch (IOException | RuntimeException e) {
      open = null;
      return !fail(e, segment.volatileSinceUs());
    }
  }

  private void seal(CloseReason reason, Optional<Packet> next) throws IOException {
    OpenSegment segment = open;
    keepsGrid = reason == CloseReason.TIME;
    Optional<SegmentManifest> manifest = Optional.empty();
    try {
      Content content = segment.finish();
      countBytes(content.bytes());
      long endUs = next.map(Packet::ptsUs).orElse(segment.endUs());
      if (endUs - segment.endUs() + job.info.frameIntervalUs() > holeUs) {
        segment.miss(new Gap(clock.at(segment.endUs()), clock.at(endUs), "frames dropped"));
      }
      Losses.Unlisted losses = job.storage.unlisted(where);
      losses.gaps().forEach(segment::miss);
      manifest = Optional.of(manifest(segment, content, endUs, reason));
      var sealed = where.seal(segment.files(), manifest.get());
      sealedUntil = Optional.of(sealed.manifest().end());
      job.storage.sealed(sealed, losses, where);
      job.counters.increment(Counter.SEGMENTS_SEALED);
      open = null;
      segment.close();
      tell(() -> job.listener.onSealed(sealed));
    } catch (IOException | RuntimeException e) {
      giveUp(segment, manifest);
      throw e;
    }
  }

  private SegmentManifest manifest(
      OpenSegment segment, Content content, long endUs, CloseReason reason) {
    SegmentHeader header = segment.header();
    return new SegmentManifest(
        header.id(),
        clock.at(header.firstPtsUs()),
        clock.at(endUs),
        clock.state(),
        header.firstPtsUs(),
        segment.frames(),
        segment.video(),
        content,
        motion(segment, endUs),
        segment.gaps(),
        reason);
  }

  private List<EventSpan> motion(OpenSegment segment, long endUs) {
    long from = clock.nanosAt(segment.firstPtsUs());
    long to = clock.nanosAt(endUs);
    Duration patience = job.info.isLive() ? Duration.ofMillis(250) : Duration.ofSeconds(30);
    List<EventSpan> spans = new ArrayList<>();
    List<SegmentAnnotator.Span> known = new ArrayList<>(spans(from, to, patience));
    known.addAll(triggers.spans(from, to));
    known.sort(Comparator.comparingLong(SegmentAnnotator.Span::startNanos));
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

  /** The clock was set meanwhile: what this run filmed gets its right time. */
  private void redate(RunClock corrected) {
    Duration by = Duration.between(clock.start(), corrected.start());
    footageSince = footageSince.map(t -> t.plus(by));
    sealedUntil = sealedUntil.map(t -> t.plus(by));
    missingSince = missingSince.map(t -> missingReason.equals("restart") ? t : t.plus(by));
    if (open != null) {
      open.redate(by);
      flushWanted = true; // one label, one segment
    }
    clock = corrected;
    gate.redate(corrected);
    job.storage.redate(new Relabel(job.state.key(), job.state.run(), by));
  }

  private void missing(String reason) {
    missingSince = sealedUntil.or(this::recordedUntil).or(() -> footageSince);
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

  /**
   * The disk failed: give this segment up as it is, and go on with what is not durable yet, or,
   * where that was tried already, at the next keyframe. Returns whether packets come again.
   */
  private boolean fail(Exception e, long volatileSinceUs) {
    log.warn("recording of {} failed", job.spool.camera(), e);
    complain(
        "writing to "
            + (where == null ? job.spool : where).folder()
            + " failed: "
            + e.getMessage());
    if (open != null) {
      OpenSegment broken = open;
      open = null;
      giveUp(broken, Optional.empty());
    } else if (e instanceof IOException && where != null) {
      job.storage.failed(where, Optional.empty());
    }
    if (missingSince.isEmpty()) {
      missing("writing failed");
    }
    if (!(e instanceof IOException) || volatileSinceUs <= rewoundToUs) {
      return false;
    }
    rewoundToUs = volatileSinceUs;
    return cursor.rewindTo(volatileSinceUs);
  }

  /** What was durable of it is sealed when the disk works again; the rest is missing. */
  private void giveUp(OpenSegment broken, Optional<SegmentManifest> manifest) {
    try (broken) {
      log.info("{} stays as it is until the disk works", broken.files().part());
    } catch (IOException e) {
      log.debug("closing failed too", e);
    }
    if (!broken.hasDurableFrames()) {
      missing("writing failed");
      job.storage.failed(broken.spool(), Optional.of(GivenUp.empty(broken)));
      return;
    }
    Instant start = clock.at(broken.firstPtsUs());
    Instant until = manifest.map(SegmentManifest::end).orElse(clock.at(broken.durableUntilUs()));
    missingSince = Optional.of(until);
    missingReason = "writing failed";
    List<EventSpan> motion =
        manifest.map(SegmentManifest::motion).orElse(motion(broken, broken.durableUntilUs()));
    Gap lost = new Gap(start, until, "the disk did not keep it");
    job.storage.failed(
        broken.spool(),
        Optional.of(
            new GivenUp(
                broken.spool(),
                broken.files(),
                broken.durable(),
                manifest,
                motion,
                broken.gaps(),
                Optional.of(lost))));
  }
}
