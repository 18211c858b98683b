package io.github.raspberryspy.segments;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Parts of fragmented MP4 files, one behind the other, as one such file. Its size is known before
 * it is written, any range of it can be written, and however long it is, one fragment's head at a
 * time is in memory.
 *
 * <p>Each part follows the one before it at once, whatever lay between them: no player shows a gap
 * of hours as anything but a picture that stands still. Where a part turns out to be damaged, what
 * lies behind the damage becomes free space, as {@link FragmentedMp4} does not trust it either.
 *
 * <p>Immutable and thread-safe. The parts are decoded as the first of them that has sound, or as
 * the first: whoever joins them asks {@link Mp4Head#differsFrom} before.
 */
public final class Mp4Join {

  private final List<Mp4Part> parts;
  private final byte[] init;
  private final long bytes;

  /**
   * Joins parts, one at least.
   *
   * @throws DamagedVideoException if the beginning of the first one makes no sense
   */
  public Mp4Join(List<Mp4Part> parts, Mp4Label label) throws IOException {
    this.parts = List.copyOf(parts);
    Mp4Head head =
        parts.stream()
            .map(Mp4Part::head)
            .filter(Mp4Head::hasSound)
            .findFirst()
            .orElseGet(() -> parts.get(0).head());
    long durationUs = parts.stream().mapToLong(Mp4Part::durationUs).sum();
    try {
      init = new Mp4Init(head, durationUs, label).bytes();
    } catch (Mp4Boxes.Damaged e) {
      throw new DamagedVideoException(e.getMessage(), e);
    }
    bytes = init.length + parts.stream().mapToLong(Mp4Part::bytes).sum();
  }

  /** How many there are. */
  public long bytes() {
    return bytes;
  }

  /**
   * Writes a range of it.
   *
   * @param first byte that is wanted, from 0
   * @param count of bytes, within {@link #bytes}
   * @throws IOException if a source cannot be read or the stream takes no more; what was written
   *     until then is right
   */
  public void write(OutputStream out, long first, long count) throws IOException {
    Mp4Window window = new Mp4Window(out, first, count);
    window.write(init, 0, init.length);
    Mp4JoinWriter writer = new Mp4JoinWriter(window);
    for (Mp4Part part : parts) {
      if (window.isDone()) {
        break;
      }
      writer.write(part);
    }
    out.flush();
  }
}
