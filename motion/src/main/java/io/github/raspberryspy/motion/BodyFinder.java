package io.github.raspberryspy.motion;

import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.EventSpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Tells bodies from whatever else is out of the ordinary: an area that lasts and goes to new places
 * is a body, and it stays one while it stands. One thread at a time.
 */
final class BodyFinder implements AutoCloseable {

  private static final long MAX_STEP_NANOS = 500_000_000L;

  /** A body weighs at least this share of the picture, at sensitivity 50. */
  private static final double LEAST_MASS = 0.0003;

  /** Areas below this share of the picture are small: where there are more than a few, clutter. */
  private static final double SMALL = 0.003;

  private static final int FEW = 3;
  private static final double CLUTTER = 0.5;

  /** For about so long their number is remembered, and a little more than it counts. */
  private static final double CLUTTER_SECONDS = 3;

  private static final double CLUTTERED = 1.2;

  /** With no more small areas than this, one is recognised a cell away from where it was. */
  private static final int CALM = 4;

  /** With more of them, a body is told only after it has moved for so long, all in all. */
  private static final long SURE_NANOS = 400_000_000L;

  /** The lightest must be followed for so long before they count, those of the sure mass not. */
  private static final double LEAST_AGE_NANOS = 0.7e9;

  private static final double SURE_MASS = 0.004;

  private static final double MOST_SUPPORT = 3;

  /** Who has moved for a second may stand for so many. */
  private static final long CREDIT = 20;

  /** What weighs so many times as much as a body must may go by leaps. */
  private static final double LEAPING_MASS = 4;

  private static final double STANDING_MASS = 0.7;
  private static final double STANDING_KNOWN = 0.3;

  /**
   * Who moves while all of the picture deviates by that many times more than usual earns nothing.
   */
  private static final double MOST_SCALE = 1.5;

  private final int columns;
  private final int rows;
  private final ZoneMap zones;
  private final double cells;
  private final double leastMass;
  private final long standingNanos;
  private final BlobFinder finder;
  private final CellHistory history;
  private final Leaps leaps = new Leaps();
  private final CellMap kept;
  private double heaviest;
  private double clutter; // how many small areas there were lately
  private long lastNanos = Long.MIN_VALUE;

  BodyFinder(int columns, int rows, MotionConfig config, ZoneMap zones) {
    this.columns = columns;
    this.rows = rows;
    this.zones = zones;
    this.cells = (double) columns * rows;
    this.leastMass = LEAST_MASS * cells * config.caution() * config.expert().weight();
    this.standingNanos = config.expert().standing().toNanos();
    this.finder = new BlobFinder(columns, rows);
    this.history = new CellHistory(columns * rows);
    this.kept = new CellMap(columns, rows);
  }

  /**
   * 255 in cells of bodies, which are not to become background. Of the latest picture with anything
   * out of the ordinary.
   */
  CellMap kept() {
    return kept;
  }

  /** Weight of the heaviest area that was found last, in times what a body must weigh. */
  double heaviest() {
    return heaviest;
  }

  /** The bodies in the latest picture. */
  Observation find(SceneModel scene, long nanos) {
    long step = lastNanos == Long.MIN_VALUE ? 0 : Math.min(MAX_STEP_NANOS, nanos - lastNanos);
    lastNanos = nanos;
    List<Blob> blobs = finder.find(scene.mask());
    double bar = bar(blobs, step / 1e9);
    measure(blobs, scene, nanos);
    leaps.find(blobs, LEAPING_MASS * bar, nanos);
    for (Blob blob : blobs) {
      finder.forEachCell(blob, cell -> history.enter(blob, cell, nanos));
    }
    heaviest = 0;
    Arrays.fill(kept.cells(), (byte) 0);
    List<Blob> found = new ArrayList<>();
    for (Blob blob : blobs) {
      heaviest = Math.max(heaviest, blob.mass / bar);
      if (isWalking(blob, bar, nanos)) {
        blob.movedNanos += scene.scale() > MOST_SCALE ? 0 : step;
        long credit = Math.min(standingNanos, CREDIT * blob.movedNanos);
        blob.untilNanos = Math.max(blob.untilNanos, nanos + credit);
        found.add(blob);
      } else if (isStanding(blob, bar)) {
        found.add(blob);
      }
    }
    for (Blob blob : found) {
      keep(blob, nanos);
    }
    kept.push();
    found.removeIf(blob -> clutter > CALM && blob.movedNanos < SURE_NANOS);
    return observation(found);
  }

