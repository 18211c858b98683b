package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.source.TestPatternBlob.Paint;
import java.util.List;

/** Something that can be drawn at any size: blobs, the last on top, within a light outline. */
final class TestPatternFigure {

  private static final double OUTLINE = 0.075;
  private static final int OUTLINE_COLOUR = 0xfff6e8;

  private final TestPatternBlob[] blobs;
  private final double left;
  private final double top;
  private final double width;
  private final double height;

  TestPatternFigure(List<TestPatternBlob> blobs) {
    this.blobs = blobs.toArray(TestPatternBlob[]::new);
    left = blobs.stream().mapToDouble(b -> b.left(OUTLINE)).min().orElseThrow();
    top = blobs.stream().mapToDouble(b -> b.top(OUTLINE)).min().orElseThrow();
    width = blobs.stream().mapToDouble(b -> b.right(OUTLINE)).max().orElseThrow() - left;
    height = blobs.stream().mapToDouble(b -> b.bottom(OUTLINE)).max().orElseThrow() - top;
  }

  /** Width in heights. */
  double aspect() {
    return width / height;
  }

  /** Its colour at a place of its box, each 0 to 1; {@link Paint#NONE} outside of it. */
  int at(double across, double down) {
    double x = left + across * width;
    double y = top + down * height;
    for (int i = blobs.length - 1; i >= 0; i--) {
      if (blobs[i].covers(x, y, 0)) {
        int colour = blobs[i].colour(x, y);
        if (colour != Paint.NONE) {
          return colour;
        }
      }
    }
    for (TestPatternBlob blob : blobs) {
      if (blob.covers(x, y, OUTLINE)) {
        return OUTLINE_COLOUR;
      }
    }
    return Paint.NONE;
  }
}
