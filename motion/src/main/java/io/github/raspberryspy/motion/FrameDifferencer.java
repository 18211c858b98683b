package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Image;
import org.bytedeco.opencv.global.opencv_core;

/**
 * Compares each picture with what the scene usually looks like. Everything that touches pixels is
 * OpenCV's, on the calling thread. One thread at a time; for one size and format of picture.
 */
final class FrameDifferencer implements AutoCloseable {

  private static final double MAX_SECONDS = 1;

  static {
    Natives.load();
  }

  private final LumaGrid grid;
  private final SceneModel scene;
  private final BodyFinder bodies;

  private final CellMap watched;
  private final CellMap luma;
  private boolean isOrdinary = true; // the latest picture, all of it
  private long lastNanos = Long.MIN_VALUE;

  FrameDifferencer(MotionConfig config, Image image) {
    grid = new LumaGrid(image);
    ZoneMap zones = new ZoneMap(config, grid.columns(), grid.rows());
    double caution = config.caution() * config.expert().contrast();
    scene = new SceneModel(grid.columns(), grid.rows(), caution, zones.weights());
    bodies = new BodyFinder(grid.columns(), grid.rows(), config, zones);
    luma = new CellMap(grid.columns(), grid.rows());
    watched = new CellMap(grid.columns(), grid.rows());
    System.arraycopy(zones.watched(), 0, watched.cells(), 0, watched.cells().length);
    watched.push();
  }

  /** Whether it was made for pictures like this one. */
  boolean fits(Image image) {
    return grid.fits(image);
  }

  /** What moves in the next picture. */
  Observation observe(Image image, long nanos) {
    double seconds =
        lastNanos == Long.MIN_VALUE ? 0 : Math.min(MAX_SECONDS, (nanos - lastNanos) / 1e9);
    lastNanos = nanos;
    Observation seen = Observation.NOTHING;
    // What a mask covers is made the same in every picture, before anything is smoothed or learnt.
    opencv_core.bitwise_and(grid.read(image), watched.mat(), luma.mat());
    isOrdinary = !scene.update(luma.mat(), seconds);
    if (!isOrdinary) {
      seen = bodies.find(scene, nanos);
    }
    scene.learn(seconds, bodies.kept());
    return seen;
  }

  /** What was seen in the latest picture. */
  DetectorView view() {
    int cells = grid.columns() * grid.rows();
    byte[] brightness = luma.pull().clone();
    byte[] usual = new byte[cells];
    byte[] mask = new byte[cells];
    scene.show(usual, mask);
    return new DetectorView(
        grid.columns(), grid.rows(), brightness, usual, mask, isOrdinary ? 0 : bodies.heaviest());
  }

  /** Shows the latest picture to somebody who watches the view. */
  void show(TamperWatch tamper, long nanos) {
    if (tamper.isDue(nanos)) {
      tamper.look(grid.columns(), grid.rows(), luma.pull(), watched.cells(), nanos);
    }
  }

  /** Whether nothing in the latest picture was out of the ordinary. */
  boolean isOrdinary() {
    return isOrdinary;
  }

  @Override
  public void close() {
    luma.close();
    watched.close();
    bodies.close();
    scene.close();
    grid.close();
  }
}
