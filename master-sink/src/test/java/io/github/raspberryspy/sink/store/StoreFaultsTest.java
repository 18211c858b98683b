package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.faults.DiskImage;
import io.github.raspberryspy.segments.faults.FaultyFiles;
import io.github.raspberryspy.segments.faults.FaultyFiles.Fault;
import io.github.raspberryspy.segments.faults.MemoryDisk;
import io.github.raspberryspy.sink.Footage;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.auth.MasterSecret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * F6 on the master: each file operation of an upload, a seal, a save and a deletion fails in turn;
 * once, or until the restart. What was vouched for stays, and the camera comes to its receipt in
 * the same process once the disk works, and in the next one. The index lies on a disk that works.
 */
@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StoreFaultsTest {

  private static final Logger OURS = Logger.getLogger("io.github.raspberryspy");
  private static final Duration LONGEST = Duration.ofSeconds(10);

  @TempDir Path real;

  private final Clip old = Footage.clip("front", 0, 900);
  private final Clip kept = Footage.clip("front", 1, 1000);
  private final Clip fresh = Footage.clip("front", 2, 1200);
  private MasterSecret secret;
  private int lives;

  static Stream<Arguments> faults() {
    return Stream.of(Fault.values())
        .flatMap(f -> Stream.of(Arguments.of(f, false), Arguments.of(f, true)));
  }

  @BeforeEach
  void silence() throws IOException {
    OURS.setLevel(Level.OFF); // each failure is told of in the log, which nobody reads
    secret = MasterSecret.openOrCreate(real.resolve("secret"));
  }

  @AfterEach
  void speak() {
    OURS.setLevel(null);
  }

  private interface Step {
    void run() throws IOException;
  }

  @ParameterizedTest
  @MethodSource("faults")
  void whicheverOperationFailsNothingIsLost(Fault fault, boolean untilRestart) throws Exception {
    Path template = real.resolve("template.db");
    MemoryDisk before = new MemoryDisk();
    try (StoreLife life = new StoreLife(before.path("/footage"), template, secret)) {
      life.upload(old);
      life.upload(kept);
    }
    DiskImage image = before.snapshot();
    boolean isOver = false;
    for (int n = 1; !isOver; n++) {
      isOver = failAt(n, fault, untilRestart, image.copy(), template);
      assertThat(n > 1 || !isOver).as("there is an operation that can fail").isTrue();
    }
  }

  /** Returns whether there were fewer operations than that. */
  private boolean failAt(int n, Fault fault, boolean untilRestart, DiskImage image, Path template)
      throws IOException {
    MemoryDisk disk = new MemoryDisk(image);
    FaultyFiles faults = new FaultyFiles(disk.path("/"));
    faults.fault(fault);
    Path root = faults.path(disk.path("/footage"));
    Path index = Files.copy(template, real.resolve("index" + lives++ + ".db"));
    List<String> done = new ArrayList<>();
    boolean isOver;
    try (StoreLife life = new StoreLife(root, index, secret)) {
      faults.failAt(n, untilRestart);
      attempt("save", done, () -> life.store.save(kept.id(), true));
      attempt("delete", done, () -> life.store.delete(old.id(), "too old"));
      attempt("upload", done, () -> life.upload(fresh));
      isOver = faults.changes() < n;
      faults.heal();
      check(life, done);
    } catch (AssertionError | IOException | RuntimeException e) {
      throw new AssertionError("operation " + n + ": " + e.getMessage(), e);
    }
    try (StoreLife next = new StoreLife(root, index, secret)) {
      next.requireHeld(fresh);
      next.requireHeld(kept);
      next.requireTaken(old);
    } catch (AssertionError | IOException | RuntimeException e) {
      throw new AssertionError("operation " + n + ", restarted: " + e.getMessage(), e);
    }
    return isOver;
  }

  private static void attempt(String what, List<String> done, Step step) {
    long began = System.nanoTime();
    try {
      step.run();
      done.add(what);
    } catch (IOException | UncheckedIOException | StoreException e) {
      assertThat(e).as("the disk's own words").hasStackTraceContaining("injected");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LONGEST);
  }

  private void check(StoreLife life, List<String> done) throws IOException {
    if (done.contains("upload")) {
      life.requireHeld(fresh);
    }
    life.requireHeld(kept);
    if (done.contains("save")) {
      life.requireSaved(kept);
    }
    life.requireTaken(fresh);
    life.store.collectGarbage();
    life.requireTaken(old);
  }
}
