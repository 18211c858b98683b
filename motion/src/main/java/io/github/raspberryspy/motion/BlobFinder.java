package io.github.raspberryspy.motion;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.indexer.IntIndexer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/** Finds connected areas in a mask. One thread at a time. */
final class BlobFinder implements AutoCloseable {

  private final int columns;
  private final Mat labels;
  private final IntPointer labelData;
  private final int[] label;
  private final Mat stats = new Mat();
  private final Mat centroids = new Mat();

  BlobFinder(int columns, int rows) {
    this.columns = columns;
    this.labels = new Mat(rows, columns, opencv_core.CV_32SC1);
    this.labelData = new IntPointer(labels.data());
    this.label = new int[columns * rows];
  }

  /** The areas in a mask, touching corners included. */
  List<Blob> find(Mat mask) {
    int count = opencv_imgproc.connectedComponentsWithStats(mask, labels, stats, centroids);
    labelData.get(label);
    List<Blob> blobs = new ArrayList<>(count);
    int[] row = new int[5];
    try (IntIndexer table = stats.createIndexer()) {
      for (int i = 1; i < count; i++) {
        table.get(i, row);
        blobs.add(new Blob(i, row));
      }
    }
    return blobs;
  }

  /** Visits each cell of an area that was found last. */
  void forEachCell(Blob blob, IntConsumer visitor) {
    for (int y = blob.top; y < blob.bottom; y++) {
      int end = y * columns + blob.right;
      for (int cell = y * columns + blob.left; cell < end; cell++) {
        if (label[cell] == blob.label) {
          visitor.accept(cell);
        }
      }
    }
  }

  @Override
  public void close() {
    labelData.close();
    labels.close();
    stats.close();
    centroids.close();
  }
}
