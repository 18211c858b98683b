package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.source.TestPatternLayout.Area;

/** A picture of I420 on the heap, without padding; luma from 16 to 235, colours of BT.709. */
final class TestPatternPlanes {

  static final byte BLACK = 16;
  static final byte GREY = (byte) 128;

  final int width;
  final int height;
  private final byte[][] planes;

  /** A picture with even sides; it is not black before it is painted. */
  TestPatternPlanes(int width, int height) {
    this.width = width;
    this.height = height;
    int chroma = (width / 2) * (height / 2);
    planes = new byte[][] {new byte[width * height], new byte[chroma], new byte[chroma]};
  }

  byte[] plane(int plane) {
    return planes[plane];
  }

  int stride(int plane) {
    return plane == 0 ? width : width / 2;
  }

  /** Takes over a row; rows come from the top on, and chroma is the mean of four pixels. */
  void store(TestPatternStroke.Row row) {
    for (int x = 0; x < width; x++) {
      planes[0][row.y() * width + x] = luma(row.part(0, x), row.part(1, x), row.part(2, x));
    }
    for (int x = 0; x < width; x += 2) {
      double red = (row.part(0, x) + row.part(0, x + 1)) / 2;
      double green = (row.part(1, x) + row.part(1, x + 1)) / 2;
      double blue = (row.part(2, x) + row.part(2, x + 1)) / 2;
      int at = row.y() / 2 * (width / 2) + x / 2;
      boolean isFirst = (row.y() & 1) == 0;
      storeChroma(1, at, chromaU(red, green, blue), isFirst);
      storeChroma(2, at, chromaV(red, green, blue), isFirst);
    }
  }

  private void storeChroma(int plane, int at, byte value, boolean isFirst) {
    int sum = (planes[plane][at] & 0xff) + (value & 0xff);
    planes[plane][at] = isFirst ? value : (byte) ((sum + 1) / 2);
  }

  /** Pulls an area (even edges) towards black and grey; its corners are round. */
  void darken(Area area, double keep, int radius) {
    for (int y = 0; y < area.height(); y++) {
      int inset = inset(Math.min(y, area.height() - 1 - y), radius);
      for (int x = inset; x < area.width() - inset; x++) {
        scale(0, (area.y() + y) * width + area.x() + x, BLACK, keep);
      }
    }
    for (int y = 0; y < area.height() / 2; y++) {
      for (int x = 0; x < area.width() / 2; x++) {
        int at = (area.y() / 2 + y) * (width / 2) + area.x() / 2 + x;
        scale(1, at, GREY, keep);
        scale(2, at, GREY, keep);
      }
    }
  }

  private void scale(int plane, int at, byte towards, double keep) {
    int base = towards & 0xff;
    planes[plane][at] = (byte) Math.round(base + ((planes[plane][at] & 0xff) - base) * keep);
  }

  /** How far a round corner sets in the row that lies so many below the edge. */
  private static int inset(int row, int radius) {
    if (row >= radius) {
      return 0;
    }
    double dy = radius - row - 0.5;
    return (int) Math.round(radius - Math.sqrt(radius * radius - dy * dy));
  }

  /** Luma of a colour, each part 0 to 1. */
  static byte luma(double red, double green, double blue) {
    return (byte) Math.round(16 + 219 * grey(red, green, blue));
  }

  /** Blue-yellow of a colour. */
  static byte chromaU(double red, double green, double blue) {
    return (byte) Math.round(128 + 224 * (blue - grey(red, green, blue)) / 1.8556);
  }

  /** Red-cyan of a colour. */
  static byte chromaV(double red, double green, double blue) {
    return (byte) Math.round(128 + 224 * (red - grey(red, green, blue)) / 1.5748);
  }

  private static double grey(double red, double green, double blue) {
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }
}
