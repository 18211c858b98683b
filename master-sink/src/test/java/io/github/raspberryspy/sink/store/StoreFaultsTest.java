package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.faults.DiskImage;
import io.github.raspberryspy.segments.faults.FaultyFiles;
import io.github.raspberryspy.segments.faults.FaultyFiles.Fault;
import io.github.raspberryspy.segments.faults.MemoryDisk;
import io.github.raspberryspy.sink.Footage;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
 * F6 on the master: each file operation of an upload, a seal, a save, a deletion, the trash, an
 * open segment and its salvage fails in turn; once, or until the restart. What was vouched for
 * stays, and the camera comes to its receipt in the same process once the disk works, and in the
 * next one. The index lies on a disk that works.
 */
@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StoreFaultsTest {

  private static final Logger OURS = Logger.getLogger("io.github.raspberryspy");
  private static final Duration LONGEST = Duration.ofSeconds(10);

  @TempDir Path real;

  private final Clip old = Footage.clip("front", 0, 900);
  private final Clip kept = Footage.clip("front", 1, 1000);
  private final Clip fresh = Footage.clip("front", 2, 1200);
  private final Clip unwanted = Footage.clip("front", 3, 900);
  private final Clip wanted = Footage.clip("front", 4, 900);
  private final Clip lost = Footage.recorded("front", 5, 900);
  private final Clip open = Footage.recorded("front", 6, 900);
  private MasterSecret secret;
  private int lives;

  /** What is done while the disk fails, and what has to hold then. */
  enum Story {
    WHOLE_SEGMENTS,
    TRASH_AND_REPLACEMENT,
    OPEN_SEGMENT
  }

  static Stream<Arguments> faults() {
    List<Arguments> all = new ArrayList<>();
    for (Story story : Story.values()) {
      for (Fault fault : Fault.values()) {
        if (story == Story.WHOLE_SEGMENTS || !isLikeEio(fault)) {
          all.add(Arguments.of(story, fault, false));
          all.add(Arguments.of(story, fault, true));
        }
      }
    }
    return all.stream();
  }

  /** They befall the same operations, and say it in other words. */
  private static boolean isLikeEio(Fault fault) {
    return fault == Fault.ENOSPC || fault == Fault.EROFS;
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
  void whicheverOperationFailsNothingIsLost(Story story, Fault fault, boolean untilRestart)
      throws Exception {
    Path template = real.resolve("template.db");
    MemoryDisk before = new MemoryDisk();
    try (StoreLife life = new StoreLife(before.path("/footage"), template, secret)) {
      prepare(story, life);
    }
    DiskImage image = before.snapshot();
    boolean isOver = false;
    for (int n = 1; !isOver; n++) {
      isOver = failAt(n, story, fault, untilRestart, image.copy(), template);
      assertThat(n > 1 || !isOver).as("there is an operation that can fail").isTrue();
    }
  }

  private void prepare(Story story, StoreLife life) throws IOException {
    switch (story) {
      case WHOLE_SEGMENTS -> {
        life.upload(old);
        life.upload(kept);
      }
      case TRASH_AND_REPLACEMENT -> {
        life.upload(unwanted);
        life.upload(wanted);
        life.store.trash(wanted.id());
        life.grow(lost, lost.bytes().length - 10);
        assertThat(life.store.salvage(camera -> true, Duration.ZERO)).isOne();
        life.store.save(lost.id(), true);
      }
      case OPEN_SEGMENT -> life.grow(open, open.bytes().length - 10);
    }
  }

  /** Returns whether there were fewer operations than that. */
  private boolean failAt(
      int n, Story story, Fault fault, boolean untilRestart, DiskImage image, Path template)
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
      act(story, life, done);
      isOver = faults.changes() < n;
      faults.heal();
      check(story, life, done);
    } catch (AssertionError | IOException | RuntimeException e) {
      throw new AssertionError("operation " + n + ": " + e.getMessage(), e);
    }
    try (StoreLife next = new StoreLife(root, index, secret)) {
      checkNext(story, next);
    } catch (AssertionError | IOException | RuntimeException e) {
      throw new AssertionError("operation " + n + ", restarted: " + e.getMessage(), e);
    }
    if (story == Story.TRASH_AND_REPLACEMENT) {
      try (StoreLife rebuilt = new StoreLife(root, real.resolve("new" + lives + ".db"), secret)) {
        rebuilt.requireSaved(lost);
        rebuilt.requireHeld(wanted);
        assertThat(rebuilt.index.trash().find(unwanted.id())).isPresent();
      } catch (AssertionError | IOException | RuntimeException e) {
        throw new AssertionError("operation " + n + ", without index: " + e.getMessage(), e);
      }
    }
    return isOver;
  }

  private void act(Story story, StoreLife life, List<String> done) {
    switch (story) {
      case WHOLE_SEGMENTS -> {
        attempt("save", done, () -> life.store.save(kept.id(), true));
        attempt("delete", done, () -> life.store.delete(old.id(), "too old"));
        attempt("upload", done, () -> life.upload(fresh));
      }
      case TRASH_AND_REPLACEMENT -> {
        attempt("trash", done, () -> life.store.trash(unwanted.id()));
        attempt("restore", done, () -> life.store.restore(wanted.id()));
        attempt("replace", done, () -> life.upload(lost));
      }
      case OPEN_SEGMENT -> {
        attempt("more", done, () -> life.grow(open, open.bytes().length - 5));
        attempt("rest", done, () -> life.grow(open, open.bytes().length));
        attempt("expire", done, () -> life.store.expire(Duration.ZERO));
      }
    }
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

  private void check(Story story, StoreLife life, List<String> done) throws IOException {
    switch (story) {
      case WHOLE_SEGMENTS -> checkWhole(life, done);
      case TRASH_AND_REPLACEMENT -> checkTrash(life, done);
      case OPEN_SEGMENT -> checkOpen(life, done);
    }
  }

  private void checkWhole(StoreLife life, List<String> done) throws IOException {
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

  private void checkTrash(StoreLife life, List<String> done) throws IOException {
    if (done.contains("replace")) {
      life.requireHeld(lost);
    }
    life.requireListedAndSaved(lost.id());
    life.requireTaken(lost);
    life.requireSaved(lost);
    assertThat(life.index.find(unwanted.id()).isPresent())
        .as("either listed or in the trash")
        .isNotEqualTo(life.index.trash().find(unwanted.id()).isPresent());
    if (done.contains("restore")) {
      life.requireHeld(wanted);
    } else if (life.index.find(wanted.id()).isEmpty()) {
      life.store.restore(wanted.id());
    }
    if (!done.contains("trash") && life.index.find(unwanted.id()).isPresent()) {
      life.requireHeld(unwanted);
      life.store.trash(unwanted.id());
    }
    assertThat(life.index.find(unwanted.id())).isEmpty();
  }

  /** What an answer said is on disk is there still: in the upload, or in what became of it. */
  private void checkOpen(StoreLife life, List<String> done) throws IOException {
    int most = open.bytes().length;
    int proved = done.contains("rest") ? most : done.contains("more") ? most - 5 : most - 10;
    Optional<StoredSegment> row = life.index.find(open.id());
    if (row.isEmpty()) {
      assertThat(life.store.createOpen("front", open.id()).offset())
          .as("what was proved")
          .isGreaterThanOrEqualTo(proved);
      assertThat(life.store.salvage(camera -> true, Duration.ZERO)).as("salvaged").isOne();
      row = life.index.find(open.id());
    }
    if (proved == most) {
      assertThat(row.orElseThrow().manifest().frames()).isEqualTo(20);
    }
    assertThat(row.orElseThrow().manifest().frames()).isGreaterThanOrEqualTo(10);
    life.requireTaken(open);
  }

  private void checkNext(Story story, StoreLife next) throws IOException {
    switch (story) {
      case WHOLE_SEGMENTS -> {
        next.requireHeld(fresh);
        next.requireHeld(kept);
        next.requireTaken(old);
      }
      case TRASH_AND_REPLACEMENT -> {
        next.requireSaved(lost);
        next.requireHeld(wanted);
        assertThat(next.index.trash().find(unwanted.id())).isPresent();
      }
      case OPEN_SEGMENT -> next.requireTaken(open);
    }
  }
}
