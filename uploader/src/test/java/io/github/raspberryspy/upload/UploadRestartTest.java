package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.faults.FaultyFiles;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The camera's process ends at any moment, and another one goes on. {@code -Draspberryspy.kills}
 * says how many die in turn, {@code -Draspberryspy.seed} at which change to the disk.
 */
class UploadRestartTest extends UploadFixture {

  private static final int SIZE = 9 * CHUNK + 1;
  private static final int KILLS = Integer.getInteger("raspberryspy.kills", 20);
  private static final long SEED = Long.getLong("raspberryspy.seed", 19);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 10})
  void aNewProcessGoesOnWhereTheOldOneWasKilled(int chunk) throws Exception {
    SealedSegment segment = seal(0, SIZE);
    AtomicInteger patches = new AtomicInteger();
    master.script =
        (method, path, request) ->
            method.equals("PATCH") && patches.incrementAndGet() == chunk
                ? Optional.of(new FakeMaster.Fault.Stall())
                : Optional.empty();
    Uploader first = start();
    eventually(() -> assertThat(patches.get()).isEqualTo(chunk));
    first.close();
    assertKept(segment);
    assertThat(empty(start())).isTrue();
    assertVerified(segment, SIZE);
    assertThat(master.patchedBytes()).isLessThanOrEqualTo(SIZE + CHUNK);
    assertThat(master.sealOrder).hasSize(1);
  }

  /** After each change to the disk in turn nothing works any more, as after kill -9. */
  @Test
  void aKillAtAnyChangeToTheDiskLosesNothing() throws Exception {
    boolean survived = false;
    int n = 0;
    while (!survived) {
      n++;
      FaultyFiles faults = new FaultyFiles(root);
      Path folder = faults.path(root.resolve("n" + n));
      Spool crashing = Spool.open(folder, "front");
      SealedSegment first = seal(crashing, 2L * n, SIZE, false);
      SealedSegment second = seal(crashing, 2L * n + 1, 5, true);
      faults.failAt(n, true);
      try (Uploader uploader = uploader(crashing, quick().build())) {
        uploader.start();
        int at = n;
        verified.clear();
        eventually(() -> assertThat(faults.changes() >= at || verified.size() == 2).isTrue());
      }
      survived = faults.changes() < n;
      assertSomewhere(first, SIZE);
      assertSomewhere(second, 5);
      faults.heal();
      try (Uploader again = uploader(Spool.open(folder, "front"), quick().build())) {
        again.start();
        assertThat(empty(again)).isTrue();
      }
      assertVerified(first, SIZE);
      assertVerified(second, 5);
      assertThat(master.sealOrder).doesNotHaveDuplicates();
    }
    assertThat(n).as("write, fsync, rename, deletes: twice").isGreaterThan(10);
  }

  /** F19: whoever goes on after a death dies too; the last one leaves nothing behind. */
  @Test
  void deathAfterDeathLosesNothingAndLeavesNothingBehind() throws Exception {
    Random random = new Random(SEED);
    FaultyFiles faults = new FaultyFiles(root);
    Path folder = faults.path(root.resolve("deaths"));
    List<SealedSegment> waiting = new ArrayList<>();
    long sequence = 0;
    for (int kills = 0; kills < KILLS; ) {
      Spool dying = Spool.open(folder, "front");
      for (int more = waiting.isEmpty() ? 1 : random.nextInt(2); more > 0; more--) {
        waiting.add(seal(dying, sequence++, CHUNK + 1, random.nextBoolean()));
      }
      int at = 1 + random.nextInt(12);
      faults.failAt(at, true);
      try (Uploader uploader = uploader(dying, quick().build())) {
        uploader.start();
        eventually(() -> assertThat(faults.changes() >= at || isEmpty(dying)).isTrue());
      }
      kills += faults.changes() >= at ? 1 : 0;
      faults.heal();
      for (SealedSegment segment : waiting) {
        assertSomewhere(segment, CHUNK + 1);
      }
      waiting.removeIf(segment -> !Files.exists(segment.files().video()));
    }
    Spool last = Spool.open(folder, "front");
    try (Uploader uploader = uploader(last, quick().build())) {
      uploader.start();
      assertThat(empty(uploader)).isTrue();
    }
    assertThat(master.sealOrder).as("seed %d", SEED).hasSize((int) sequence);
    assertThat(master.sealOrder).as("seed %d", SEED).doesNotHaveDuplicates();
    assertThat(isEmpty(last)).as("seed %d", SEED).isTrue();
  }

  private static boolean isEmpty(Spool spool) throws IOException {
    for (String ending : List.of(".mp4", ".json", ".ack", ".tmp", ".part")) {
      if (!spool.list(ending).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** A change to the disk that fails once is tried again by the same process. */
  @Test
  void aDiskThatFailsOnceHoldsNothingUpForGood() throws Exception {
    for (int n = 1; n <= 12; n++) {
      FaultyFiles faults = new FaultyFiles(root);
      Spool flaky = Spool.open(faults.path(root.resolve("m" + n)), "front");
      SealedSegment segment = seal(flaky, n, SIZE, false);
      faults.failAt(n, false);
      try (Uploader uploader = uploader(flaky, quick().build())) {
        uploader.start();
        eventually(
            () -> {
              now.addAndGet(3_600_000_000_000L);
              assertVerified(segment, SIZE);
            });
      }
    }
  }

  private void assertSomewhere(SealedSegment segment, int bytes) throws IOException {
    byte[] there = master.sealed.get(segment.manifest().id().toString());
    byte[] expected = video(segment.manifest().id().sequence(), bytes);
    if (Files.exists(segment.files().video())) {
      assertThat(Files.readAllBytes(segment.files().video())).isEqualTo(expected);
    } else {
      assertThat(there).isEqualTo(expected);
    }
  }
}
