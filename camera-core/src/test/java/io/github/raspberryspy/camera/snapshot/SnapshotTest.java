package io.github.raspberryspy.camera.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.PipelineState;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.overlay.OverlayConfig;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.source.TestPatternReader;
import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.spool.Spool;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Pictures on demand, of frames and of H.264, beside a recording that does not notice. */
@Timeout(60)
class SnapshotTest {

  @TempDir Path root;

  @RegisterExtension final FrameLeakExtension leaks = new FrameLeakExtension();

  private static Snapshot get(CompletableFuture<Snapshot> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  private static void assertFails(CompletableFuture<Snapshot> future, Kind kind) {
    assertThatThrownBy(() -> get(future))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(CameraException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  private static OptionalLong frameNumber(byte[] jpeg) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpeg));
    ByteBuffer luma = ByteBuffer.allocate(image.getWidth() * image.getHeight());
    for (int i = 0; i < luma.capacity(); i++) {
      luma.put(i, (byte) (image.getRGB(i % image.getWidth(), i / image.getWidth()) >> 8));
    }
    return TestPatternReader.frameNumber(
        luma, image.getWidth(), image.getWidth(), image.getHeight());
  }

  @Test
  void aSnapshotIsAFrameOfNowAndTheRecordingHasItToo() throws Exception {
    try (CameraPipeline camera =
        CameraPipeline.builder()
            .source("test://?size=320x240&fps=30")
            .record(RecorderConfig.into(root))
            .start()) {
      await().until(() -> camera.counters().get(Counter.FRAMES_CAPTURED) > 5);
      Instant before = Instant.now();
      Snapshot first = get(camera.snapshot());
      assertThat(first.width()).isEqualTo(320);
      assertThat(first.height()).isEqualTo(240);
      assertThat(first.time()).isBetween(before.minusSeconds(1), Instant.now().plusSeconds(1));
      long number = frameNumber(first.jpeg()).orElseThrow();
      Snapshot second = get(camera.snapshot());
      assertThat(frameNumber(second.jpeg()).orElseThrow()).isGreaterThan(number);
      assertThat(second.captureNanos()).isGreaterThan(first.captureNanos());
      camera.close();
      assertThat(camera.counters().framesDropped()).isZero();
    }
  }

  @Test
  void ofAnH264SourceTheLatestPictureIsDecodedOnDemandOnly() throws Exception {
    Path video = recorded();
    try (CameraPipeline camera =
        CameraPipeline.builder()
            .name("copied")
            .source(video.toUri() + "?loop=true&realtime=true")
            .record(RecorderConfig.into(root))
            .start()) {
      await().until(() -> camera.counters().get(Counter.FRAMES_RECORDED) > 12);
      assertThat(frameNumber(get(camera.snapshot()).jpeg()).orElseThrow()).isGreaterThan(5);
      assertThat(Thread.getAllStackTraces().keySet())
          .extracting(Thread::getName)
          .doesNotContain("decode-copied");
    }
  }

  private Path recorded() throws Exception {
    try (CameraPipeline camera =
        CameraPipeline.builder()
            .source("test://?size=320x240&fps=10&realtime=false&frames=40")
            .record(RecorderConfig.into(root))
            .start()) {
      camera.awaitStop();
    }
    return Spool.open(root, "camera").sealed().get(0).files().video();
  }

  @Test
  void whatIsMaskedInTheRecordingIsMaskedInASnapshot() throws Exception {
    try (CameraPipeline camera =
        CameraPipeline.builder()
            .source("test://?size=320x240&fps=30")
            .overlay(OverlayConfig.none().masks(List.of(new Box(0.25, 0.5, 0.5, 0.25))))
            .start()) {
      await().until(() -> camera.state() == PipelineState.RUNNING);
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(get(camera.snapshot()).jpeg()));
      for (int[] at : new int[][] {{84, 124}, {160, 150}, {236, 176}}) {
        assertThat(new java.awt.Color(image.getRGB(at[0], at[1])).getGreen()).isLessThan(6);
      }
      assertThat(new java.awt.Color(image.getRGB(160, 100)).getGreen()).isGreaterThan(10);
    }
  }

  @Test
  void whereNothingIsFilmedThereIsNoSnapshot() {
    CameraPipeline camera = CameraPipeline.builder().source("test://?size=64x48").start();
    camera.close();
    assertFails(camera.snapshot(), Kind.DEVICE_ABSENT);
  }

  @Test
  void aCameraThatStopsFailsWhatWasAskedForAndHoldsNoFrame() {
    Snapshotter idle =
        new Snapshotter("yard", OverlayConfig::none, Clock.systemUTC(), Optional.empty());
    CompletableFuture<Snapshot> never = idle.request();
    idle.close();
    assertFails(never, Kind.CANCELLED);
    assertFails(idle.request(), Kind.CANCELLED);
  }

  @Test
  void requestsThatComeTogetherGetTheSamePictureAndFramesNobodyAskedForAreNotHeld()
      throws Exception {
    FramePool pool = leaks.watch(FramePool.allocate(PixelFormat.I420, 64, 48, 2));
    try (Snapshotter snapshotter =
        new Snapshotter("yard", OverlayConfig::none, Clock.systemUTC(), Optional.empty())) {
      show(snapshotter, pool);
      assertThat(pool.outstanding()).isZero();
      CompletableFuture<Snapshot> one = snapshotter.request();
      CompletableFuture<Snapshot> two = snapshotter.request();
      await()
          .pollInterval(Duration.ofMillis(5))
          .until(
              () -> {
                show(snapshotter, pool);
                return one.isDone() && two.isDone();
              });
      assertThat(get(one).jpeg()).startsWith(0xff, 0xd8).isEqualTo(get(two).jpeg());
    }
  }

  @Test
  void aFrameThatComesWhenNobodyWaitsAnyMoreIsNotKeptForTheNextRequest() throws Exception {
    FramePool pool = leaks.watch(FramePool.allocate(PixelFormat.I420, 64, 48, 2));
    try (Snapshotter snapshotter =
        new Snapshotter(
            "yard",
            OverlayConfig::none,
            Clock.systemUTC(),
            Optional.empty(),
            Duration.ofMillis(50))) {
      assertFails(snapshotter.request(), Kind.DEVICE_TIMEOUT);
      show(snapshotter, pool);
      assertThat(pool.outstanding()).isZero();
      assertFails(snapshotter.request(), Kind.DEVICE_TIMEOUT);
    }
  }

  private static void show(Snapshotter snapshotter, FramePool pool) {
    var slot = pool.poll();
    if (slot != null) {
      try (Frame frame = slot.publish(0, 0, System.nanoTime())) {
        snapshotter.onFrame(frame);
      }
    }
  }
}
