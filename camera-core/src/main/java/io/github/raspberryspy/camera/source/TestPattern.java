package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.segments.Box;
import java.util.ArrayList;
import java.util.List;

/**
 * The truth about the pictures of a {@code test:} source: which objects are where in which frame. A
 * function of its five components alone, so that a reader of a recording can compute what must be
 * in it.
 *
 * <p>Nothing moves for the first 2.5 s at least. Then, in rounds of 9.5 s, each object crosses the
 * picture once, in 3 to 5 s, and rests out of view for 4 to 7 s; all are out of view together for 4
 * s in each round. An object counts from the frame with its first visible column of pixels to the
 * one with its last. The time code and the coded strip, which change with every frame, count as no
 * motion: see {@link StreamInfo#overlays}.
 *
 * @param width pixels across, even, 32 to 7680
 * @param height pixels down, even, 32 to 4320
 * @param fps frames per second, 1 to 240
 * @param objects number of moving objects, 0 to 8
 * @param seed of the times at which they move
 */
public record TestPattern(int width, int height, double fps, int objects, long seed) {

  static final int MIN_SIZE = 32;
  static final int MAX_WIDTH = 7680;
  static final int MAX_HEIGHT = 4320;
  static final int MAX_FPS = 240;
  static final int MAX_OBJECTS = 8;

  private static final double FIRST_SECONDS = 2.5;
  private static final double ROUND_SECONDS = 9.5;
  private static final double MAX_DELAY_SECONDS = 0.5;
  private static final double MIN_CROSSING_SECONDS = 3;
  private static final double MAX_CROSSING_SECONDS = 5;

  /* What is drawn from the seed has a number of its own each. */
  private static final int FIRST = 0;
  private static final int DELAY = 1;
  private static final int CROSSING = 2;
  private static final int DIRECTION = 3;

  /** Checks ranges. */
  public TestPattern {
    require(isSize(width, height), "size " + width + "x" + height);
    require(fps >= 1 && fps <= MAX_FPS, "fps " + fps);
    require(objects >= 0 && objects <= MAX_OBJECTS, "objects " + objects);
  }

  /**
   * Frames in which something moves.
   *
   * @param firstFrame the first of them
   * @param endFrame the one after the last
   */
  public record Interval(long firstFrame, long endFrame) {}

  /**
   * The pattern that a {@code test:} address names; reads {@code size}, {@code fps}, {@code
   * objects} and {@code seed}.
   *
   * @throws CameraException of kind INVALID, for a value out of range
   */
  public static TestPattern of(SourceUri address) {
    int[] size = address.size("size", "1280x720", MIN_SIZE, MAX_WIDTH);
    if (!isSize(size[0], size[1])) {
      String allowed =
          "WIDTHxHEIGHT, even, from 32x32 to "
              + MAX_WIDTH
              + "x"
              + MAX_HEIGHT
              + ", such as 1280x720";
      throw wrong(address, "size", size[0] + "x" + size[1], allowed);
    }
    return new TestPattern(
        size[0],
        size[1],
        address.decimal("fps", 30, 1, MAX_FPS),
        address.integer("objects", 1, 0, MAX_OBJECTS),
        seed(address));
  }

  /** Whether an object can be seen in a frame. */
  public boolean isMoving(long frame) {
    for (int i = 0; i < objects; i++) {
      if (isVisible(i, frame)) {
        return true;
      }
    }
    return false;
  }

  /** Where the objects of a frame are: the visible parts of their boxes, none where all rest. */
  public List<Box> boxes(long frame) {
    TestPatternLayout layout = layout();
    List<Box> boxes = new ArrayList<>();
    for (int i = 0; i < objects; i++) {
      if (isVisible(i, frame)) {
        boxes.add(box(i, frame, layout));
      }
    }
    return boxes;
  }

  /**
   * The intervals in which at least one object can be seen, in order and apart.
   *
   * @param untilFrame frames from this one on are left out, and cut off an interval
   */
  public List<Interval> motion(long untilFrame) {
    List<Interval> intervals = new ArrayList<>();
    for (long round = 0; objects > 0; round++) {
      long first = Long.MAX_VALUE;
      long end = 0;
      for (int i = 0; i < objects; i++) {
        first = Math.min(first, frameAt(startSeconds(i, round)));
        end = Math.max(end, frameAt(startSeconds(i, round) + crossingSeconds(i, round)));
      }
      if (first >= untilFrame) {
        break;
      }
      intervals.add(new Interval(first, Math.min(end, untilFrame)));
    }
    return intervals;
  }

