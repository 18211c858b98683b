package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.faults.FaultyFiles;
import io.github.raspberryspy.segments.faults.FaultyFiles.Fault;
import io.github.raspberryspy.segments.faults.MemoryDisk;
import io.github.raspberryspy.sink.Footage;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.auth.MasterSecret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads of many cameras, of which one may mean harm or be at a slow disk. */
class RestingUploadsTest {

  @TempDir Path real;

  private final MemoryDisk disk = new MemoryDisk();
  private final FaultyFiles faults = new FaultyFiles(disk.path("/"));
  private final Path root = faults.path(disk.path("/footage"));
  private StoreLife life;

  @BeforeEach
  void open() throws IOException {
    life =
        new StoreLife(
            root, real.resolve("index.db"), MasterSecret.openOrCreate(real.resolve("secret")));
  }

  @AfterEach
  void close() {
    life.close();
  }

  @Test
  void whereACameraHasTooManyTheOneThatRestedLongestIsSalvagedForTheNewOne() throws Exception {
    Clip clip = Footage.recorded("front", 0, 900);
    life.grow(clip, clip.bytes().length - 10);
    UploadStatus last = null;
    for (int i = 0; i < Incoming.MOST_PER_CAMERA; i++) {
      last = life.store.create("front", OptionalLong.of(100));
    }
    assertThat(life.index.find(clip.id()).orElseThrow().isSalvaged()).isTrue();
    assertThat(life.store.create("front", OptionalLong.of(100)).offset()).isZero();
    assertThat(life.store.status("front", last.token()).offset()).isZero();
    assertThat(life.store.createOpen("front", clip.id()).offset()).isPositive();
  }

  @Test
  void whatSaysOfItselfThatItLastsForWeeksIsNoSegmentAndEndsWithItsTime() throws Exception {
    Clip clip = Footage.recorded("front", 0, 900);
    byte[] bytes = clip.bytes().clone();
    int time = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("tfdt") + 8;
    ByteBuffer.wrap(bytes).putInt(time, Integer.MAX_VALUE); // milliseconds
    life.grow(Footage.of(clip.id(), bytes, List.of()), bytes.length);

    life.store.expire(Duration.ZERO);

    assertThat(life.index.find(clip.id())).isEmpty();
    assertThat(life.store.createOpen("front", clip.id()).offset()).isZero();
  }

  @Test
  void whatDoesNotPlayIsReadOnceAndWhatFailsLessAndLess() throws Exception {
    faults.fault(Fault.EMFILE); // counts what is opened to be read as well
    opened(); // looks which folder it is
    long none = opened();
    Clip clip = Footage.recorded("front", 0, 900);
    life.grow(clip, 400);
    assertThat(opened()).isGreaterThan(none);
    assertThat(opened()).isEqualTo(none);
    life.grow(clip, 500);
    assertThat(opened()).isGreaterThan(none);

    Clip failing = Footage.recorded("front", 1, 900);
    life.grow(failing, failing.bytes().length - 10);
    faults.before(
        what -> {
          if (what.contains(".seal")) {
            throw new IOException("injected: No space left on device");
          }
        });
    assertThat(opened()).isGreaterThan(none);
    assertThat(opened()).as("a failure is tried again once at once").isGreaterThan(none);
    assertThat(opened()).isEqualTo(none);
  }

  @Test
  void onesCamerasManyDoNotHoldUpAnothersOne() throws Exception {
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Clip clip = Footage.recorded("evil", i, 900);
      life.grow(clip, clip.bytes().length - 10);
    }
    Clip good = Footage.recorded("good", 0, 900);
    life.grow(good, good.bytes().length - 10);
    Clip evil = Footage.recorded("evil", 5, 900);
    life.grow(evil, evil.bytes().length - 10);
    faults.before(
        what -> {
          if (what.startsWith("move") && what.endsWith(".part")) {
            order.add(what);
          }
        });
    assertThat(life.store.salvage(camera -> true, Duration.ZERO)).isEqualTo(7);
    assertThat(life.index.find(good.id())).isPresent();
    assertThat(order).hasSize(7);
    String path = life.store.createOpen("good", good.id()).token();
    assertThat(
            order.indexOf(order.stream().filter(o -> o.contains(path)).findFirst().orElseThrow()))
        .isLessThan(2);
  }

  @Test
  void oneUploadAtASlowDiskHoldsUpNoOther() throws Exception {
    CountDownLatch isAtIt = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    faults.before(
        what -> {
          if (what.startsWith("fsync") && what.contains(".info") && isAtIt.getCount() > 0) {
            isAtIt.countDown();
            wait(goOn);
          }
        });
    CompletableFuture<Void> slow =
        CompletableFuture.runAsync(
            () -> {
              try {
                life.store.create("slow", OptionalLong.of(100));
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    try {
      wait(isAtIt);
      CompletableFuture<Long> other =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return life.store.create("front", OptionalLong.of(100)).offset();
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      assertThat(other.get(20, TimeUnit.SECONDS)).isZero();
      assertThat(slow).isNotDone();
    } finally {
      goOn.countDown();
    }
    slow.get(20, TimeUnit.SECONDS);
  }

  /** How many files one look opens. */
  private long opened() throws IOException {
    faults.heal();
    life.store.salvage(camera -> true, Duration.ZERO);
    return faults.changes();
  }

  private static void wait(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
