package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A child process in place of rpicam-vid: a small shell script, read by a real pipe. */
@ExtendWith(FrameLeakExtension.class)
class RpicamSourceTest {

  private static final int WIDTH = 128;
  private static final int HEIGHT = 66;
  private static final int FRAME_BYTES = WIDTH * HEIGHT * 3 / 2;
  private static final String PIXELS = "rpicam://0?format=yuv420&fps=10&size=128x66";
  private static final long PATIENCE = 400_000_000;

  @TempDir Path folder;
  private String before;

  @BeforeEach
  void requireShell() {
    before = System.getProperty(RpicamProcess.PROPERTY);
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no shell to stand in for rpicam-vid");
  }

  @AfterEach
  void restore() {
    if (before == null) {
      System.clearProperty(RpicamProcess.PROPERTY);
    } else {
      System.setProperty(RpicamProcess.PROPERTY, before);
    }
  }

  @Test
  void accessUnitsComeAsTheChildWritesThem() throws IOException {
    List<Packet> film = film();
    child("printf '%s\\n' \"$@\" > " + folder + "/arguments", "cat " + folder + "/film.h264");
    Collected got = new Collected();
    try (CameraSource source = Sources.create("rpicam://2?size=640x480&fps=10")) {
      StreamInfo info = source.open();
      assertThat(info.isEncoded()).isTrue();
      assertThat(info.isLive()).isTrue();
      assertThatThrownBy(() -> got.read(source, n -> true))
          .isInstanceOfSatisfying(
              CameraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DEVICE_TIMEOUT))
          .hasMessageContaining("rpicam-vid ended with 0 and said nothing");
    }
    assertThat(got.packets).hasSameSizeAs(film);
    long last = -1;
    for (int i = 0; i < film.size(); i++) {
      assertThat(got.packets.get(i).array()).isEqualTo(film.get(i).array());
      assertThat(got.packets.get(i).isKeyframe()).isEqualTo(film.get(i).isKeyframe());
      assertThat(got.packets.get(i).ptsUs()).isGreaterThan(last);
      last = got.packets.get(i).ptsUs();
    }
    assertThat(Files.readAllLines(folder.resolve("arguments")))
        .containsSequence("--camera", "2")
        .containsSequence("--width", "640");
  }

  @Test
  void pixelsAreTheChildsByteForByte() throws IOException {
    byte[] film = new byte[3 * FRAME_BYTES];
    new Random(5).nextBytes(film);
    Files.write(folder.resolve("film.yuv"), film);
    // In two pieces, so that a picture's border falls into the middle of what is read at once.
    child(
        "head -c 20000 " + folder + "/film.yuv",
        "tail -c +20001 " + folder + "/film.yuv",
        "exec sleep 60");
    List<byte[]> pictures = new ArrayList<>();
    List<Long> numbers = new ArrayList<>();
    try (CameraSource source = Sources.create(PIXELS)) {
      StreamInfo info = source.open();
      assertThat(info.image().orElseThrow().isFullRange()).isTrue();
      while (pictures.size() < 3) {
        assertThat(
                source.deliver(
                    onFrame(
                        frame -> {
                          pictures.add(bytes(frame.image()));
                          numbers.add(frame.number());
                          assertThat(frame.image().isFullRange()).isTrue();
                        })))
            .isTrue();
      }
    }
    assertThat(numbers).containsExactly(0L, 1L, 2L);
    for (int i = 0; i < 3; i++) {
      assertThat(pictures.get(i))
          .as("picture %d", i)
          .isEqualTo(Arrays.copyOfRange(film, i * FRAME_BYTES, (i + 1) * FRAME_BYTES));
    }
  }

  @Test
  void aChildThatDiesInTheMiddleOfAPictureEndsTheRun() throws IOException {
    Files.write(folder.resolve("film.yuv"), new byte[FRAME_BYTES + 1000]);
    child("cat " + folder + "/film.yuv", "echo 'ERROR: *** lens cap ***' >&2", "exit 3");
    Collected got = new Collected();
    try (CameraSource source = Sources.create(PIXELS)) {
      source.open();
      assertFails(
          source, got, Kind.DEVICE_TIMEOUT, "rpicam-vid ended with 3: ERROR: *** lens cap ***");
    }
    assertThat(got.numbers).containsExactly(0L);
  }

  @Test
  void whatTheChildSaysTellsWhatIsWrong() throws IOException {
    child("echo 'ERROR: *** no cameras available ***' >&2", "exit 255");
    try (CameraSource source = Sources.create(PIXELS)) {
      source.open();
      assertFails(source, new Collected(), Kind.DEVICE_ABSENT, "no cameras available");
    }
    child("echo 'ERROR: *** failed to acquire camera /base/imx708 ***' >&2", "exit 255");
    try (CameraSource source = Sources.create("rpicam://0")) {
      source.open();
      assertFails(source, new Collected(), Kind.DEVICE_BUSY, "failed to acquire camera");
    }
  }

  @Test
  void aChildThatWritesNothingIsGivenUpAndKilled() throws IOException {
    child("echo $$ > " + folder + "/pid", "exec sleep 60");
    try (CameraSource source = impatient("rpicam://0")) {
      source.open();
      assertFails(source, new Collected(), Kind.DEVICE_TIMEOUT, "has sent no picture for 400 ms");
    }
    assertThat(isAlive()).isFalse();
  }

  @Test
  void aChildThatStopsWritingIsGivenUp() throws IOException {
    film();
    child("cat " + folder + "/film.h264", "exec sleep 60");
    Collected got = new Collected();
    try (CameraSource source = impatient("rpicam://0")) {
      source.open();
      assertFails(source, got, Kind.DEVICE_TIMEOUT, "has sent no picture for 400 ms");
    }
    assertThat(got.packets).hasSize(24); // the last one may not be whole
  }

  @Test
  void garbageIsNoPicture() throws IOException {
    child("head -c 300000 /dev/urandom", "exec sleep 60");
    Collected got = new Collected();
    try (CameraSource source = impatient("rpicam://0")) {
      source.open();
      assertFails(source, got, Kind.DEVICE_TIMEOUT, "has sent no picture");
    }
    assertThat(got.packets).isEmpty();
  }

  @Test
  void aTalkativeChildNeitherBlocksNorFillsTheLog() throws IOException {
    List<Packet> film = film();
    child("yes 'something to say' | head -n 50000 >&2", "cat " + folder + "/film.h264");
    AtomicInteger lines = new AtomicInteger();
    Logger logger = Logger.getLogger(RpicamProcess.class.getName());
    Handler counter = counter(lines);
    logger.addHandler(counter);
    Collected got = new Collected();
    try (CameraSource source = Sources.create("rpicam://0")) {
      source.open();
      assertFails(source, got, Kind.DEVICE_TIMEOUT, "ended with 0: something to say");
    } finally {
      logger.removeHandler(counter);
    }
    assertThat(got.packets).hasSameSizeAs(film);
    assertThat(lines.get()).isBetween(50, 55);
  }

  @Test
  void stopEndsAWaitAndTheChild() throws IOException {
    child("echo $$ > " + folder + "/pid", "exec sleep 60");
    try (CameraSource source = Sources.create("rpicam://0")) {
      source.open();
      await().until(() -> Files.exists(folder.resolve("pid")) && isAlive());
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
      await().until(() -> !isAlive());
    }
  }

  @Test
  void aChildThatDoesNotListenIsKilledWithItsOwnChildren() throws IOException {
    child(
        "trap '' TERM",
        "echo $$ > " + folder + "/pid",
        "while :; do sleep 60 & echo $! > " + folder + "/grandchild; wait; done");
    try (CameraSource source = Sources.create("rpicam://0")) {
      source.open();
      await().until(() -> Files.exists(folder.resolve("grandchild")) && isAlive());
    }
    assertThat(isAlive()).isFalse();
    await().until(() -> !isAlive("grandchild"));
  }

  @Test
  void aProgramThatIsNotThereIsNamed() {
    System.setProperty(RpicamProcess.PROPERTY, "/nowhere/rpicam-vid");
    try (CameraSource source = Sources.create("rpicam://0")) {
      assertThatThrownBy(source::open)
          .isInstanceOfSatisfying(
              CameraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
          .hasMessage(
              "property raspberryspy.rpicam names /nowhere/rpicam-vid, which cannot be run");
    }
    assumeTrue(
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .noneMatch(
                p -> new File(p, "rpicam-vid").exists() || new File(p, "libcamera-vid").exists()),
        "rpicam-vid is installed here");
    System.clearProperty(RpicamProcess.PROPERTY);
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
    film();
    child("cat " + folder + "/film.h264", "exec sleep 60");
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
    film();
    child("cat " + folder + "/film.h264", "exit 1");
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

  private static int descriptors() {
    String[] names = new File("/proc/self/fd").list();
    return names == null ? 0 : names.length;
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith("rpicam-"))
        .count();
  }

  private static CameraSource impatient(String address) {
    return RpicamSource.of(SourceUri.parse(address), false, PATIENCE, PATIENCE);
  }

  private static void assertFails(CameraSource source, Collected got, Kind kind, String sentence) {
    assertThatThrownBy(() -> got.read(source, n -> true))
        .isInstanceOfSatisfying(CameraException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(sentence);
  }

  /** 25 pictures of H.264 in film.h264. */
  private List<Packet> film() throws IOException {
    List<Packet> film = VideoMaker.with("libx264").frames(10, 25).gop(10).packets();
    ByteBuffer all = ByteBuffer.allocate(film.stream().mapToInt(Packet::sizeBytes).sum());
    film.forEach(packet -> all.put(packet.array()));
    Files.write(folder.resolve("film.h264"), all.array());
    return film;
  }

  private void child(String... lines) throws IOException {
    Path script = folder.resolve("rpicam-vid");
    Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    System.setProperty(RpicamProcess.PROPERTY, script.toString());
  }

  private boolean isAlive() throws IOException {
    return isAlive("pid");
  }

  private boolean isAlive(String file) throws IOException {
    String pid = Files.readString(folder.resolve(file)).strip();
    return !pid.isEmpty()
        && ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive).isPresent();
  }

  private static byte[] bytes(Image image) {
    ByteBuffer all = ByteBuffer.allocate(FRAME_BYTES);
    for (int plane = 0; plane < 3; plane++) {
      ByteBuffer from = image.plane(plane);
      byte[] row = new byte[image.format().rowBytes(plane, image.width())];
      for (int y = 0; y < image.format().rows(plane, image.height()); y++) {
        from.get(y * image.stride(plane), row);
        all.put(row);
      }
    }
    return all.array();
  }

  private static CameraSource.Receiver onFrame(java.util.function.Consumer<Frame> consumer) {
    return new CameraSource.Receiver() {
      @Override
      public void onFrame(Frame frame) {
        consumer.accept(frame);
      }

      @Override
      public void onPacket(Packet packet) {
        throw new AssertionError("a packet");
      }

      @Override
      public void onLost(long frames) {
        throw new AssertionError("lost " + frames);
      }
    };
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
}
