package io.github.raspberryspy.benchmarks.store;

import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.VideoFormat;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/** Segments of ten cameras that film without a break, with motion in a tenth. */
final class MadeUp {

  static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  static final Duration LENGTH = Duration.ofMinutes(2);
  static final int CAMERAS = 10;

  private MadeUp() {}

  /** The segment with this number: one of each camera, then the next of each. */
  static StoredSegment segment(Random random, int number, long bytes) {
    return segment(random, "camera-" + number % CAMERAS, number / CAMERAS, bytes);
  }

  /** One of a camera that came later. */
  static StoredSegment later(Random random, int number, long bytes) {
    return segment(random, "later", number, bytes);
  }

  private static StoredSegment segment(Random random, String camera, int sequence, long bytes) {
    Instant start = BEGIN.plus(LENGTH.multipliedBy(sequence));
    SegmentId id = new SegmentId(camera, "0a1b2c3d", 1, sequence);
    List<EventSpan> motion =
        random.nextInt(10) > 0
            ? List.of()
            : List.of(
                new EventSpan(
                    start.plusSeconds(10), start.plusSeconds(20), 0.5, List.of(), List.of()));
    SegmentManifest manifest =
        new SegmentManifest(
            id,
            start,
            start.plus(LENGTH),
            ClockState.SYNCED,
            LENGTH.toMillis() * 1000 * sequence,
            2400,
            new VideoFormat("avc1.42c01e", 1920, 1080, 20),
            Optional.empty(),
            new Content(bytes, String.format(Locale.ROOT, "%064x", (long) sequence + 1)),
            motion,
            List.of(),
            List.of(),
            CloseReason.TIME);
    String path = camera + "/" + manifest.name().day() + "/" + manifest.name() + SegmentName.VIDEO;
    return new StoredSegment(manifest, manifest.end(), random.nextInt(1000) == 0, path);
  }
}
