package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How the child process that is rpicam-vid is started, watched and ended. */
@ExtendWith(FrameLeakExtension.class)
class RpicamChildTest {

  private static final String PIXELS = "rpicam://0?format=yuv420&fps=10&size=128x66";
  private static final int FRAME_BYTES = 128 * 66 * 3 / 2;

  @TempDir Path folder;

  @RegisterExtension final FakeRpicam rpicam = new FakeRpicam(() -> folder);

  @Test
  void aChildThatDiesInTheMiddleOfAPictureEndsTheRun() throws IOException {
    Files.write(folder.resolve("film.yuv"), new byte[FRAME_BYTES + 1000]);
    rpicam.child("cat " + folder + "/film.yuv", "echo 'ERROR: *** lens cap ***' >&2", "exit 3");
    Collected got = new Collected();
    try (CameraSource source = Sources.create(PIXELS)) {
      source.open();
      FakeRpicam.assertFails(
          source, got, Kind.DEVICE_TIMEOUT, "rpicam-vid ended with 3: ERROR: *** lens cap ***");
    }
    assertThat(got.numbers).containsExactly(0L);
  }

  @Test
  void aChildThatWritesNothingIsGivenUpAndKilled() throws IOException {
    rpicam.child("echo $$ > " + folder + "/pid", "exec sleep 60");
    try (CameraSource source = FakeRpicam.impatient("rpicam://0")) {
      source.open();
      FakeRpicam.assertFails(
          source, new Collected(), Kind.DEVICE_TIMEOUT, "has sent no picture for 400 ms");
    }
    assertThat(rpicam.isAlive()).isFalse();
  }

  @Test
  void aTalkativeChildNeitherBlocksNorFillsTheLog() throws IOException {
    List<Packet> film = rpicam.film();
    rpicam.child("yes 'something to say' | head -n 50000 >&2", "cat " + folder + "/film.h264");
    AtomicInteger lines = new AtomicInteger();
    Logger logger = Logger.getLogger(RpicamProcess.class.getName());
    Handler counter = counter(lines);
    logger.addHandler(counter);
    Collected got = new Collected();
    try (CameraSource source = Sources.create("rpicam://0")) {
      source.open();
      FakeRpicam.assertFails(source, got, Kind.DEVICE_TIMEOUT, "ended with 0: something to say");
    } finally {
      logger.removeHandler(counter);
    }
    assertThat(got.packets).hasSameSizeAs(film);
    assertThat(lines.get()).isBetween(50, 55);
  }

  @Test
  void stopEndsAWaitAndTheChild() throws IOException {
    rpicam.child("echo $$ > " + folder + "/pid", "exec sleep 60");
    try (CameraSource source = Sources.create("rpicam://0")) {
      source.open();
      await().until(() -> Files.exists(folder.resolve("pid")) && rpicam.isAlive());
      CompletableFuture<Boolean> delivering =
          CompletableFuture.supplyAsync(
              () -> {
                boolean goesOn = true;
                while (goesOn) {
                  goesOn = source.deliver(new Collected());
                }
                return goesOn;
              });
      source.stop();
      assertThat(delivering.join()).isFalse();
      await().until(() -> !rpicam.isAlive());
    }
  }

  @Test
  void aChildThatDoesNotListenIsKilledWithItsOwnChildren() throws IOException {
    rpicam.child(
        "trap '' TERM",
        "echo $$ > " + folder + "/pid",
        "while :; do sleep 60 & echo $! > " + folder + "/grandchild; wait; done");
    try (CameraSource source = Sources.create("rpicam://0")) {
      source.open();
      await().until(() -> Files.exists(folder.resolve("grandchild")) && rpicam.isAlive());
    }
    assertThat(rpicam.isAlive()).isFalse();
    await().until(() -> !rpicam.isAlive("grandchild"));
  }

