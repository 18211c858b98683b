package io.github.raspberryspy.daemon.analyze;

import io.github.raspberryspy.motion.MotionResult;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * How the weight of the heaviest area went in the last half minute, against what a body must weigh,
 * and when there were events. For one thread.
 */
final class ScoreCurve {

  private static final long SPAN_US = 30_000_000;

  /** The scale is logarithmic, from a hundredth of the threshold to a thousand times it. */
  private static final double LOWEST = -2;

  private static final double HIGHEST = 3;
  private static final int FOOT = 44; // pixels below the curve, for bars and times
  private static final int HEAD = 26;

  private record Sample(long us, double weight) {}

  private final ArrayDeque<Sample> samples = new ArrayDeque<>();
  private final ArrayDeque<Event> events = new ArrayDeque<>();
  private Optional<Event> current = Optional.empty();

  /** Takes in what was seen. */
  void add(long us, double weight, MotionResult result, Optional<Event> underWay) {
    samples.addLast(new Sample(us, weight));
    while (us - samples.getFirst().us > SPAN_US) {
      samples.removeFirst();
    }
    result.ended().map(Event::of).ifPresent(events::addLast);
    while (!events.isEmpty() && us - events.getFirst().endUs() > SPAN_US) {
      events.removeFirst();
    }
    current = underWay;
  }

  /** Paints all of a panel; now is at the right. */
  void paint(Mat panel) {
    panel.put(Brush.scalar(Brush.DARK));
    if (samples.isEmpty()) {
      return;
    }
    long now = samples.getLast().us;
    events.forEach(event -> band(panel, event, now));
    current.ifPresent(event -> band(panel, event, now));
    scale(panel, now);
    Sample before = null;
    for (Sample sample : samples) {
      if (before != null) {
        boolean isOver = sample.weight >= 1;
        Brush.line(
            panel,
            x(panel, before.us, now),
            y(panel, before.weight),
            x(panel, sample.us, now),
            y(panel, sample.weight),
            isOver ? Brush.ORANGE : Brush.CYAN,
            2);
      }
      before = sample;
    }
    labels(panel);
    Brush.text(
        panel, "weight of the heaviest area; white: what a body must weigh", 0, 0, Brush.WHITE);
  }

  private static void band(Mat panel, Event event, long now) {
    double left = x(panel, event.startUs(), now);
    double right = x(panel, event.endUs(), now);
    int foot = panel.rows() - FOOT;
    Brush.fill(panel, left, HEAD, right + 1, foot, Brush.DARK_RED);
    Brush.fill(panel, left, foot + 4, right + 1, foot + 18, Brush.RED);
  }

  private static void scale(Mat panel, long now) {
    for (int power = (int) LOWEST; power <= HIGHEST; power++) {
      double weight = Math.pow(10, power);
      double y = y(panel, weight);
      Brush.line(
          panel, 0, y, panel.cols(), y, power == 0 ? Brush.WHITE : Brush.GRAY, power == 0 ? 2 : 1);
    }
    for (int ago = 0; ago <= SPAN_US / 1_000_000; ago += 5) {
      double x = x(panel, now - ago * 1_000_000L, now);
      Brush.line(panel, x, panel.rows() - FOOT, x, panel.rows() - FOOT + 4, Brush.WHITE, 1);
      if (ago > 0 && ago < SPAN_US / 1_000_000) {
        Brush.text(panel, "-" + ago + " s", x - 22, panel.rows() - 22, Brush.GRAY);
      }
    }
  }

  private static void labels(Mat panel) {
    for (int power = (int) LOWEST; power < HIGHEST; power++) {
      double weight = Math.pow(10, power);
      String label =
          power < 0 ? String.format(Locale.ROOT, "%." + -power + "f", weight) : "" + (int) weight;
      Brush.text(panel, label, 3, y(panel, weight) - 21, power == 0 ? Brush.WHITE : Brush.GRAY);
    }
  }

  private static double x(Mat panel, long us, long now) {
    return panel.cols() - 6 - (now - us) / (double) SPAN_US * (panel.cols() - 6);
  }

  private static double y(Mat panel, double weight) {
    double power = Math.max(LOWEST, Math.min(HIGHEST, Math.log10(Math.max(1e-9, weight))));
    double height = panel.rows() - FOOT - HEAD;
    return HEAD + height * (HIGHEST - power) / (HIGHEST - LOWEST);
  }
}
