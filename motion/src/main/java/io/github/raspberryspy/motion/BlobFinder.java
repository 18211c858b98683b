package io.github.raspberryspy.motion;

import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.EventSpan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.javacpp.indexer.IntIndexer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/** Finds connected areas in a mask. */
final class BlobFinder implements AutoCloseable {

  private final int columns;
  private final int rows;
  private final int leastCells;
  private final Mat labels = new Mat();
  private final Mat stats = new Mat();
  private final Mat centroids = new Mat();

  BlobFinder(int columns, int rows, int leastCells) {
    this.columns = columns;
    this.rows = rows;
    this.leastCells = leastCells;
  }

  /** The areas that are large enough. */
  Observation find(Mat mask) {
    if (opencv_core.countNonZero(mask) < leastCells) {
      return Observation.NOTHING;
    }
    int count = opencv_imgproc.connectedComponentsWithStats(mask, labels, stats, centroids);
    List<int[]> found = new ArrayList<>();
    int cells = 0;
    try (IntIndexer table = stats.createIndexer()) {
      for (int i = 1; i < count; i++) {
        int[] blob = new int[5];
        table.get(i, blob);
        if (blob[4] >= leastCells) {
          found.add(blob);
          cells += blob[4];
        }
      }
    }
    if (found.isEmpty()) {
      return Observation.NOTHING;
    }
    found.sort(Comparator.comparingInt(blob -> -blob[4]));
    List<Box> boxes = found.stream().limit(EventSpan.MAX_BOXES).map(this::box).toList();
    return new Observation(cells / (double) (columns * rows), boxes);
  }

  @Override
  public void close() {
    labels.close();
    stats.close();
    centroids.close();
  }

  private Box box(int[] blob) {
    return new Box(
        blob[0] / (double) columns,
        blob[1] / (double) rows,
        blob[2] / (double) columns,
        blob[3] / (double) rows);
  }
}
