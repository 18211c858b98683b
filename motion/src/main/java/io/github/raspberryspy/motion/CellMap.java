package io.github.raspberryspy.motion;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;

/**
 * One byte for each cell of the grid, as a matrix for OpenCV and as an array for loops. The matrix
 * never moves, so the pointer to it is made once.
 */
final class CellMap implements AutoCloseable {

  private final Mat mat;
  private final BytePointer data;
  private final byte[] cells;

  /** A map of zeros. */
  CellMap(int columns, int rows) {
    try (Scalar zero = new Scalar(0)) {
      mat = new Mat(rows, columns, opencv_core.CV_8UC1, zero);
    }
    data = mat.data();
    cells = new byte[columns * rows];
  }

  /** For OpenCV to read and to write, in place. */
  Mat mat() {
    return mat;
  }

  /** The array, as it was last pulled or as it will be pushed. */
  byte[] cells() {
    return cells;
  }

  /** Copies from the matrix to the array. */
  byte[] pull() {
    data.get(cells);
    return cells;
  }

  /** Copies from the array to the matrix. */
  void push() {
    data.put(cells);
  }

  @Override
  public void close() {
    data.close();
    mat.close();
  }
}
