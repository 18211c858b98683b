package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.PixelFormat;
import org.bytedeco.javacpp.indexer.UByteIndexer;
import org.bytedeco.opencv.global.opencv_core;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LumaGridTest {

  @Test
  void openCvKeepsToTheCallingThread() {
    Natives.load();
    assertThat(opencv_core.getNumThreads()).isEqualTo(1);
  }

  /** A slope has the same mean everywhere around a point, whatever the cell's size. */
  @ParameterizedTest
  @CsvSource({
    "160,120",
    "320,240",
    "641,483",
    "640,480",
    "1280,720",
    "1920,1080",
    "3840,2160",
    "240,320",
    "1280,200"
  })
  void cellIsAsBrightAsThePictureThere(int width, int height) {
    Natives.load();
    try (FramePool pool = FramePool.allocate(PixelFormat.I420, width, height, 1)) {
      FrameSlot slot = pool.poll();
      byte[] row = new byte[width];
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          row[x] = (byte) (20 + 100 * x / width + 100 * y / height);
        }
        slot.avFrame().data(0).position((long) y * slot.avFrame().linesize(0)).put(row);
      }
      try (Frame frame = slot.publish(0, 0, 0);
          LumaGrid grid = new LumaGrid(frame.image());
          UByteIndexer cells = grid.read(frame.image()).createIndexer()) {
        assertThat(grid.columns() * grid.rows()).isBetween(500, 12_000);
        for (int y = 0; y < grid.rows(); y++) {
          for (int x = 0; x < grid.columns(); x++) {
            double there = 100 * (x + 0.5) / grid.columns() + 100 * (y + 0.5) / grid.rows();
            assertThat((double) cells.get(y, x)).isCloseTo(20 + there, within(4.0));
          }
        }
      }
    }
  }
}
