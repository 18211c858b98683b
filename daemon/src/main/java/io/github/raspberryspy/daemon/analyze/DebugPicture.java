package io.github.raspberryspy.daemon.analyze;

import io.github.raspberryspy.motion.Body;
import io.github.raspberryspy.motion.DetectorView;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.MotionEvent;
import io.github.raspberryspy.motion.PathPoint;
import io.github.raspberryspy.motion.Zone;
import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.Polygon;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.MatVector;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Paints what the detector sees in one picture into three panels: the picture with what was found
 * in it, what is usual, and what is out of the ordinary. What is private is black in each.
 */
final class DebugPicture {

  private static final double DIM = 0.7;

  private final MotionConfig config;
  private final List<Box> privacy;

  DebugPicture(MotionConfig config, List<Box> privacy) {
    this.config = config;
    this.privacy = privacy;
  }

  /** The picture is there already: paints what was found over it. */
  void found(Mat panel, List<Body> bodies, Optional<MotionEvent> event, List<String> words) {
    for (Box mask : config.masks()) {
      outline(panel, Polygon.of(mask), Brush.GRAY);
    }
    for (Zone zone : config.zones()) {
      boolean isTrigger = zone.kind() == Zone.Kind.TRIGGER;
      outline(panel, zone.shape(), isTrigger ? Brush.CYAN : Brush.GRAY);
      Polygon.Point corner = zone.shape().points().get(0);
      double x = Math.min(corner.x() * panel.cols(), panel.cols() - 80);
      Brush.text(panel, zone.name(), x, corner.y() * panel.rows(), Brush.CYAN);
    }
    blacken(panel);
    event.ifPresent(e -> path(panel, e.path()));
    for (Body body : bodies) {
      Box box = body.box();
      double left = box.x() * panel.cols();
      double top = box.y() * panel.rows();
      Brush.frame(
          panel,
          left,
          top,
          left + box.width() * panel.cols(),
          top + box.height() * panel.rows(),
          Brush.RED);
      Brush.text(panel, "" + body.id(), left, Math.max(0, top - 20), Brush.WHITE);
    }
    if (event.isPresent()) {
      Brush.frame(panel, 2, 2, panel.cols() - 3, panel.rows() - 3, Brush.RED);
    }
    double y = panel.rows() - 20.0 * words.size();
    for (String line : words) {
      Brush.text(panel, line, 0, y, Brush.WHITE);
      y += 20;
    }
    Brush.text(
        panel,
        event.isPresent() ? "MOTION" : "picture",
        0,
        0,
        event.isPresent() ? Brush.YELLOW : Brush.WHITE);
  }

  /** The contrast that is usual. */
  void usual(Mat panel, DetectorView view) {
    try (Mat cells = cells(view, view.usual())) {
      spread(cells, panel, opencv_imgproc.INTER_LINEAR);
    }
    blacken(panel);
    Brush.text(panel, "what is usual (contrast)", 0, 0, Brush.WHITE);
  }

  /** What is out of the ordinary, over the picture as the detector reads it. */
  void unusual(Mat panel, DetectorView view) {
    try (Mat luma = cells(view, view.luma());
        Mat mask = cells(view, view.mask());
        Mat large = new Mat();
        Mat orange = Brush.plain(panel, Brush.ORANGE);
        Size size = new Size(panel.cols(), panel.rows())) {
      luma.convertTo(luma, -1, DIM, 0);
      spread(luma, panel, opencv_imgproc.INTER_NEAREST);
      opencv_imgproc.resize(mask, large, size, 0, 0, opencv_imgproc.INTER_NEAREST);
      orange.copyTo(panel, large);
    }
    blacken(panel);
    Brush.text(panel, "out of the ordinary", 0, 0, Brush.WHITE);
  }

  private void blacken(Mat panel) {
    privacy.forEach(box -> fill(panel, Polygon.of(box)));
    for (Zone zone : config.zones()) {
      if (zone.kind() == Zone.Kind.PRIVACY) {
        fill(panel, zone.shape());
      }
    }
  }

  private static void path(Mat panel, List<PathPoint> path) {
    for (int i = 1; i < path.size(); i++) {
      PathPoint from = path.get(i - 1);
      PathPoint to = path.get(i);
      if (from.body() == to.body()) {
        Brush.line(
            panel,
            from.x() * panel.cols(),
            from.y() * panel.rows(),
            to.x() * panel.cols(),
            to.y() * panel.rows(),
            Brush.YELLOW,
            2);
      }
    }
  }

  private static void outline(Mat panel, Polygon shape, int colour) {
    List<Polygon.Point> points = shape.points();
    Polygon.Point before = points.get(points.size() - 1);
    for (Polygon.Point point : points) {
      Brush.line(
          panel,
          before.x() * panel.cols(),
          before.y() * panel.rows(),
          point.x() * panel.cols(),
          point.y() * panel.rows(),
          colour,
          2);
      before = point;
    }
  }

  private static void fill(Mat panel, Polygon shape) {
    int n = shape.points().size();
    int[] corners = new int[2 * n];
    for (int i = 0; i < n; i++) {
      corners[2 * i] = (int) Math.round(shape.points().get(i).x() * panel.cols());
      corners[2 * i + 1] = (int) Math.round(shape.points().get(i).y() * panel.rows());
    }
    try (IntPointer points = new IntPointer(corners);
        Mat polygon = new Mat(n, 1, opencv_core.CV_32SC2, points)) {
      opencv_imgproc.fillPoly(panel, new MatVector(polygon), Brush.scalar(Brush.BLACK));
    }
  }

  private static Mat cells(DetectorView view, byte[] values) {
    return new Mat(view.rows(), view.columns(), opencv_core.CV_8UC1, new BytePointer(values));
  }

  private static void spread(Mat cells, Mat panel, int how) {
    try (Mat gray = new Mat();
        Size size = new Size(panel.cols(), panel.rows())) {
      opencv_imgproc.resize(cells, gray, size, 0, 0, how);
      opencv_imgproc.cvtColor(gray, panel, opencv_imgproc.COLOR_GRAY2BGR);
    }
  }
}
