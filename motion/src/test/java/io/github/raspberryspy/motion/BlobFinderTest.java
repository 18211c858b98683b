package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.indexer.IntIndexer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobFinderTest {

  static {
    Natives.load();
  }

  /** An area: its box and the cells in it. */
  private record Area(List<Integer> box, List<Integer> cells) {}

  private static List<Area> found(BlobFinder finder, byte[] mask) {
    List<Area> areas = new ArrayList<>();
    for (Blob blob : finder.find(mask)) {
      List<Integer> cells = new ArrayList<>();
      finder.forEachCell(blob, cells::add);
      assertThat(cells).isSorted().hasSize(blob.area);
      areas.add(new Area(List.of(blob.left, blob.top, blob.right, blob.bottom), cells));
    }
    return areas;
  }

  private static List<Area> foundByOpenCv(byte[] mask, int columns) {
    List<Area> areas = new ArrayList<>();
    try (Mat cells = new Mat(mask.length / columns, columns, opencv_core.CV_8UC1);
        Mat labels = new Mat();
        Mat stats = new Mat();
        Mat middles = new Mat()) {
      cells.data().put(mask);
      int count = opencv_imgproc.connectedComponentsWithStats(cells, labels, stats, middles);
      try (IntIndexer label = labels.createIndexer();
          IntIndexer table = stats.createIndexer()) {
        for (int i = 1; i < count; i++) {
          int right = table.get(i, 0) + table.get(i, 2);
          int bottom = table.get(i, 1) + table.get(i, 3);
          List<Integer> inside = new ArrayList<>();
          for (int cell = 0; cell < mask.length; cell++) {
            if (label.get(cell / columns, cell % columns) == i) {
              inside.add(cell);
            }
          }
          areas.add(new Area(List.of(table.get(i, 0), table.get(i, 1), right, bottom), inside));
        }
      }
    }
    return areas;
  }

  /**
   * One finder for masks of any density, one after the other: nothing is left of the one before.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theAreasAreThoseThatOpenCvFinds(long seed) {
    Random random = new Random(seed);
    for (int columns : new int[] {1, 2, 7, 40}) {
      BlobFinder finder = new BlobFinder(columns, 30);
      for (int i = 0; i < 60; i++) {
        double density = i / 59.0;
        byte[] mask = new byte[30 * columns];
        for (int cell = 0; cell < mask.length; cell++) {
          mask[cell] = (byte) (random.nextDouble() < density ? 255 : 0);
        }
        assertThat(found(finder, mask))
            .containsExactlyInAnyOrderElementsOf(foundByOpenCv(mask, columns));
      }
    }
  }

  @Test
  void areasComeInTheOrderOfTheirFirstCells() {
    byte[] mask = {
      0, 1, 0, 0, 1,
      1, 0, 0, 0, 1,
      0, 0, 1, 0, 0,
      1, 0, 0, 0, 0,
      0, 1, 1, 1, 1
    };
    assertThat(found(new BlobFinder(5, 5), mask))
        .extracting(Area::cells)
        .containsExactly(List.of(1, 5), List.of(4, 9), List.of(12), List.of(15, 21, 22, 23, 24));
  }
}
