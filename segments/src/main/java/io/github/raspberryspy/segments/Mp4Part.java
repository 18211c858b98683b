package io.github.raspberryspy.segments;

import java.io.IOException;
import java.util.Optional;

/**
 * A stretch of one fragmented MP4 file that is to stand in another: whole fragments, and before and
 * behind them maybe a part of one. Immutable.
 */
public final class Mp4Part {

  /** What is smaller cannot even be free space. */
  static final int SMALLEST_BOX = 8;

  private final Mp4Source source;
  private final Mp4Head head;
  private final Optional<Mp4Splice> first;
  private final long from;
  private final long to;
  private final Optional<Mp4Splice> last;
  private final Span span;

  /**
   * Where it lies in time.
   *
   * @param startUs of its first picture, since the file's first one, microseconds
   * @param durationUs from there to the end of its last picture
   */
  record Span(long startUs, long durationUs) {}

  Mp4Part(
      Mp4Source source,
      Mp4Head head,
      Optional<Mp4Splice> first,
      Mp4Splice.Range whole,
      Optional<Mp4Splice> last,
      Span span) {
    this.source = source;
    this.head = head;
    this.first = first;
    this.from = whole.from();
    this.to = whole.from() + whole.bytes();
    this.last = last;
    this.span = span;
  }

  /**
   * All of a file.
   *
   * @param durationUs of its pictures, microseconds, as far as is known
   */
  public static Mp4Part whole(Mp4Source source, Mp4Head head, long durationUs) {
    long from = head.firstFragment();
    long bytes = source.bytes() - from;
    return new Mp4Part(
        source,
        head,
        Optional.empty(),
        new Mp4Splice.Range(from, bytes < SMALLEST_BOX ? 0 : bytes),
        Optional.empty(),
        new Span(0, durationUs));
  }

  /**
   * From the last keyframe at or before a moment to the last picture that begins before another.
   * The heads of the fragments up to there are read, and nothing else.
   *
   * @param fromUs since the file's first picture, microseconds
   * @param toUs likewise
   * @return empty where no picture lies there
   * @throws IOException if the file cannot be read
   */
  public static Optional<Mp4Part> cut(Mp4Source source, Mp4Head head, long fromUs, long toUs)
      throws IOException {
    return new Mp4Cut(source, head, fromUs, toUs).part();
  }

  /** How the file begins. */
  public Mp4Head head() {
    return head;
  }

  /** When its first picture is shown, since the file's first one, microseconds. */
  public long startUs() {
    return span.startUs();
  }

  /** How long its pictures last, microseconds. */
  public long durationUs() {
    return span.durationUs();
  }

  /** What it takes in another file. */
  public long bytes() {
    return to
        - from
        + first.map(Mp4Splice::bytes).orElse(0L)
        + last.map(Mp4Splice::bytes).orElse(0L);
  }

  Mp4Source source() {
    return source;
  }

  Optional<Mp4Splice> first() {
    return first;
  }

  long from() {
    return from;
  }

  long to() {
    return to;
  }

  Optional<Mp4Splice> last() {
    return last;
  }
}
