package io.github.raspberryspy.camera.source;

/** The still background of a test picture: hills at dusk, with a house that is lit. */
final class TestPatternScene {

  private final int width;
  private final int height;
  private final double[][] rgb;

  private TestPatternScene(int width, int height) {
    this.width = width;
    this.height = height;
    rgb = new double[3][width];
  }

  static TestPatternPlanes paint(int width, int height) {
    TestPatternPlanes planes = new TestPatternPlanes(width, height);
    TestPatternScene scene = new TestPatternScene(width, height);
    for (int y = 0; y < height; y++) {
      scene.row(y);
      scene.store(planes, y);
    }
    return planes;
  }

  private void row(int y) {
    double v = (y + 0.5) / height;
    for (int x = 0; x < width; x++) {
      rgb[0][x] = 0.15 + 0.4 * v;
      rgb[1][x] = 0.15 + 0.2 * v;
      rgb[2][x] = 0.3 + 0.1 * v;
    }
  }

  private void store(TestPatternPlanes planes, int y) {
    for (int x = 0; x < width; x++) {
      planes.plane(0)[y * width + x] = TestPatternPlanes.luma(rgb[0][x], rgb[1][x], rgb[2][x]);
      if ((x & 1) == 0 && (y & 1) == 0) {
        int at = y / 2 * (width / 2) + x / 2;
        planes.plane(1)[at] = TestPatternPlanes.chromaU(rgb[0][x], rgb[1][x], rgb[2][x]);
        planes.plane(2)[at] = TestPatternPlanes.chromaV(rgb[0][x], rgb[1][x], rgb[2][x]);
      }
    }
  }
}
