package io.github.raspberryspy.camera.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.Polygon;
import io.github.raspberryspy.segments.Polygon.Point;
import java.lang.management.ManagementFactory;
import java.text.Normalizer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is painted, to the pixel. */
class OverlayPainterTest {

  private static final int WIDTH = 322;
  private static final int HEIGHT = 242;
  private static final Instant TIME = Instant.parse("2026-11-23T14:00:05.7Z");

  @RegisterExtension final FrameLeakExtension leaks = new FrameLeakExtension();

  /** A frame and its painted copy, by turns: sample (plane, x, y). */
  private interface Look {
    void at(Image before, Image after);
  }

  private void burn(
      OverlayConfig config, PixelFormat format, boolean isFull, ClockState clock, Look look) {
    FramePool pool = leaks.watch(FramePool.allocate(format, WIDTH, HEIGHT, 1));
    FrameSlot slot = pool.poll();
    slot.avFrame().color_range(isFull ? avutil.AVCOL_RANGE_JPEG : avutil.AVCOL_RANGE_MPEG);
    VideoMaker.fill(slot.avFrame(), format, 3);
    OverlayPainter painter = new OverlayPainter(config, ZoneOffset.ofHours(1));
    try (FrameBurner burner = new FrameBurner()) {
      Frame original = slot.publish(7, 70_000, 99);
      try (Frame kept = original.share("test");
          Frame burnt = burner.burn(original, picture -> painter.paint(picture, TIME, clock))) {
        assertThat(burnt.number()).isEqualTo(7);
        assertThat(burnt.ptsUs()).isEqualTo(70_000);
        assertThat(burnt.captureNanos()).isEqualTo(99);
        assertThat(burnt.image().imageFormat()).isEqualTo(kept.image().imageFormat());
        look.at(kept.image(), burnt.image());
      }
    }
  }

  private static int sample(Image image, int plane, int x, int y) {
    return image.plane(plane).get(y * image.stride(plane) + x) & 0xff;
  }

  @ParameterizedTest
  @CsvSource({"I420, false, 16", "I420, true, 0", "NV12, false, 16"})
  void masksAreBlackAndAllElseIsUntouched(PixelFormat format, boolean isFull, int black) {
    // 0.25 * 322 = 80.5, so from 80; to 161; 0.5 * 242 = 121, so from 120; to 181.5, so 182
    OverlayConfig config = OverlayConfig.none().masks(List.of(new Box(0.25, 0.5, 0.25, 0.25)));
    burn(
        config,
        format,
        isFull,
        ClockState.SYNCED,
        (before, after) -> {
          for (int plane = 0; plane < format.planes(); plane++) {
            int across = plane == 0 || format == PixelFormat.NV12 ? 1 : 2;
            int down = plane == 0 ? 1 : 2;
            for (int y = 0; y < format.rows(plane, HEIGHT); y++) {
              for (int x = 0; x < format.rowBytes(plane, WIDTH); x++) {
                boolean isIn =
                    x >= 80 / across && x < 162 / across && y >= 120 / down && y < 182 / down;
                int expected = plane == 0 ? black : 128;
                assertThat(sample(after, plane, x, y))
                    .isEqualTo(isIn ? expected : sample(before, plane, x, y));
              }
            }
          }
          assertThat(sample(before, 0, 100, 150)).as("the source's own memory").isNotEqualTo(black);
        });
  }

