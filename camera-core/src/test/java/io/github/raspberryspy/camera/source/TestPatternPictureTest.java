package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.source.Picture.Studio;
import io.github.raspberryspy.camera.source.TestPattern.Interval;
import io.github.raspberryspy.segments.Box;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestPatternPictureTest {

  @ParameterizedTest
  @CsvSource({
    "32, 32, 12.5, 1", "32, 32, 12.5, 8", "96, 54, 12.5, 3", "320, 240, 12.5, 3",
        "240, 320, 12.5, 2",
    "640, 360, 29.97, 1", "1280, 720, 12.5, 8", "1920, 1080, 1, 3", "256, 32, 60, 8",
        "32, 400, 1, 2"
  })
  void pixelsDifferFromTheStillPictureInsideTheBoxesOnly(
      int width, int height, double fps, int objects) {
    TestPattern pattern = new TestPattern(width, height, fps, objects, 11);
    long until = pattern.motion(Math.round(20 * fps)).get(0).endFrame();
    int step = width >= 640 ? 13 : 3;
    try (Studio studio = new Studio(pattern)) {
      Picture still = studio.take(0);
      for (long frame = 1; frame < until + 3; frame += step) {
        Picture picture = studio.take(frame);
        assertChangesLieIn(pattern, frame, still, picture);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"32, 32", "320, 240", "640, 360", "1280, 720"})
  void theBoxFitsTheObjectToThePixel(int width, int height) {
    TestPattern pattern = new TestPattern(width, height, 30, 1, 5);
    Interval crossing = pattern.motion(500).get(0);
    try (Studio studio = new Studio(pattern)) {
      Picture still = studio.take(0);
      for (long frame = crossing.firstFrame(); frame < crossing.endFrame(); frame += 3) {
        assertBoxFits(pattern, frame, still, studio.take(frame));
      }
      assertBoxFits(pattern, crossing.endFrame() - 1, still, studio.take(crossing.endFrame() - 1));
      assertSameOpenPicture(pattern, still, studio.take(crossing.firstFrame() - 1));
      assertSameOpenPicture(pattern, still, studio.take(crossing.endFrame()));
    }
  }

  @Test
  void objectsStandOutInLumaAndChromaWhereverTheyAre() {
    TestPattern pattern = new TestPattern(640, 360, 5, 8, 21);
    try (Studio studio = new Studio(pattern)) {
      Picture still = studio.take(0);
      for (Interval crossing : pattern.motion(200)) {
        for (long frame = crossing.firstFrame(); frame < crossing.endFrame(); frame++) {
          Picture picture = studio.take(frame);
          for (Box box : pattern.boxes(frame)) {
            if (box.width() * 640 < 16) {
              continue;
            }
            assertThat(shareThatStandsOut(still, picture, box))
                .as("frame %d, %s", frame, box)
                .isGreaterThan(0.3);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"32, 32", "320, 240", "1280, 720", "7680, 32", "32, 4320"})
  void lumaAndChromaKeepToTheRangeOfVideo(int width, int height) {
    TestPattern pattern = new TestPattern(width, height, 30, 8, 2);
    long moving = pattern.motion(1000).get(0).firstFrame() + 40;
    try (Studio studio = new Studio(pattern)) {
      Picture picture = studio.take(moving);
      assertRange(picture.planes()[0], 16, 235);
      assertRange(picture.planes()[1], 16, 240);
      assertRange(picture.planes()[2], 16, 240);
    }
  }

  @Test
  void aSlotShowsTheSameAsAFreshOneWhateverItShowedBefore() {
    TestPattern pattern = new TestPattern(320, 240, 30, 4, 13);
    long moving = pattern.motion(1000).get(0).firstFrame() + 33;
    try (Studio used = new Studio(pattern);
        Studio fresh = new Studio(pattern)) {
      for (long frame = moving - 20; frame < moving; frame++) {
        used.take(frame);
      }
      assertThat(used.take(moving).planes()).isDeepEqualTo(fresh.take(moving).planes());
      assertThat(used.take(5).planes()).isDeepEqualTo(fresh.take(5).planes());
    }
  }

  @Test
  void objectsKeepClearOfTheOverlays() {
    for (int[] size : new int[][] {{32, 32}, {96, 32}, {320, 240}, {1920, 1080}, {32, 4320}}) {
      TestPattern pattern = new TestPattern(size[0], size[1], 12.5, 8, 4);
      List<Box> overlays = pattern.layout().overlays();
      for (long frame = 0; frame < 200; frame++) {
        for (Box box : pattern.boxes(frame)) {
          for (Box overlay : overlays) {
            assertThat(
                    box.y() >= overlay.y() + overlay.height() - 1e-9
                        || box.y() + box.height() <= overlay.y() + 1e-9)
                .as("%dx%d frame %d: %s in %s", size[0], size[1], frame, box, overlay)
                .isTrue();
          }
        }
      }
    }
  }

  @Test
  void theTimeCodeReadsAsRunTimeAndNumber() {
    TestPatternClockFace face = new TestPatternClockFace(TestPatternLayout.of(1280, 720));
    assertThat(face.text(370, 12_345_678)).isEqualTo("00:00:12.345  #000370");
    assertThat(face.text(0, 0)).isEqualTo("00:00:00.000  #000000");
    assertThat(face.text(1_234_567, 41_152_233_000L)).isEqualTo("11:25:52.233 #1234567");
    assertThat(face.text(98_765_432, 359_999_999_000L)).isEqualTo("99:59:59.999#98765432");
    assertThat(face.text(123_456_789, 0)).endsWith("#23456789");
  }

  private static void assertChangesLieIn(
      TestPattern pattern, long frame, Picture still, Picture picture) {
    boolean[] allowed = new boolean[pattern.width() * pattern.height()];
    pattern.layout().overlays().forEach(box -> mark(allowed, pattern, box));
    pattern.boxes(frame).forEach(box -> mark(allowed, pattern, box));
    for (int i = 0; i < allowed.length; i++) {
      if (!allowed[i] && still.planes()[0][i] != picture.planes()[0][i]) {
        throw new AssertionError(
            "frame " + frame + ": luma at " + i % pattern.width() + "," + i / pattern.width());
      }
    }
    int columns = pattern.width() / 2;
    for (int i = 0; i < still.planes()[1].length; i++) {
      boolean same =
          still.planes()[1][i] == picture.planes()[1][i]
              && still.planes()[2][i] == picture.planes()[2][i];
      int at = 2 * (i / columns) * pattern.width() + 2 * (i % columns);
      boolean touched =
          allowed[at]
              || allowed[at + 1]
              || allowed[at + pattern.width()]
              || allowed[at + pattern.width() + 1];
      assertThat(same || touched).as("frame %d: chroma %d", frame, i).isTrue();
    }
  }

  private static void assertSameOpenPicture(TestPattern pattern, Picture still, Picture picture) {
    assertThat(pattern.boxes(0)).isEmpty();
    assertChangesLieIn(pattern, 0, still, picture);
  }

  private static void mark(boolean[] allowed, TestPattern pattern, Box box) {
    int left = (int) Math.round(box.x() * pattern.width());
    int right = (int) Math.round((box.x() + box.width()) * pattern.width());
    int top = (int) Math.round(box.y() * pattern.height());
    int bottom = (int) Math.round((box.y() + box.height()) * pattern.height());
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        allowed[y * pattern.width() + x] = true;
      }
    }
  }

  private static void assertBoxFits(
      TestPattern pattern, long frame, Picture still, Picture picture) {
    TestPatternLayout layout = pattern.layout();
    int left = Integer.MAX_VALUE;
    int right = 0;
    int top = Integer.MAX_VALUE;
    int bottom = 0;
    for (int y = layout.openTop(); y < layout.code().y(); y++) {
      for (int x = 0; x < pattern.width(); x++) {
        if (still.luma(x, y) != picture.luma(x, y)) {
          left = Math.min(left, x);
          right = Math.max(right, x + 1);
          top = Math.min(top, y);
          bottom = Math.max(bottom, y + 1);
        }
      }
    }
    Box box = pattern.boxes(frame).get(0);
    String where = "frame " + frame + " " + box;
    assertThat(left).as(where).isEqualTo((int) Math.round(box.x() * pattern.width()));
    assertThat(right)
        .as(where)
        .isEqualTo((int) Math.round((box.x() + box.width()) * pattern.width()));
    if (box.width() * pattern.width() > 0.9 * (right - left)
        && box.x() > 0
        && right < pattern.width()) {
      assertThat(top).as(where).isBetween(rows(pattern, box.y()), rows(pattern, box.y()) + 1);
      int end = rows(pattern, box.y() + box.height());
      assertThat(bottom).as(where).isBetween(end - 1, end);
    }
  }

  private static int rows(TestPattern pattern, double share) {
    return (int) Math.round(share * pattern.height());
  }

  private static double shareThatStandsOut(Picture still, Picture picture, Box box) {
    int left = (int) Math.round(box.x() * still.width());
    int right = (int) Math.round((box.x() + box.width()) * still.width());
    int top = (int) Math.round(box.y() * still.height());
    int bottom = (int) Math.round((box.y() + box.height()) * still.height());
    int luma = 0;
    int chroma = 0;
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        if (Math.abs(still.luma(x, y) - picture.luma(x, y)) > 20) {
          luma++;
        }
        int u = still.chroma(1, x / 2, y / 2) - picture.chroma(1, x / 2, y / 2);
        int v = still.chroma(2, x / 2, y / 2) - picture.chroma(2, x / 2, y / 2);
        if (Math.hypot(u, v) > 12) {
          chroma++;
        }
      }
    }
    return (double) Math.min(luma, chroma) / ((right - left) * (bottom - top));
  }

  private static void assertRange(byte[] plane, int min, int max) {
    for (byte value : plane) {
      assertThat(value & 0xff).isBetween(min, max);
    }
  }
}
