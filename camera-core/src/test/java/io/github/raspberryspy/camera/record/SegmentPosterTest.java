package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.overlay.OverlayConfig;
import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.MemorySource;
import io.github.raspberryspy.segments.Poster;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The still that a segment carries, and that nothing waits for. */
@Timeout(60)
class SegmentPosterTest {

  private static final byte[] JPEG = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, 7};

  @TempDir Path root;

  private static Optional<byte[]> poster(SealedSegment segment) throws IOException {
    return Poster.find(new MemorySource(Files.readAllBytes(segment.files().video())));
  }

  private static BufferedImage picture(SealedSegment segment) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(poster(segment).orElseThrow()));
  }

  private List<SealedSegment> record(String source, OverlayConfig overlay) throws Exception {
    try (CameraPipeline camera =
        CameraPipeline.builder()
            .source(source)
            .overlay(overlay)
            .record(RecorderConfig.into(root).segment(Duration.ofSeconds(1)))
            .start()) {
      await().until(() -> camera.counters().get(Counter.SEGMENTS_SEALED) >= 2);
      camera.close();
      assertThat(camera.counters().framesDropped()).isZero();
    }
    List<SealedSegment> sealed = Spool.open(root, "camera").sealed();
    for (SealedSegment segment : sealed) {
      FragmentedMp4 video = FragmentedMp4.scan(segment.files().video());
      assertThat(video.isWhole()).isTrue();
      assertThat(video.frames()).isEqualTo(segment.manifest().frames());
    }
    return sealed;
  }

  @Test
  void eachSegmentCarriesASmallStillInTheShapeOfItsPicture() throws Exception {
    List<SealedSegment> sealed = record("test://?size=1280x720&fps=30", OverlayConfig.none());
    for (SealedSegment segment : sealed.subList(0, 2)) {
      BufferedImage still = picture(segment);
      assertThat(still.getWidth()).isEqualTo(640);
      assertThat(still.getHeight()).isEqualTo(360);
    }
    assertThat(poster(sealed.get(0))).isNotEqualTo(poster(sealed.get(1)));
  }

  @Test
  void whatIsMaskedInTheSegmentIsMaskedInItsStill() throws Exception {
    OverlayConfig masked = OverlayConfig.none().masks(List.of(new Box(0.25, 0.5, 0.5, 0.25)));
    BufferedImage still = picture(record("test://?size=1280x720&fps=30", masked).get(0));
    for (int[] at : new int[][] {{168, 188}, {320, 225}, {470, 264}}) {
      assertThat(new Color(still.getRGB(at[0], at[1])).getGreen()).isLessThan(8);
    }
    assertThat(new Color(still.getRGB(320, 120)).getGreen()).isGreaterThan(10);
  }

  @Test
  void ofAStreamThatIsRecordedAsItComesOnePictureASegmentIsDecoded() throws Exception {
    Path other = root.resolve("other");
    try (CameraPipeline camera =
        CameraPipeline.builder()
            .source("test://?size=320x240&fps=20&realtime=false&frames=80")
            .record(RecorderConfig.into(other))
            .start()) {
      camera.awaitStop();
    }
    Path video = Spool.open(other, "camera").sealed().get(0).files().video();
    BufferedImage still =
        picture(record(video.toUri() + "?loop=true&realtime=true", OverlayConfig.none()).get(0));
    assertThat(still.getWidth()).isEqualTo(320);
    assertThat(still.getHeight()).isEqualTo(240);
  }

  @Test
  void aStillThatIsLateGoesInFrontOfTheNextFragmentAndOnlyOnce() {
    CompletableFuture<byte[]> making = new CompletableFuture<>();
    SegmentPoster poster = new SegmentPoster(making);
    ByteBuffer fragment = ByteBuffer.wrap(new byte[] {1, 2, 3});
    assertThat(poster.inFrontOf(fragment)).isSameAs(fragment);
    making.complete(JPEG);
    ByteBuffer both = poster.inFrontOf(fragment);
    byte[] bytes = new byte[both.remaining()];
    both.duplicate().get(bytes);
    assertThat(both.isDirect()).isTrue();
    assertThat(bytes).startsWith(Poster.toBox(JPEG)).endsWith(1, 2, 3);
    fragment.rewind();
    assertThat(poster.inFrontOf(fragment)).isSameAs(fragment);
  }

  @Test
  void aStillThatFailsOrIsTooLargeOrComesTooLateIsLeftOut() {
    ByteBuffer fragment = ByteBuffer.wrap(new byte[] {1, 2, 3});
    SegmentPoster failed =
        new SegmentPoster(CompletableFuture.failedFuture(new IllegalStateException("no picture")));
    assertThat(failed.inFrontOf(fragment)).isSameAs(fragment);
    SegmentPoster large =
        new SegmentPoster(
            CompletableFuture.completedFuture(Arrays.copyOf(JPEG, Poster.MAX_BYTES + 1)));
    assertThat(large.inFrontOf(fragment)).isSameAs(fragment);
    CompletableFuture<byte[]> making = new CompletableFuture<>();
    SegmentPoster late = new SegmentPoster(making);
    for (int i = 0; i < Poster.LATEST_FRAGMENT; i++) {
      assertThat(late.inFrontOf(fragment)).isSameAs(fragment);
    }
    making.complete(JPEG);
    assertThat(late.inFrontOf(fragment)).isSameAs(fragment);
  }
}
