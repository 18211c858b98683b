package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.Counters;
import io.github.raspberryspy.camera.audio.AudioTrack;
import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketCursor;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Content;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
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

  /** Why an interval within a segment is missing. */
  static final String FRAMES_DROPPED = "frames dropped";

  private static final String WRITING_FAILED = "writing failed";

  /**
   * What a run needs besides its packets.
   *
   * @param config as it is now: the length of a segment and the post-roll may change in a run
   */
  public record Job(
      Supplier<RecorderConfig> config,
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
  private final RecorderListener listener;
  private final Triggers triggers = new Triggers();
  private final EventGate gate;
  private final SegmentFacts facts;
  private final Missing missing;
  private final Boundaries boundaries;
  private final long fragmentUs;
  private final long holeUs;
  private volatile boolean flushWanted; // set by any thread, taken by the recording one
  private volatile long openBytes; // written by the recording thread, read by the storage's

  private Optional<AudioTrack> sound = Optional.empty();
  private Supplier<CompletableFuture<byte[]>> posters;
  private RunClock clock;
  private OpenSegment open;
  private byte[] parameterSets = new byte[0];
  private long sequence;
  private Spool where; // the open segment, or the last one, lies
  private long countedBytes; // of the open segment
  private long lastDtsUs = Long.MIN_VALUE;
  private long rewoundToUs = Long.MIN_VALUE;

  /** A recorder that reads from this cursor, which it does not close. */
  public SegmentRecorder(Job job, PacketCursor cursor) {
    this.job = job;
    this.cursor = cursor;
    this.listener = new SafeListener(job.listener, job.spool.camera());
    this.gate = new EventGate(job, cursor, triggers, listener::onProblem);
    this.facts = new SegmentFacts(job, triggers, listener);
    this.missing = new Missing(job.spool, job.state);
    this.boundaries =
        new Boundaries(
            () -> job.config.get().segment().toNanos() / 1000, job.info.frameIntervalUs());
    this.fragmentUs = job.config.get().fragment().toNanos() / 1000;
    this.holeUs = job.info.frameIntervalUs() * 7 / 4;
    this.clock = job.clock;
    job.storage.onCut(this::cut);
  }

  /** Says why footage is missing before this run; before {@link #run} only. */
  public void missingBecause(String reason) {
    missing.because(reason);
  }

  /** Records this sound too; before {@link #run} only. */
  public void hear(AudioTrack track) {
    sound = Optional.of(track);
  }

  /** Asks for a small JPEG of now whenever a segment begins; before {@link #run} only. */
  public void illustrate(Supplier<CompletableFuture<byte[]>> from) {
    posters = from;
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
      long missedFrames = gate.isResting() ? 0 : cursor.takeMissed();
      job.counters.add(Counter.FRAMES_LOST_BY_RECORDER, missedFrames);
      try {
        if (missedFrames > 0) {
          trySeal(CloseReason.STOP, Optional.empty());
          missing.note("the disk was too slow");
        }
        missing.filmedSince(clock.at(packet.ptsUs()));
        if (packet.isKeyframe()) {
          job.clocks.correct(clock).ifPresent(this::redate); // at rest too
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
        countBytes(open.sizeBytes());
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
    } else if (!missing.isNoted()) {
      missing.note(EventGate.PRE_ROLL_LACKING); // as far as it is not a rest
    }
  }

  private void record(Packet packet) throws IOException {
    if (packet.isKeyframe()) {
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
    if (sizeBytes == countedBytes) {
      return; // what is in the file is durable: it grows by fragments
    }
    listener.onDurable(open.files(), open.header().id(), sizeBytes);
    job.counters.add(Counter.BYTES_RECORDED, sizeBytes - countedBytes);
    job.storage.wrote(where, sizeBytes - countedBytes);
    countedBytes = sizeBytes;
    openBytes = sizeBytes;
  }

  private boolean isDue(Packet keyframe) {
    return boundaries.isDue(keyframe.ptsUs())
        || flushWanted
        || openBytes >= job.storage.mostBytes(where);
  }

  private void begin(Packet keyframe) throws IOException {
    long pts = keyframe.ptsUs();
    lastDtsUs =
        Long.MIN_VALUE; // what was missing before it is in the segment before it, or listed below
    // Counted even if the disk refuses it: what is left of it must not stand in the next one's way.
    SegmentId id = new SegmentId(job.spool.camera(), job.state.key(), job.state.run(), sequence++);
    Instant start = clock.at(pts);
    // In the file from its first byte on, so that whoever recovers it knows them too.
    List<Gap> before = missing.before(start).map(gate::pieces).orElse(List.of());
    SegmentHeader header = new SegmentHeader(id, start, clock.state(), pts, job.info.fps(), before);
    where = job.storage.place();
    try {
      open = OpenSegment.begin(where, header, job.info, parameterSets, sound, fragmentUs);
    } catch (IOException e) {
      job.storage.failed(
          where, Optional.of(GivenUp.empty(where, OpenSegment.files(where, header))));
      throw e;
    }
    if (posters != null) {
      open.illustrate(new SegmentPoster(posters.get()));
    }
    countedBytes = 0;
    openBytes = 0;
    boundaries.begin(pts);
    before.forEach(open::miss);
    missing.listed();
  }

  /** Lists an interval in which frames should have come and did not. */
  private void noteHole(Packet packet) {
    // Decode times, since presentation times go back and forth where there are B-frames.
    if (lastDtsUs != Long.MIN_VALUE && packet.dtsUs() - lastDtsUs > holeUs) {
      long until = Math.max(packet.ptsUs(), open.endUs());
      open.miss(new Gap(clock.at(open.endUs()), clock.at(until), FRAMES_DROPPED));
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
    boundaries.end(reason);
    Optional<SegmentManifest> manifest = Optional.empty();
    try {
      long endUs = next.map(Packet::ptsUs).orElse(segment.endUs());
      Content content = segment.finish(endUs);
      countBytes(content.bytes());
      if (endUs - segment.endUs() + job.info.frameIntervalUs() > holeUs) {
        segment.miss(new Gap(clock.at(segment.endUs()), clock.at(endUs), FRAMES_DROPPED));
      }
      Losses.Unlisted losses = job.storage.unlisted(where);
      losses.gaps().forEach(segment::miss);
      manifest = Optional.of(facts.manifest(segment, content, clock, endUs, reason));
      var sealed = where.seal(segment.files(), manifest.get());
      missing.sealedUntil(sealed.manifest().end());
      job.storage.sealed(sealed, losses, where);
      job.counters.increment(Counter.SEGMENTS_SEALED);
      open = null;
      segment.close();
      listener.onSealed(sealed);
    } catch (IOException | RuntimeException e) {
      giveUp(segment, manifest);
      throw e;
    }
  }

  /** The clock was set meanwhile: what this run filmed gets its right time. */
  private void redate(RunClock corrected) {
    Duration by = Duration.between(clock.start(), corrected.start());
    missing.redate(by);
    Relabel labels = new Relabel(job.state.key(), job.state.run(), clock.start(), by);
    if (open != null) {
      open.redate(labels);
      flushWanted = true; // one label, one segment
    }
    clock = corrected;
    gate.redate(corrected);
    job.storage.redate(labels);
  }

  /**
   * The disk failed: give this segment up as it is, and go on with what is not durable yet, or,
   * where that was tried already, at the next keyframe. Returns whether packets come again.
   */
  private boolean fail(Exception e, long volatileSinceUs) {
    log.warn("recording of {} failed", job.spool.camera(), e);
    listener.onProblem(
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
    if (!missing.isNoted()) {
      missing.note(WRITING_FAILED);
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
      missing.note(WRITING_FAILED);
      job.storage.failed(
          broken.spool(), Optional.of(GivenUp.empty(broken.spool(), broken.files())));
      return;
    }
    Instant until = manifest.map(SegmentManifest::end).orElse(clock.at(broken.durableUntilUs()));
    missing.noteSince(until, WRITING_FAILED);
    SegmentFacts.Motion motion =
        manifest
            .map(m -> new SegmentFacts.Motion(m.motion(), m.unknown()))
            .orElseGet(() -> facts.motion(broken, clock, broken.durableUntilUs()));
    Gap lost = new Gap(clock.at(broken.firstPtsUs()), until, "the disk did not keep it");
    job.storage.failed(broken.spool(), Optional.of(GivenUp.of(broken, manifest, motion, lost)));
  }
}
