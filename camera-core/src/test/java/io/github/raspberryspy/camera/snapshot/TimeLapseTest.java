package io.github.raspberryspy.camera.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraPipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A picture every so often, within a bound, and never in the recording's way. */
@Timeout(60)
class TimeLapseTest {

  @TempDir Path folder;
  private final List<String> problems = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-23T23:59:58Z");

  private TimeLapse timeLapse(long maxBytes) {
    return new TimeLapse(
        "yard",
        new TimeLapseConfig(folder, Duration.ofSeconds(1), maxBytes),
        () -> {
          now = now.plusSeconds(1);
          return CompletableFuture.completedFuture(new Snapshot(new byte[400_000], now, 0, 1, 1));
        },
        problems::add);
  }

  private List<String> pictures() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void picturesAreNamedByTheirTimeAndLieInTheirDay() throws Exception {
    TimeLapse timeLapse = timeLapse(10_000_000);
    timeLapse.keepOne();
    timeLapse.keepOne();
    assertThat(pictures())
        .containsExactly(
            "yard/2026-11-23/2026-11-23T23-59-59Z.jpg", "yard/2026-11-24/2026-11-24T00-00-00Z.jpg");
  }

  @Test
  void theOldestGiveWayAlsoThoseOfAnEarlierStart() throws Exception {
    TimeLapse first = timeLapse(1_300_000);
    for (int i = 0; i < 3; i++) {
      first.keepOne();
    }
    timeLapse(1_300_000).keepOne();
    assertThat(pictures())
        .containsExactly(
            "yard/2026-11-24/2026-11-24T00-00-00Z.jpg",
            "yard/2026-11-24/2026-11-24T00-00-01Z.jpg",
            "yard/2026-11-24/2026-11-24T00-00-02Z.jpg");
    assertThat(folder.resolve("yard/2026-11-23")).doesNotExist();
    assertThat(problems).isEmpty();
  }

  @Test
  void aFolderThatCannotBeWrittenIsToldOnceUntilItCan() throws Exception {
    Path file = Files.writeString(folder.resolve("yard"), "in the way");
    TimeLapse timeLapse = timeLapse(10_000_000);
    timeLapse.keepOne();
    timeLapse.keepOne();
    assertThat(problems)
        .singleElement()
        .asString()
        .startsWith("the time-lapse in " + folder.resolve("yard") + " cannot go on: ");
    Files.delete(file);
    timeLapse.keepOne();
    assertThat(pictures()).hasSize(1);
  }

  @Test
  void aCameraThatFilmsNothingLeavesAPictureOut() throws Exception {
    TimeLapse timeLapse =
        new TimeLapse(
            "yard",
            new TimeLapseConfig(folder, Duration.ofSeconds(1), 1_000_000),
            () ->
                CompletableFuture.failedFuture(
                    new CameraException(CameraException.Kind.DEVICE_ABSENT, "nothing is filmed")),
            problems::add);
    timeLapse.keepOne();
    assertThat(pictures()).isEmpty();
    assertThat(problems).isEmpty();
  }

  @Test
  void besideACameraItKeepsPicturesThatCanBeSeen() throws Exception {
    try (CameraPipeline camera =
            CameraPipeline.builder().source("test://?size=320x240&fps=10").start();
        TimeLapse timeLapse =
            TimeLapse.start(
                "yard",
                new TimeLapseConfig(folder, Duration.ofSeconds(1), 10_000_000),
                camera::snapshot,
                problems::add)) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> pictures().stream().filter(name -> name.endsWith(".jpg")).count() >= 2);
    }
    for (String picture : pictures()) {
      assertThat(ImageIO.read(folder.resolve(picture).toFile()).getWidth()).isEqualTo(320);
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("timelapse-yard");
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> new TimeLapseConfig(folder, Duration.ofMillis(999), 1_000_000))
        .hasMessageContaining("999 ms is not within 1 s to 24 h");
    assertThatThrownBy(() -> new TimeLapseConfig(folder, Duration.ofSeconds(1), 999_999))
        .hasMessageContaining("at least 1 MB");
  }

  @Test
  void whateverGoesWrongIsToldAndTheNextPictureIsTaken() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    TimeLapse timeLapse =
        new TimeLapse(
            "yard",
            new TimeLapseConfig(folder, Duration.ofSeconds(1), 1_000_000),
            () -> {
              if (calls.getAndIncrement() < 2) {
                throw new IllegalStateException("no such thing");
              }
              return CompletableFuture.completedFuture(new Snapshot(new byte[9], now, 0, 1, 1));
            },
            problems::add);
    timeLapse.keepOne();
    timeLapse.keepOne();
    timeLapse.keepOne();
    assertThat(problems).singleElement().asString().contains("no such thing");
    assertThat(pictures()).hasSize(1);
  }
}
