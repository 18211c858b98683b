package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketCursor;
import io.github.raspberryspy.segments.Gap;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides in event mode which packets are recorded. While nothing happens it reads along; when
 * something does, it sets the cursor back to the keyframe at which the pre-roll begins, as far as
 * the packet window still has it.
 *
 * <p>It fails safe: where the annotator has not understood a frame for five seconds (fifteen at a
 * run's start), or throws, everything is recorded from where it last saw until it sees again. For
 * one thread.
 */
final class EventGate {

  private static final Logger log = LoggerFactory.getLogger(EventGate.class);

  /** What is missing though it was wanted: the window did not have it any more. */
  static final String PRE_ROLL_LACKING = "pre-roll was not in memory";

  private static final long LOOK_EVERY_US = 200_000;
  private static final long BLIND_US = 5_000_000;

  /** Until the annotator has loaded what it needs: that takes long on a small machine. */
  private static final long STARTING_US = 15_000_000;

  private static final long NOTE_EVERY_US = 60_000_000;
  private static final Duration LIVE_PATIENCE = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SegmentRecorder.Job job;
  private final PacketCursor cursor;
  private final Triggers triggers;
  private final Consumer<String> problems;
  private final Rests rests;
  private final boolean isContinuous;
  private final long preRollUs;

  private RunClock clock;
  private boolean isRecording;
  private boolean isBlind;
  private boolean saidLacking;
  private long firstUs = Long.MIN_VALUE; // of the run
  private volatile long headUs; // latest packet that was read; trigger() reads it too
  private long lookedUs;
  private long notedUs;
  private long doneUs; // what is before it is recorded, or never will be
  private long startUs; // keyframe at which the event's footage begins
  private long lastUs; // latest moment at which something happened
  private long stillUs; // how far something goes on, or may: its end is not known yet
  private long openNanos; // what ends at this capture time or later may go on
  private long seenUs; // how far the annotator has watched
  private long firstKeyUs = Long.MAX_VALUE; // earliest keyframe of the run

  EventGate(
      SegmentRecorder.Job job, PacketCursor cursor, Triggers triggers, Consumer<String> problems) {
    this.job = job;
    this.cursor = cursor;
    this.triggers = triggers;
    this.problems = problems;
    this.clock = job.clock();
    this.rests = Rests.of(job.spool().folder());
    this.isContinuous = job.config().get().events().isEmpty();
    this.preRollUs = rollUs(EventMode::preRoll);
  }

  /** Whether a packet is to be recorded now; where not, what is open ends with it. */
  boolean admits(Packet packet) {
    if (isContinuous) {
      return true;
    }
    if (firstUs == Long.MIN_VALUE) {
      firstUs = packet.ptsUs();
      headUs = firstUs;
      rest(firstUs);
    }
    headUs = Math.max(headUs, packet.ptsUs());
    if (packet.isKeyframe()) {
      firstKeyUs = Math.min(firstKeyUs, packet.ptsUs());
    }
    if (!isRecording) {
      watch(packet);
      return false; // even where something happens: it is read again from the pre-roll on
    }
    if (packet.isKeyframe() && packet.ptsUs() > startUs && isOver(packet.ptsUs())) {
      rest(packet.ptsUs());
      return false;
    }
    return true;
  }

  /** Whether there is nothing to record at present. */
  boolean isResting() {
    return !isContinuous && !isRecording;
  }

  /**
   * The packets have come to their end: looks a last time whether something happened in them.
   *
   * @return whether there are packets to read again
   */
  boolean reopens() {
    if (!isResting() || firstUs == Long.MIN_VALUE) {
      return false;
    }
    OptionalLong since = happening(headUs, patience());
    if (since.isPresent()) {
      begin(since.getAsLong());
    } else {
      note(headUs + job.info().frameIntervalUs());
    }
    return isRecording;
  }

  /** What is missing before a segment: rests are told apart from losses. */
  List<Gap> pieces(Gap missing) {
    return rests.split(missing);
  }

  /** What was to be sealed at the event's end comes again: it is recorded up to there once more. */
  void resume() {
    isRecording = true;
  }

  /** The clock was set meanwhile: the rests of this run get their right time. */
  void redate(RunClock corrected) {
    Duration by = Duration.between(clock.start(), corrected.start());
    rests.redate(clock.start(), clock.at(headUs), by);
    clock = corrected;
  }

  /** Capture time of the latest packet. */
  long headNanos() {
    return job.clock().nanosAt(headUs);
  }

  private void rest(long fromUs) {
    isRecording = false;
    doneUs = fromUs;
    lookedUs = fromUs;
    notedUs = fromUs;
  }

  private void watch(Packet packet) {
    if (!packet.isKeyframe() && packet.ptsUs() - lookedUs < LOOK_EVERY_US) {
      return;
    }
    lookedUs = packet.ptsUs();
    // A source that waits can be made to wait until it is known whether something happened.
    boolean waits = packet.isKeyframe() && !job.info().isLive();
    OptionalLong since = happening(headUs, waits ? patience() : Duration.ZERO);
    if (since.isPresent()) {
      begin(since.getAsLong());
    } else if (packet.ptsUs() - notedUs >= NOTE_EVERY_US) {
      note(packet.ptsUs());
    }
  }

  /** Sets the cursor back to where the recording of an event begins. */
  private void begin(long sinceUs) {
    long wantedUs = Math.max(sinceUs - preRollUs, doneUs);
    OptionalLong found = cursor.rewind(wantedUs, doneUs);
    startUs = found.orElse(headUs);
    isRecording = true;
    note(Math.min(wantedUs, startUs));
    if (startUs > wantedUs && startUs > firstKeyUs && !saidLacking) {
      saidLacking = true;
      problems.accept(
          String.format(
              Locale.ROOT,
              "of the pre-roll of %.1f s only %.1f s were still in memory",
              preRollUs / 1e6,
              Math.max(0, sinceUs - startUs) / 1e6));
    }
  }

  /** Whether nothing has happened for the post-roll; late news is waited for. */
  private boolean isOver(long ptsUs) {
    long postRollUs = rollUs(EventMode::postRoll); // may be changed at any time
    if (ptsUs < lastUs + postRollUs) {
      return false;
    }
    happening(Math.min(headUs, ptsUs + preRollUs), patience());
    return ptsUs >= Math.max(lastUs, stillUs) + postRollUs;
  }

  /** Since when something has happened of which nothing is recorded yet; and until when, so far. */
  private OptionalLong happening(long untilUs, Duration patience) {
    long fromNanos = job.clock().nanosAt(isRecording ? lastUs : doneUs);
    long earliestUs = Long.MAX_VALUE;
    boolean wasBlind = isBlind;
    stillUs = lastUs;
    for (SegmentAnnotator.Span span : spans(fromNanos, job.clock().nanosAt(untilUs), patience)) {
      earliestUs = Math.min(earliestUs, Math.max(doneUs, ptsUs(span.startNanos())));
      if (span.endNanos() >= openNanos) {
        stillUs = Math.max(stillUs, ptsUs(span.endNanos()));
      } else {
        lastUs = Math.max(lastUs, ptsUs(span.endNanos()));
      }
    }
    if (isBlind) {
      earliestUs = Math.min(earliestUs, Math.max(doneUs, seenUs));
    }
    if (isBlind || wasBlind) {
      lastUs = Math.max(lastUs, headUs); // anything may have happened until now
    }
    return earliestUs == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(earliestUs);
  }

  private List<SegmentAnnotator.Span> spans(long fromNanos, long toNanos, Duration patience) {
    List<SegmentAnnotator.Span> all = new ArrayList<>(triggers.spans(fromNanos, toNanos + 1));
    openNanos = Long.MAX_VALUE;
    try {
      openNanos = job.annotator().seenUntilNanos().orElse(Long.MAX_VALUE);
      all.addAll(job.annotator().spans(fromNanos, toNanos, patience));
      OptionalLong seen = job.annotator().seenUntilNanos();
      seenUs = Math.max(firstUs, seen.isEmpty() ? headUs : ptsUs(seen.getAsLong()));
      seeing(headUs - seenUs <= (seenUs == firstUs ? STARTING_US : BLIND_US), "");
    } catch (Throwable e) {
      seeing(false, ": " + e);
    }
    return all;
  }

  private void seeing(boolean sees, String why) {
    if (sees && isBlind) {
      log.info("events of {} are seen again", job.spool().camera());
    } else if (!sees && !isBlind) {
      problems.accept("motion is not seen any more, so everything is recorded" + why);
    }
    isBlind = !sees;
  }

  private Duration patience() {
    if (isBlind) {
      return Duration.ZERO;
    }
    return job.info().isLive() ? LIVE_PATIENCE : PATIENCE;
  }

  private void note(long untilUs) {
    notedUs = untilUs;
    rests.note(clock.at(doneUs), clock.at(untilUs), listedUntil());
  }

  /** What is missing before this moment is in a sealed manifest. */
  private Instant listedUntil() {
    try {
      return job.spool().state().recordedUntil().orElse(Instant.MIN);
    } catch (IOException e) {
      log.debug("{} does not tell how far it recorded", job.spool().folder(), e);
      return Instant.MIN;
    }
  }

  private long rollUs(Function<EventMode, Duration> which) {
    return job.config().get().events().map(which).orElse(Duration.ZERO).toNanos() / 1000;
  }

  private long ptsUs(long nanos) {
    // A moment that lies before all footage is given as the smallest number.
    return nanos < job.clock().startNanos() ? 0 : (nanos - job.clock().startNanos()) / 1000;
  }
}