  /** When a frame is shown, microseconds since frame 0. */
  public long ptsUs(long frame) {
    return Math.round(frame * 1e6 / fps);
  }

  boolean isVisible(int object, long frame) {
    return round(frame) >= 0 && isCrossing(object, frame, round(frame));
  }

  /** Column of the object's left edge, in a frame in which it is visible; may be negative. */
  int left(int object, long frame, TestPatternLayout layout) {
    long round = round(frame);
    int travel = TestPatternShape.of(object).width(layout) + width - 1;
    double share = (frame / fps - startSeconds(object, round)) / crossingSeconds(object, round);
    int moved = 1 + Math.min(travel - 1, Math.max(0, (int) (travel * share)));
    boolean rightwards = (object & 1) == 0 == uniform(DIRECTION, 0, round) < 0.5;
    return rightwards ? moved - (travel - width + 1) : width - moved;
  }

  /** Row of the object's top edge. */
  int top(int object, long frame, TestPatternLayout layout) {
    return TestPatternShape.of(object).top(layout, frame / fps);
  }

  TestPatternLayout layout() {
    return TestPatternLayout.of(width, height);
  }

  private Box box(int object, long frame, TestPatternLayout layout) {
    TestPatternShape shape = TestPatternShape.of(object);
    int left = left(object, frame, layout);
    int right = Math.min(width, left + shape.width(layout));
    left = Math.max(0, left);
    return new Box(
        (double) left / width,
        (double) top(object, frame, layout) / height,
        (double) (right - left) / width,
        (double) shape.height(layout) / height);
  }

  private boolean isCrossing(int object, long frame, long round) {
    double start = startSeconds(object, round);
    return frame >= frameAt(start) && frame < frameAt(start + crossingSeconds(object, round));
  }

  /** The first frame at that time or later. */
  private long frameAt(double seconds) {
    return (long) Math.ceil(seconds * fps);
  }

  private long round(long frame) {
    return (long) Math.floor((frame / fps - firstSeconds()) / ROUND_SECONDS);
  }

  private double firstSeconds() {
    return FIRST_SECONDS + uniform(FIRST, 0, 0);
  }

  /*
   * Start s + d(k), d up to 0.5 s, crossing c(k) of 3 to 5 s, rounds of 9.5 s: the rest of an object
   * is 9.5 + d(k+1) - d(k) - c(k), which is 4 to 7 s; and all are at rest from 5.5 s to the round's
   * end. No round depends on one before it, so any frame is found without running up to it.
   */
  private double startSeconds(int object, long round) {
    return firstSeconds()
        + round * ROUND_SECONDS
        + MAX_DELAY_SECONDS * uniform(DELAY, object, round);
  }

  private double crossingSeconds(int object, long round) {
    double spread = MAX_CROSSING_SECONDS - MIN_CROSSING_SECONDS;
    return MIN_CROSSING_SECONDS + spread * uniform(CROSSING, object, round);
  }

  /** A number from 0 (inclusive) to 1, evenly spread, the same for the same arguments. */
  private double uniform(int what, int object, long round) {
    long mixed = mix(mix(mix(seed) + 31L * object + what) + round);
    return (mixed >>> 11) * 0x1.0p-53;
  }

  /**
   * Scatters the bits of a number. Source: the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
   */
  private static long mix(long bits) {
    long z = bits + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private static boolean isSize(int width, int height) {
    return width >= MIN_SIZE
        && width <= MAX_WIDTH
        && height >= MIN_SIZE
        && height <= MAX_HEIGHT
        && width % 2 == 0
        && height % 2 == 0;
  }

  private static long seed(SourceUri address) {
    String value = address.text("seed", "7");
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw wrong(address, "seed", value, "a whole number of at most 64 bits");
    }
  }

  private static CameraException wrong(
      SourceUri address, String key, String value, String allowed) {
    return new CameraException(
        Kind.INVALID,
        "source " + address + ": key \"" + key + "\" is \"" + value + "\"; allowed is " + allowed);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what + " is out of range");
    }
  }
}