  @ParameterizedTest
  @CsvSource({"I420, false, 16", "I420, true, 0", "NV12, false, 16"})
  void allOfAShapeIsBlackAndWhatIsTwoPixelsAwayIsUntouched(
      PixelFormat format, boolean isFull, int black) {
    Polygon shape =
        new Polygon(
            List.of(
                new Point(0.1, 0.1),
                new Point(0.9, 0.3),
                new Point(0.5, 0.5), // a notch
                new Point(0.95, 0.95),
                new Point(0.2, 0.8)));
    burn(
        OverlayConfig.none().shapes(List.of(shape)),
        format,
        isFull,
        ClockState.SYNCED,
        (before, after) -> {
          for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
              int luma = sample(after, 0, x, y);
              if (isNear(shape, x, y, 0.5)) {
                assertThat(luma).as("%d,%d", x, y).isEqualTo(black);
              } else if (!isNear(shape, x, y, 6)) {
                assertThat(luma).as("%d,%d", x, y).isEqualTo(sample(before, 0, x, y));
              }
            }
          }
          assertThat(sample(after, 1, WIDTH / 4 & ~1, HEIGHT / 4)).isEqualTo(128);
          assertThat(sample(after, 1, 0, 0)).isEqualTo(sample(before, 1, 0, 0));
        });
  }

  /** Whether any place of a shape is within so many pixels of the middle of this one. */
  private static boolean isNear(Polygon shape, int x, int y, double reach) {
    for (double down = -reach; down <= reach; down += 0.5) {
      for (double across = -reach; across <= reach; across += 0.5) {
        if (shape.contains((x + 0.5 + across) / WIDTH, (y + 0.5 + down) / HEIGHT)) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void aMaskMayCoverTheWholePicture() {
    burn(
        OverlayConfig.none().masks(List.of(new Box(0, 0, 1, 1))),
        PixelFormat.I420,
        false,
        ClockState.SYNCED,
        (before, after) -> {
          assertThat(sample(after, 0, 0, 0)).isEqualTo(16);
          assertThat(sample(after, 0, WIDTH - 1, HEIGHT - 1)).isEqualTo(16);
          assertThat(sample(after, 2, WIDTH / 2 - 1, HEIGHT / 2 - 1)).isEqualTo(128);
        });
  }

  @ParameterizedTest
  @CsvSource({"SYNCED, 2026-11-23 15:00:05 +01:00", "UNSYNCED, 2026-11-23 15:00:05 +01:00 ?"})
  void theTimeStandsInThePictureAsItIsHereAndAnUnsureOneSaysSo(ClockState clock, String expected) {
    burn(
        OverlayConfig.none().time(true).text("Haustür Łódź #1"),
        PixelFormat.I420,
        false,
        clock,
        (before, after) -> {
          LabelReader reader = new LabelReader(after.plane(0), after.stride(0), 1);
          assertThat(reader.line(0, 28).strip()).isEqualTo(expected);
          assertThat(reader.line(1, 28).strip()).isEqualTo("Haustür Łódź #1");
          assertThat(sample(after, 0, WIDTH - 1, 0)).isEqualTo(sample(before, 0, WIDTH - 1, 0));
          assertThat(sample(after, 0, 0, 26)).isEqualTo(sample(before, 0, 0, 26));
        });
  }

  @Test
  void paintingLeavesLittleGarbage() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    FramePool pool = leaks.watch(FramePool.allocate(PixelFormat.I420, 1920, 1080, 1));
    FrameSlot slot = pool.poll();
    OverlayPainter painter =
        new OverlayPainter(
            OverlayConfig.none()
                .time(true)
                .text("Yard")
                .masks(List.of(new Box(0, 0, 0.5, 0.5)))
                .shapes(
                    List.of(
                        new Polygon(
                            List.of(new Point(0, 0.5), new Point(1, 0.6), new Point(0.4, 1))))),
            ZoneOffset.UTC);
    painter.paint(slot.avFrame(), TIME, ClockState.SYNCED);
    int frames = 300;
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < frames; i++) {
      painter.paint(slot.avFrame(), TIME.plusMillis(i * 33L), ClockState.SYNCED);
    }
    long perFrame = (threads.getCurrentThreadAllocatedBytes() - before) / frames;
    assertThat(perFrame).as("bytes a frame").isLessThan(2000);
    slot.discard();
  }

  @Test
  void everyAsciiLetterLooksDifferent() {
    assertThat(letters(' ', '~')).hasSize(95);
    assertThat(letters(' ', '~').stream().map(letter -> glyph(letter.charAt(0))))
        .doesNotHaveDuplicates();
  }

  /** Latin-1 but for the soft hyphen, Latin Extended-A but for what is no letter of its own. */
  @Test
  void everyLatinLetterOfEuropeCanBeDrawnAndEachAccentIsSeen() {
    List<String> letters = letters('\u00a1', '\u017f');
    assertThat(letters).hasSize(94 + 128);
    assertThat(letters)
        .allSatisfy(
            letter -> {
              char base = Normalizer.normalize(letter, Normalizer.Form.NFD).charAt(0);
              if (base != letter.charAt(0)) {
                assertThat(glyph(letter.charAt(0))).isNotEqualTo(glyph(base));
              }
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"Βεράντα ΆΏ", "Подъезд №3 Ґанок", "Țară", "„Garten“ – 5 €", "u\u0308ber"})
  void textsOfOtherAlphabetsCanBeDrawn(String text) {
    assertThat(OverlayConfig.none().text(text).text())
        .isEqualTo(Normalizer.normalize(text, Normalizer.Form.NFC));
  }

  private static List<String> letters(char first, char last) {
    return IntStream.rangeClosed(first, last)
        .filter(letter -> OverlayFont.has((char) letter))
        .mapToObj(Character::toString)
        .toList();
  }

  private static String glyph(char letter) {
    return HexFormat.of().formatHex(OverlayFont.rows(letter));
  }

  @ParameterizedTest
  @ValueSource(strings = {"玄関", "a\nb", "tab\t", "\ud83d\udeaa", "q\u0308"})
  void aTextWithOtherLettersIsRefusedInASentence(String text) {
    assertThatThrownBy(() -> OverlayConfig.none().text(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text)
        .hasMessageContaining("Latin, Greek and Cyrillic letters");
  }

  @Test
  void longTextsAndManyMasksAreRefused() {
    assertThatThrownBy(() -> OverlayConfig.none().text("x".repeat(65)))
        .hasMessageContaining("at most 64");
    assertThatThrownBy(
            () -> OverlayConfig.none().masks(Collections.nCopies(33, new Box(0, 0, 1, 1))))
        .hasMessageContaining("at most 32");
  }
}
