package io.github.raspberryspy.segments;

import io.github.raspberryspy.segments.Polygon.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Shapes for tests. */
public final class Polygons {

  private Polygons() {}

  /** Corners all round a middle, each as far out as chance will have it: its sides never cross. */
  public static Polygon star(Random random) {
    int n = 3 + random.nextInt(20);
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double angle = 2 * Math.PI * i / n;
      double reach = 0.1 + 0.38 * random.nextDouble();
      points.add(new Point(0.5 + reach * Math.cos(angle), 0.5 + reach * Math.sin(angle)));
    }
    return new Polygon(points);
  }
}
