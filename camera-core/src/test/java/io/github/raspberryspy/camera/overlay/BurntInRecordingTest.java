package io.github.raspberryspy.camera.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.camera.PlayedFrames;
import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.source.TestPatternReader;
import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What was burnt in is in every picture of the recording, and nothing else changed. */
@Timeout(120)
class BurntInRecordingTest {

  private static final int FRAMES = 35;
  private static final String SOURCE =
      "test://?size=640x480&fps=10&realtime=false&frames=" + FRAMES;
  private static final Box MASK = new Box(0.25, 0.5, 0.25, 0.25);

  /** What coding may change a sample by. */
  private static final int TOLERANCE = 6;

  @TempDir Path root;

  @RegisterExtension final FrameLeakExtension leaks = new FrameLeakExtension();

  private SealedSegment record(String name, String source, OverlayConfig overlay, long copied)
      throws Exception {
    try (CameraPipeline camera =
        CameraPipeline.builder()
            .name(name)
            .source(source)
            .encoder(EncoderConfig.h264().bitrateBps(20_000_000))
            .overlay(overlay)
            .record(RecorderConfig.into(root))
            .start()) {
      camera.awaitStop();
      assertThat(camera.counters().get(Counter.FRAMES_COPIED)).isEqualTo(copied);
      assertThat(camera.counters().get(Counter.FRAMES_RECORDED)).isEqualTo(FRAMES);
    }
    return Spool.open(root, name).sealed().get(0);
  }

  private static void watch(SealedSegment segment, Consumer<Frame> viewer) {
    PlayedFrames.forEach(segment.files().video(), viewer);
  }

  private static int luma(Image image, int x, int y) {
    return image.plane(0).get(y * image.stride(0) + x) & 0xff;
  }

  private static byte[] lumaOf(Image image) {
    byte[] luma = new byte[640 * 480];
    for (int y = 0; y < 480; y++) {
      image.plane(0).get(y * image.stride(0), luma, y * 640, 640);
    }
    return luma;
  }

  @Test
  void masksAreBlackInEveryPictureAndTheRestIsAsWithoutThem() throws Exception {
    List<byte[]> plain = new ArrayList<>();
    watch(
        record("plain", SOURCE, OverlayConfig.none(), 0),
        frame -> plain.add(lumaOf(frame.image())));
    List<byte[]> masked = new ArrayList<>();
    watch(
        record("masked", SOURCE, OverlayConfig.none().masks(List.of(MASK)), FRAMES),
        frame -> {
          masked.add(lumaOf(frame.image()));
          int chroma = frame.image().plane(1).get(150 * frame.image().stride(1) + 120) & 0xff;
          assertThat(chroma).isBetween(128 - TOLERANCE, 128 + TOLERANCE);
        });
    assertThat(masked).hasSize(FRAMES);
    for (int n = 0; n < FRAMES; n++) {
      long outside = 0;
      long samples = 0;
      for (int i = 0; i < 640 * 480; i++) {
        int x = i % 640;
        int y = i / 640;
        if (x >= 160 && x < 320 && y >= 240 && y < 360) {
          assertThat(masked.get(n)[i] & 0xff).isBetween(16 - TOLERANCE, 16 + TOLERANCE);
        } else if (x < 144 || x >= 336 || y < 224 || y >= 376) { // a macroblock away
          outside += Math.abs((masked.get(n)[i] & 0xff) - (plain.get(n)[i] & 0xff));
          samples++;
        }
      }
      assertThat((double) outside / samples).as("mean difference of frame %d", n).isLessThan(2);
    }
  }

  /** Films, and changes what is burnt in at the tenth frame. Returns whether that was taken. */
  private boolean changeWhileFilming(String name, String source, OverlayConfig next)
      throws Exception {
    CompletableFuture<CameraPipeline> filming = new CompletableFuture<>();
    CompletableFuture<Boolean> isTaken = new CompletableFuture<>();
    try (CameraPipeline camera =
        CameraPipeline.builder()
            .name(name)
            .source(source)
            .encoder(EncoderConfig.h264().bitrateBps(20_000_000))
            .record(RecorderConfig.into(root))
            .sink(
                frame -> {
                  if (frame.number() == 10) {
                    isTaken.complete(filming.join().changeOverlay(next));
                  }
                })
            .start()) {
      filming.complete(camera);
      camera.awaitStop();
      assertThat(camera.counters().get(Counter.FRAMES_RECORDED)).isEqualTo(FRAMES);
    }
    return isTaken.join();
  }

  @Test
  void aMaskThatIsDrawnWhileItFilmsIsInEachPictureFromThenOn() throws Exception {
    OverlayConfig mask = OverlayConfig.none().masks(List.of(MASK));
    assertThat(changeWhileFilming("late", SOURCE, mask)).isTrue();
    List<SealedSegment> segments = Spool.open(root, "late").sealed();
    assertThat(segments).hasSize(1);
    assertThat(segments.get(0).manifest().gaps()).isEmpty();
    List<Boolean> masked = new ArrayList<>();
    watch(segments.get(0), frame -> masked.add(luma(frame.image(), 240, 300) < 16 + TOLERANCE));
    assertThat(masked).hasSize(FRAMES);
    assertThat(masked.get(0)).isFalse();
    assertThat(masked.subList(masked.indexOf(true), FRAMES))
        .hasSizeGreaterThan(10)
        .doesNotContain(false);
  }

  @Test
  void nothingIsBurntIntoH264ThatIsRecordedAsItComes() throws Exception {
    String source =
        record("first", SOURCE, OverlayConfig.none(), 0).files().video().toUri().toString();
    assertThat(changeWhileFilming("second", source, OverlayConfig.none().text("Yard"))).isFalse();
  }

  @Test
  void theTimeCanBeReadInEveryPictureAndAdvances() throws Exception {
    SealedSegment segment =
        record("timed", SOURCE, OverlayConfig.none().time(true).text("Yard"), FRAMES);
    List<String> read = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    DateTimeFormatter format =
        DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xxx", Locale.ROOT)
            .withZone(ZoneId.systemDefault());
    Instant start = segment.manifest().start();
    watch(
        segment,
        frame -> {
          Image image = frame.image();
          LabelReader reader = new LabelReader(image.plane(0), image.stride(0), 2);
          read.add(reader.line(0, 26));
          expected.add(format.format(start.plus(frame.ptsUs(), ChronoUnit.MICROS)));
          assertThat(reader.line(1, 4)).isEqualTo("Yard");
          assertThat(TestPatternReader.frameNumber(image)).hasValue(frame.number());
        });
    assertThat(read).hasSize(FRAMES).isEqualTo(expected);
    assertThat(read.stream().distinct()).hasSizeBetween(4, 5);
  }

  @Test
  void anH264SourceIsEncodedAnewAndToCopyItIsRefused() throws Exception {
    SealedSegment first = record("first", SOURCE, OverlayConfig.none(), 0);
    String source = first.files().video().toUri().toString();
    OverlayConfig overlay = OverlayConfig.none().masks(List.of(MASK));
    SealedSegment second = record("second", source, overlay, FRAMES);
    watch(second, frame -> assertThat(luma(frame.image(), 240, 300)).isLessThan(16 + TOLERANCE));
    assertThatThrownBy(
            () ->
                CameraPipeline.builder()
                    .source(source)
                    .overlay(overlay)
                    .encoder(EncoderConfig.h264().choice(EncoderConfig.Choice.COPY))
                    .start())
        .isInstanceOf(CameraException.class)
        .hasMessageContaining("nothing can be burnt into it");
  }
}
