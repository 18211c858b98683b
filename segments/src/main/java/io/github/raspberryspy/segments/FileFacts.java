package io.github.raspberryspy.segments;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a segment's own file says of it, for a manifest that its recorder did not come to write.
 * Immutable and thread-safe.
 */
public final class FileFacts {

  /** Why it is not known what moved in a segment whose recorder did not finish it. */
  public static final String CUT_OFF = "the recording was cut off";

  private final FragmentedMp4 file;
  private final SegmentHeader header;

  private FileFacts(FragmentedMp4 file, SegmentHeader header) {
    this.file = file;
    this.header = header;
  }

  /** Of this file; empty where it holds no picture, or is no recorder's. */
  public static Optional<FileFacts> of(FragmentedMp4 file) {
    return file.frames() == 0
        ? Optional.empty()
        : file.header().map(header -> new FileFacts(file, header));
  }

  /** What its recorder wrote at its beginning. */
  public SegmentHeader header() {
    return header;
  }

  /** Wall time at which its last whole fragment ends. */
  public Instant end() {
    return header.start().plus(file.durationUs(), ChronoUnit.MICROS);
  }

  /** What is missing between its pictures, in order. */
  public List<Gap> holes(String reason) {
    List<Gap> gaps = new ArrayList<>();
    for (FragmentedMp4.Hole hole : file.holes()) {
      gaps.add(
          new Gap(
              header.start().plus(hole.fromUs(), ChronoUnit.MICROS),
              header.start().plus(hole.toUs(), ChronoUnit.MICROS),
              reason));
    }
    return gaps;
  }

  /** All of it is a stretch of which nobody knows what moved. */
  public List<UnknownSpan> unknown() {
    return List.of(new UnknownSpan(header.start(), end(), CUT_OFF));
  }

  /**
   * The manifest.
   *
   * @param content size and hash of the file, which ends with its last whole fragment
   * @throws IllegalArgumentException if the file says what cannot be
   */
  public SegmentManifest manifest(
      Content content,
      List<EventSpan> motion,
      List<UnknownSpan> unknown,
      List<Gap> gaps,
      CloseReason closed) {
    return new SegmentManifest(
        header.id(),
        header.start(),
        end(),
        header.clock(),
        header.firstPtsUs(),
        file.frames(),
        new VideoFormat(file.codec(), file.width(), file.height(), header.fps()),
        file.audioFormat(),
        content,
        motion,
        unknown,
        gaps,
        closed);
  }
}
