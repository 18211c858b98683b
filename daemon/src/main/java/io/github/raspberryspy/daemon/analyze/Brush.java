package io.github.raspberryspy.daemon.analyze;

import java.text.Normalizer;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/**
 * Lines, areas and words in a picture of blue, green and red. What it makes for each call belongs
 * to the caller's scope of native memory.
 */
final class Brush {

  /* Numbers and no scalars: those that are made within a scope of native memory go with it. */
  static final int WHITE = 0xffffff;
  static final int GRAY = 0x969696;
  static final int DARK = 0x16181c;
  static final int BLACK = 0x000000;
  static final int RED = 0xeb3c3c;
  static final int DARK_RED = 0x6e1e1e;
  static final int ORANGE = 0xff9628;
  static final int YELLOW = 0xfae13c;
  static final int CYAN = 0x46c8e6;

  private static final int FONT = opencv_imgproc.FONT_HERSHEY_SIMPLEX;
  private static final double SCALE = 0.45;
  private static final int LETTER = 8; // pixels at most, across

  private Brush() {}

  static void line(Mat on, double x1, double y1, double x2, double y2, int colour, int width) {
    opencv_imgproc.line(
        on, point(x1, y1), point(x2, y2), scalar(colour), width, opencv_imgproc.LINE_AA, 0);
  }

  static void frame(Mat on, double left, double top, double right, double bottom, int colour) {
    opencv_imgproc.rectangle(
        on, point(left, top), point(right, bottom), scalar(colour), 2, opencv_imgproc.LINE_8, 0);
  }

  static void fill(Mat on, double left, double top, double right, double bottom, int colour) {
    int x = clamp(left, on.cols());
    int y = clamp(top, on.rows());
    int width = clamp(right, on.cols()) - x;
    int height = clamp(bottom, on.rows()) - y;
    if (width > 0 && height > 0) {
      new Mat(on, new Rect(x, y, width, height)).put(scalar(colour));
    }
  }

  /** Words on a dark ground, with their upper left corner there. */
  static void text(Mat on, String words, double x, double y, int colour) {
    fill(on, x, y, x + 8 + LETTER * words.length(), y + 20, BLACK);
    opencv_imgproc.putText(
        on,
        Normalizer.normalize(words, Normalizer.Form.NFD).replaceAll("\\p{M}", ""),
        point(x + 4, y + 14),
        FONT,
        SCALE,
        scalar(colour),
        1,
        opencv_imgproc.LINE_AA,
        false);
  }

  /** A picture of one colour, as large as another. */
  static Mat plain(Mat like, int colour) {
    return new Mat(like.rows(), like.cols(), like.type(), scalar(colour));
  }

  static Point point(double x, double y) {
    return new Point((int) Math.round(x), (int) Math.round(y));
  }

  /** Red, green and blue as they are written: 0xff8000 is orange. */
  static Scalar scalar(int colour) {
    return new Scalar(colour & 255, (colour >> 8) & 255, (colour >> 16) & 255, 0);
  }

  private static int clamp(double value, int most) {
    return (int) Math.max(0, Math.min(most, Math.round(value)));
  }
}
