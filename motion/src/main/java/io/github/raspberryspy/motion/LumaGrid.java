package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.camera.PixelFormat;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * A picture's brightness, reduced to a small grid of cells: the only pass over the pixels.
 *
 * <p>The luma plane is wrapped, not copied; the wrapping is pointed to each frame anew. Where cells
 * are tall, only some of their rows are read (from two on). One thread at a time.
 */
final class LumaGrid implements AutoCloseable {

  /*
   * OpenCV vectorises two reductions: the mean of 2x2 pixels, and linear interpolation, which is the
   * mean of two at a factor of two. A mean over any other factor costs more than reading the plane.
   * So the way down is halvings, both ways as long as there are rows, and one step of less than two
   * at the end, over what little is left. No pixel that was read is left out.
   */

  private static final int CELLS = 10_000;

  /** So many pixels of each cell are read, in rows: a mean of more has hardly less noise. */
  private static final double PIXELS = 28;

  private static final int LEAST_ROWS = 2;
  private static final int MOST_ROWS = 4;

  /** Halved once more where that leaves a little less than the grid has: rows cost the most. */
  private static final double NEARLY = 0.85;

  private final int width;
  private final int height;
  private final int stride;
  private final PixelFormat format;
  private final int columns;
  private final int rows;
  private final int firstRow;
  private final Window window = new Window();
  private final Mat source;
  private final List<Step> steps = new ArrayList<>();
  private final Mat luma;

  LumaGrid(Image image) {
    width = image.width();
    height = image.height();
    format = image.format();
    stride = image.stride(0);
    double side = Math.max(1, Math.sqrt((double) width * height / CELLS));
    columns = cells(width / side);
    rows = cells(height / side);
    double rowsPerCell = Math.max(LEAST_ROWS, Math.min(MOST_ROWS, Math.ceil(PIXELS / side)));
    int every = Math.max(1, (int) (height / (NEARLY * rows * rowsPerCell)));
    firstRow = every / 2;
    int type = opencv_core.CV_8UC(format.lumaStep());
    int sampled = (height - firstRow - 1) / every + 1;
    window.pointTo(image.address(0));
    source =
        new Mat(
            canHalve(sampled, rows) ? sampled & ~1 : sampled,
            canHalve(width, columns) ? width & ~1 : width,
            type,
            window,
            (long) stride * every);
    planSteps();
    luma = type == opencv_core.CV_8UC1 ? reduced() : new Mat();
  }

  /** Number of cells across. */
  int columns() {
    return columns;
  }

  /** Number of cells down. */
  int rows() {
    return rows;
  }

  /** Whether pictures of this kind can be read. */
  boolean fits(Image image) {
    return image.width() == width
        && image.height() == height
        && image.format() == format
        && image.stride(0) == stride;
  }

  /**
   * Reads a picture: mean luma of each cell, 8 bits. It belongs to the grid until the next call.
   */
  Mat read(Image image) {
    window.pointTo(image.address(0) + (long) firstRow * stride);
    source.data(window);
    for (int i = 0; i < steps.size(); i++) {
      steps.get(i).run();
    }
    if (format.lumaStep() > 1) {
      opencv_core.extractChannel(reduced(), luma, format.lumaOffset());
    }
    return luma;
  }

  @Override
  public void close() {
    for (Step step : steps) {
      step.from().close();
      step.to().close();
      step.size().close();
    }
    luma.close();
    source.close();
    window.close();
  }

  /** A multiple of the blocks that contrast is taken from. */
  private static int cells(double number) {
    int block = LocalContrast.BLOCK;
    return Math.max(block, block * (int) Math.round(number / block));
  }

  private Mat reduced() {
    return steps.get(steps.size() - 1).to();
  }

  private void planSteps() {
    Mat last = source;
    boolean isAcross = canHalve(last.cols(), columns);
    boolean isDown = canHalve(last.rows(), rows);
    while (isAcross || isDown) {
      Mat from = even(last, isAcross, isDown);
      int across = isAcross ? from.cols() / 2 : from.cols();
      int down = isDown ? from.rows() / 2 : from.rows();
      last = new Mat(down, across, source.type());
      steps.add(new Step(from, last));
      isAcross = canHalve(across, columns);
      isDown = canHalve(down, rows);
    }
    steps.add(new Step(last, new Mat(rows, columns, source.type())));
  }

  private static boolean canHalve(int number, int cells) {
    return number >= 2 * NEARLY * cells;
  }

  /** The same without its last column or row, where it is to be halved and their number is odd. */
  private static Mat even(Mat mat, boolean isAcross, boolean isDown) {
    int across = isAcross ? mat.cols() & ~1 : mat.cols();
    int down = isDown ? mat.rows() & ~1 : mat.rows();
    return across == mat.cols() && down == mat.rows()
        ? mat
        : new Mat(mat, new Rect(0, 0, across, down));
  }

  /** One reduction. */
  private record Step(Mat from, Mat to, Size size) {
    Step(Mat from, Mat to) {
      this(from, to, new Size(to.cols(), to.rows()));
    }

    void run() {
      // At half the size both ways this is the mean of 2x2.
      opencv_imgproc.resize(from, to, size, 0, 0, opencv_imgproc.INTER_LINEAR);
    }
  }

  /** A pointer that can be set to any address, without owning what lies there. */
  private static final class Window extends BytePointer {
    Window() {
      super((Pointer) null);
    }

    void pointTo(long to) {
      address = to;
    }
  }
}
