package io.github.raspberryspy.benchmarks.load;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import java.time.Duration;

/** Makes many segments of one. */
final class Copies {

  private Copies() {}

  /** The same bytes under another id, as many of its lengths later. */
  static SegmentManifest of(SegmentManifest m, SegmentId id, long later) {
    Duration shift = Duration.between(m.start(), m.end()).multipliedBy(later);
    return new SegmentManifest(
        id,
        m.start().plus(shift),
        m.end().plus(shift),
        m.clock(),
        m.firstPtsUs() + shift.toMillis() * 1000,
        m.frames(),
        m.video(),
        m.audio(),
        m.content(),
        m.motion(),
        m.unknown(),
        m.gaps(),
        m.closed());
  }
}
