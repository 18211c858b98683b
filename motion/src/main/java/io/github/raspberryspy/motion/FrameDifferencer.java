package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.segments.Box;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

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

  /** Cells around a mask that are passed over too: the way down to the grid is not sharp. */
  private static final int MARGIN = 1;

  private final Mat watched;
  private final Mat luma = new Mat();
  private long lastNanos = Long.MIN_VALUE;

  FrameDifferencer(MotionConfig config, Image image) {
    grid = new LumaGrid(image);
    scene = new SceneModel(grid.columns(), grid.rows(), config.caution());
    bodies = new BodyFinder(grid.columns(), grid.rows(), config);
    watched = watched(config);
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
    opencv_core.bitwise_and(grid.read(image), watched, luma);
    if (scene.update(luma, seconds)) {
      seen = bodies.find(scene, nanos);
    }
    scene.learn(seconds, bodies.kept());
    return seen;
  }

  @Override
  public void close() {
    luma.close();
    watched.close();
    bodies.close();
    scene.close();
    grid.close();
  }

  /** 255 in each cell that counts. */
  private Mat watched(MotionConfig config) {
    Mat mat = new Mat(grid.rows(), grid.columns(), opencv_core.CV_8UC1, new Scalar(255));
    for (Box mask : config.masks()) {
      int left = Math.max(0, (int) Math.floor(mask.x() * grid.columns()) - MARGIN);
      int top = Math.max(0, (int) Math.floor(mask.y() * grid.rows()) - MARGIN);
      int right = ceil((mask.x() + mask.width()) * grid.columns() + MARGIN, grid.columns());
      int bottom = ceil((mask.y() + mask.height()) * grid.rows() + MARGIN, grid.rows());
      if (right > left && bottom > top) {
        new Mat(mat, new Rect(left, top, right - left, bottom - top)).put(new Scalar(0));
      }
    }
    return mat;
  }

  private static int ceil(double value, int most) {
    return Math.min(most, (int) Math.ceil(value - 1e-9));
  }
}
