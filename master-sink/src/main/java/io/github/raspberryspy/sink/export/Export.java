package io.github.raspberryspy.sink.export;

import io.github.raspberryspy.segments.Mp4Join;
import java.time.Instant;
import java.util.List;

/**
 * A range of footage as one file, that can be written.
 *
 * @param range what was asked for
 * @param start when its first picture was filmed: at the last keyframe at or before what was asked
 *     for
 * @param end when its last picture's display ends
 * @param segments how many it is from
 * @param missing where nothing is of what was asked for, also before the start and after the end;
 *     the file does not wait there
 * @param unreadable how many segments are damaged, so that some or all of them may be missing too
 * @param etag names these bytes
 * @param fileName for who keeps it
 * @param file itself
 */
public record Export(
    ExportRange range,
    Instant start,
    Instant end,
    int segments,
    List<Hole> missing,
    int unreadable,
    String etag,
    String fileName,
    Mp4Join file) {

  /** A time without footage. */
  public record Hole(Instant start, Instant end) {}

  /** Copies the list. */
  public Export {
    missing = List.copyOf(missing);
  }
}
