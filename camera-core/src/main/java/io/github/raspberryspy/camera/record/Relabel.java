package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.UnknownSpan;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;

/**
 * Dates the sealed segments of a run anew, once the clock is set. Only the manifests change, each
 * in one step; videos keep their bytes, and their names here: the master names its copies by the
 * manifest.
 *
 * @param key the camera's key
 * @param run the run that began with a clock that was not set
 * @param began when it began, by that clock
 * @param shift how much later it was than the labels say
 */
record Relabel(String key, long run, Instant began, Duration shift) {

  /**
   * Does it to what still waits in this spool. May be repeated.
   *
   * @throws IOException if the disk fails; what was done stays done
   */
  void apply(Spool spool) throws IOException {
    for (SealedSegment segment : spool.sealed()) {
      SegmentManifest old = segment.manifest();
      if (old.id().key().equals(key)
          && old.id().run() == run
          && old.clock() == ClockState.UNSYNCED) {
        DurableFiles.write(segment.files().manifest(), ManifestCodec.encode(redated(old)));
        if (!Files.exists(segment.files().video())) {
          DurableFiles.delete(segment.files().manifest()); // it was reclaimed meanwhile
        }
        spool.noteRecorded(old.end().plus(shift));
      }
    }
  }

  private SegmentManifest redated(SegmentManifest m) {
    return new SegmentManifest(
        m.id(),
        m.start().plus(shift),
        m.end().plus(shift),
        ClockState.CORRECTED,
        m.firstPtsUs(),
        m.frames(),
        m.video(),
        m.audio(),
        m.content(),
        m.motion().stream().map(this::redated).toList(),
        m.unknown().stream().map(this::redated).toList(),
        m.gaps().stream().map(this::redated).toList(),
        m.closed());
  }

  private EventSpan redated(EventSpan span) {
    return new EventSpan(
        span.start().plus(shift), span.end().plus(shift), span.score(), span.zones(), span.boxes());
  }

  private UnknownSpan redated(UnknownSpan span) {
    return new UnknownSpan(span.start().plus(shift), span.end().plus(shift), span.reason());
  }

  Gap redated(Gap gap) {
    Instant start = redated(gap.start());
    Instant end = redated(gap.end());
    return start.isAfter(end) ? new Gap(end, end, gap.reason()) : new Gap(start, end, gap.reason());
  }

  /** What is from before the run has its time from an earlier run's clock. */
  private Instant redated(Instant moment) {
    return moment.isBefore(began) ? moment : moment.plus(shift);
  }
}
