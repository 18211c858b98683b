package io.github.raspberryspy.camera.source;

import java.util.List;

/**
 * How one of the objects looks and goes.
 *
 * @param figure what it is
 * @param size height, as a share of the open picture
 * @param lane how far down it goes: 0 along the top of the open picture, 1 along its bottom
 * @param hop how high it hops, as a share of the open picture
 * @param hopSeconds time for a hop
 */
record TestPatternShape(
    TestPatternFigure figure, double size, double lane, double hop, double hopSeconds) {

  private static final int MIN_HEIGHT = 8;
  private static final double MAX_SIZE = 0.6;

  private static final List<TestPatternShape> ALL =
      List.of(
          new TestPatternShape(TestPatternFigures.RASPBERRY, 0.27, 0.98, 0.09, 0.62),
          new TestPatternShape(TestPatternFigures.BALL, 0.15, 0.86, 0.24, 0.95),
          new TestPatternShape(TestPatternFigures.BALLOON, 0.31, 0.06, 0.03, 2.9),
          new TestPatternShape(TestPatternFigures.RASPBERRY, 0.15, 0.86, 0.07, 0.47),
          new TestPatternShape(TestPatternFigures.BALLOON, 0.2, 0.34, 0.04, 2.3),
          new TestPatternShape(TestPatternFigures.BALL, 0.1, 0.98, 0.18, 0.8),
          new TestPatternShape(TestPatternFigures.RASPBERRY, 0.11, 0.78, 0.05, 0.4),
          new TestPatternShape(TestPatternFigures.BALLOON, 0.14, 0.2, 0.02, 1.9));

  static TestPatternShape of(int object) {
    return ALL.get(object);
  }

  /** Rows. */
  int height(TestPatternLayout layout) {
    int open = layout.openHeight();
    double wanted = Math.min(size * open, 0.4 * layout.width() / figure.aspect());
    return (int)
        Math.round(Math.max(Math.min(MIN_HEIGHT, open), Math.min(wanted, MAX_SIZE * open)));
  }

  /** Columns. */
  int width(TestPatternLayout layout) {
    return (int) Math.max(1, Math.round(height(layout) * figure.aspect()));
  }

  /** First row, at some time of the run. */
  int top(TestPatternLayout layout, double seconds) {
    double room = layout.openHeight() - height(layout);
    double hopRows = Math.min(room, hop * layout.openHeight());
    double rise = hopRows * Math.abs(Math.sin(Math.PI * seconds / hopSeconds));
    return layout.openTop() + (int) Math.round(hopRows + lane * (room - hopRows) - rise);
  }
}