  @Override
  public void close() {
    kept.close();
  }

  private void measure(List<Blob> blobs, SceneModel scene, long nanos) {
    byte[] support = scene.support();
    byte[] active = scene.active();
    byte[] richer = scene.richer();
    float[] weights = zones.weights();
    double unit = SceneModel.UNIT * scene.scale();
    for (Blob blob : blobs) {
      blob.sinceNanos = nanos;
      finder.forEachCell(
          blob,
          cell -> {
            double mass = Math.min(MOST_SUPPORT, (support[cell] & 255) / unit);
            blob.mass += weights.length == 0 ? mass : mass * weights[cell];
            blob.active += active[cell] == 0 ? 0 : 1;
            blob.richer += richer[cell] == 0 ? 0 : 1;
          });
      remind(blob, nanos);
    }
  }

  /** Tells a blob what is known of the cells that it is in, or next to. */
  private void remind(Blob blob, long nanos) {
    int reach = clutter > CALM ? 0 : 1;
    int right = Math.min(columns, blob.right + reach);
    int bottom = Math.min(rows, blob.bottom + reach);
    for (int y = Math.max(0, blob.top - reach); y < bottom; y++) {
      for (int x = Math.max(0, blob.left - reach); x < right; x++) {
        history.remind(blob, y * columns + x, nanos);
      }
    }
  }

  /** What a body must weigh: the more where many small areas come and go, as in rain and snow. */
  private double bar(List<Blob> blobs, double seconds) {
    int small = 0;
    for (Blob blob : blobs) {
      small += blob.area < SMALL * cells ? 1 : 0;
    }
    clutter += (1 - Math.exp(-seconds / CLUTTER_SECONDS)) * (small - clutter);
    double many = Math.max(small, CLUTTERED * clutter);
    return leastMass * (1 + CLUTTER * Math.max(0, many - FEW));
  }

  private boolean isWalking(Blob blob, double bar, long nanos) {
    double leastAge = LEAST_AGE_NANOS * Math.min(1, SURE_MASS * cells / Math.max(1, blob.mass));
    return blob.mass >= bar
        && blob.moves()
        && (blob.known > 0 || blob.travels())
        && nanos - blob.sinceNanos >= leastAge;
  }

  private static boolean isStanding(Blob blob, double bar) {
    return blob.mass >= STANDING_MASS * bar
        && blob.known > STANDING_KNOWN * blob.area
        && !blob.isGhost();
  }

  private void keep(Blob blob, long nanos) {
    byte[] now = kept.cells();
    finder.forEachCell(
        blob,
        cell -> {
          history.keep(blob, cell, nanos);
          now[cell] = (byte) 255;
        });
  }

  private Observation observation(List<Blob> found) {
    if (found.isEmpty()) {
      return Observation.NOTHING;
    }
    found.sort(Comparator.comparingInt(blob -> -blob.area));
    int area = 0;
    List<Body> bodies = new ArrayList<>();
    for (Blob blob : found) {
      List<String> touched = zones.touched(finder, blob);
      if (zones.hasTriggers() && touched.isEmpty()) {
        continue; // it is kept all the same, so that it is known when it enters a zone
      }
      area += blob.area;
      if (bodies.size() < EventSpan.MAX_BOXES) {
        Box box = blob.box(columns, rows);
        bodies.add(new Body(0, box, blob.area / cells, blob.sinceNanos, touched));
      }
    }
    return bodies.isEmpty() ? Observation.NOTHING : new Observation(area / cells, bodies);
  }
}
