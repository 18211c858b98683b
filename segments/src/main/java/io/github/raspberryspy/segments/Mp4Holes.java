package io.github.raspberryspy.segments;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds, among the decode times of a file's pictures, where some are missing: where one is shown
 * for more than 1.75 frame intervals, or the next fragment begins that late. For one thread.
 */
final class Mp4Holes {

  /** More are no news any more, and could be many in a file that means ill. */
  private static final int MOST = 1000;

  private final Mp4Timing timing;
  private final long intervalTicks;
  private final List<Hole> holes = new ArrayList<>();

  /** An interval without a picture, ticks. */
  record Hole(long from, long to) {}

  /** Of a track with so many frames a second; 0 where that is not known, and no hole is one. */
  Mp4Holes(Mp4Timing timing, double fps) {
    this.timing = timing;
    this.intervalTicks = fps > 0 ? Math.round(timing.timescale() / fps) : 0;
  }

  /** So many pictures are shown from this time on, for so long each. */
  void shown(long at, long duration, long count) {
    if (isHole(duration - intervalTicks)) {
      for (long i = 0; i < Math.min(count, MOST); i++) {
        missing(at + i * duration + intervalTicks, at + (i + 1) * duration);
      }
    }
  }

  /** There is no picture between these moments. */
  void missing(long from, long to) {
    if (isHole(to - from) && holes.size() < MOST) {
      holes.add(new Hole(from, to));
    }
  }

  private boolean isHole(long ticks) {
    return intervalTicks > 0 && ticks > intervalTicks * 3 / 4;
  }

  /** Takes these over. */
  void addAll(Mp4Holes others) {
    others.holes.stream().limit(MOST - holes.size()).forEach(holes::add);
  }

  /** Those found, relative to this time. */
  List<FragmentedMp4.Hole> since(long start) {
    return holes.stream()
        .map(
            hole ->
                new FragmentedMp4.Hole(
                    timing.micros(hole.from() - start), timing.micros(hole.to() - start)))
        .toList();
  }
}
