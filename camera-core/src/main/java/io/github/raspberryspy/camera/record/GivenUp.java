package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.spool.Spool;
import java.util.List;
import java.util.Optional;

/**
 * A segment that the disk failed on: what was durable of it before.
 *
 * @param spool where it lies
 * @param files its files
 * @param durable size and hash of its beginning, as far as an fsync succeeded; empty before that
 * @param manifest its manifest, where only the sealing failed
 * @param motion in it
 * @param gaps in it, or right before it
 * @param lost the interval that is missing if it cannot be sealed
 */
record GivenUp(
    Spool spool,
    SegmentFiles files,
    Optional<Content> durable,
    Optional<SegmentManifest> manifest,
    SegmentFacts.Motion motion,
    List<Gap> gaps,
    Optional<Gap> lost) {

  /** One of which something plays. */
  static GivenUp of(
      OpenSegment segment,
      Optional<SegmentManifest> manifest,
      SegmentFacts.Motion motion,
      Gap lost) {
    return new GivenUp(
        segment.spool(),
        segment.files(),
        segment.durable(),
        manifest,
        motion,
        segment.gaps(),
        Optional.of(lost));
  }

  /** One of which nothing plays: only the file is left to be deleted. */
  static GivenUp empty(Spool spool, SegmentFiles files) {
    return new GivenUp(
        spool,
        files,
        Optional.empty(),
        Optional.empty(),
        SegmentFacts.Motion.NONE,
        List.of(),
        Optional.empty());
  }
}