  @Test
  void aChildOfTheChildThatDoesNotListenIsKilledToo() throws IOException {
    rpicam.child(
        "sh -c 'trap \"\" TERM; echo $$ > "
            + folder
            + "/grandchild; while :; do sleep 0.1; done' &",
        "echo $$ > " + folder + "/pid",
        "wait");
    try (CameraSource source = Sources.create("rpicam://0")) {
      source.open();
      await()
          .until(() -> Files.exists(folder.resolve("grandchild")) && rpicam.isAlive("grandchild"));
    }
    assertThat(rpicam.isAlive()).isFalse();
    await().until(() -> !rpicam.isAlive("grandchild"));
  }

  @Test
  void aProgramThatIsNotThereIsNamed() {
    rpicam.use("/nowhere/rpicam-vid");
    try (CameraSource source = Sources.create("rpicam://0")) {
      assertThatThrownBy(source::open)
          .isInstanceOfSatisfying(
              CameraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DEVICE_ABSENT))
          .hasMessage(
              "property raspberryspy.rpicam names /nowhere/rpicam-vid, which cannot be run");
    }
    assumeTrue(
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .noneMatch(
                p -> new File(p, "rpicam-vid").exists() || new File(p, "libcamera-vid").exists()),
        "rpicam-vid is installed here");
    rpicam.useInstalled();
    try (CameraSource source = Sources.create("rpicam://0")) {
      assertThatThrownBy(source::open)
          .isInstanceOf(CameraException.class)
          .hasMessage(
              "neither rpicam-vid nor libcamera-vid is installed: the package is rpicam-apps");
    }
  }

  @Test
  void threadsAndDescriptorsAreGivenBack() throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "no /proc to count descriptors in");
    rpicam.film();
    rpicam.child("cat " + folder + "/film.h264", "exec sleep 60");
    runOnce();
    int descriptors = descriptors();
    long threads = threads();
    for (int i = 0; i < 10; i++) {
      runOnce();
    }
    await().untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(descriptors));
    await().untilAsserted(() -> assertThat(threads()).isLessThanOrEqualTo(threads));
  }

  @Test
  void thePipelineStartsAnotherChildAndRecordsOn() throws Exception {
    rpicam.film();
    rpicam.child("cat " + folder + "/film.h264", "exit 1");
    Path spool = folder.resolve("spool");
    try (CameraPipeline camera =
        CameraPipeline.builder()
            .source("rpicam://0")
            .record(RecorderConfig.into(spool))
            .retries(true)
            .start()) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> camera.counters().get(Counter.FRAMES_RECORDED) >= 50);
      assertThat(camera.counters().get(Counter.RUNS)).isGreaterThanOrEqualTo(2);
    }
    assertThat(Spool.open(spool, "camera").sealed())
        .extracting(segment -> segment.manifest().frames())
        .startsWith(25L, 25L); // a third may have begun
  }

  private void runOnce() {
    Collected got = new Collected();
    try (CameraSource source = Sources.create("rpicam://0")) {
      source.open();
      got.read(source, n -> n < 20);
    }
    assertThat(got.packets).hasSizeGreaterThanOrEqualTo(20);
  }

  private static Handler counter(AtomicInteger lines) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        lines.incrementAndGet();
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  private static int descriptors() {
    String[] names = new File("/proc/self/fd").list();
    return names == null ? 0 : names.length;
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith("rpicam-"))
        .count();
  }

  @Test
  void whatTheChildSaysTellsWhatIsWrong() throws IOException {
    rpicam.child("echo 'ERROR: *** no cameras available ***' >&2", "exit 255");
    try (CameraSource source = Sources.create(PIXELS)) {
      source.open();
      FakeRpicam.assertFails(source, new Collected(), Kind.DEVICE_ABSENT, "no cameras available");
    }
    rpicam.child("echo 'ERROR: *** failed to acquire camera /base/imx708 ***' >&2", "exit 255");
    try (CameraSource source = Sources.create("rpicam://0")) {
      source.open();
      FakeRpicam.assertFails(source, new Collected(), Kind.DEVICE_BUSY, "failed to acquire camera");
    }
  }
}
