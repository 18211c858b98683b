package io.github.raspberryspy.segments.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.faults.FaultyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fails each change to the disk in turn, once and from then on, and starts again after it. */
class SpoolCrashTest {

  @TempDir Path root;

  private FaultyFiles faults;
  private Spool spool;
  private boolean survived;

  private interface Step {
    void run() throws IOException;
  }

  private void freshSpool(int n) throws IOException {
    faults = new FaultyFiles(root);
    spool = Spool.open(faults.path(root.resolve("n" + n)), "front");
  }

  private void restart(int n) throws IOException {
    faults.heal();
    spool = Spool.open(faults.path(root.resolve("n" + n)), "front");
  }

  /** Runs it with the nth change failing; notes when there are no more than n. */
  private void failing(int n, boolean forEver, Step step) {
    faults.failAt(n, forEver);
    try {
      step.run();
    } catch (IOException e) {
      assertThat(e.getMessage()).contains("injected");
    }
    survived = faults.changes() < n;
    assertThat(n > 3 || !survived).as("it has several steps").isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCrashWhileReclaimingLosesOnlyWhatTheMasterHas(boolean forEver) throws IOException {
    for (int n = 1; !survived; n++) {
      freshSpool(n);
      SealedSegment gone = SpoolFiles.seal(spool, 0);
      SealedSegment kept = SpoolFiles.seal(spool, 1);
      byte[] receipt = SpoolFiles.receipt(gone).encode();
      failing(n, forEver, () -> spool.reclaim(gone.files(), receipt));
      faults.heal();
      boolean vouched = Files.exists(gone.files().receipt());
      if (!vouched && Files.exists(gone.files().manifest())) {
        assertThat(gone.files().video()).hasBinaryContent(SpoolFiles.video(0));
      }
      restart(n);
      spool.finishReclaims();
      if (Files.exists(gone.files().manifest())) {
        assertThat(spool.sealed()).hasSize(2);
        spool.reclaim(spool.sealed().get(0).files(), receipt);
      }
      assertThat(names(kept.files()))
          .containsExactlyInAnyOrder(kept.files().name() + ".json", kept.files().name() + ".mp4");
      assertThat(Files.readAllBytes(kept.files().video())).isEqualTo(SpoolFiles.video(1));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCrashWhileSealingLeavesTheVideoOnce(boolean forEver) throws IOException {
    for (int n = 1; !survived; n++) {
      freshSpool(n);
      SegmentFiles files = SpoolFiles.part(spool, 0);
      failing(n, forEver, () -> spool.seal(files, SpoolFiles.manifest(0)));
      restart(n);
      assertThat(Files.exists(files.part())).isNotEqualTo(Files.exists(files.video()));
      for (SealedSegment segment : spool.sealed()) {
        assertThat(Files.readAllBytes(segment.files().video())).isEqualTo(SpoolFiles.video(0));
        if (forEver) { // else the note alone may have failed
          assertThat(spool.state().recordedUntil()).contains(segment.manifest().end());
        }
      }
      spool.seal(files, SpoolFiles.manifest(0));
      assertThat(spool.sealed())
          .map(SealedSegment::manifest)
          .containsExactly(SpoolFiles.manifest(0));
      assertThat(names(files))
          .containsExactlyInAnyOrder(files.name() + ".json", files.name() + ".mp4");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCrashDuringQuarantineIsFinished(boolean forEver) throws IOException {
    for (int n = 1; !survived; n++) {
      freshSpool(n);
      SealedSegment bad = SpoolFiles.seal(spool, 0);
      failing(n, forEver, () -> spool.quarantine(bad.files(), "because"));
      restart(n);
      spool.quarantine(bad.files(), "again");
      assertThat(names(bad.files())).isEmpty();
      Path to = spool.folder().resolve("quarantine");
      assertThat(Files.readAllBytes(to.resolve(bad.files().video().getFileName())))
          .isEqualTo(SpoolFiles.video(0));
      assertThat(Files.exists(to.resolve(bad.files().manifest().getFileName()))).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCrashWhileCountingARunNeverCountsBackwards(boolean forEver) throws IOException {
    for (int n = 1; !survived; n++) {
      freshSpool(n);
      long before = spool.beginRun().run();
      failing(n, forEver, () -> spool.beginRun());
      restart(n);
      assertThat(spool.beginRun().run()).isGreaterThan(before);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCrashAtTheFirstStartLeavesASpoolThatOpens(boolean forEver) throws IOException {
    for (int n = 1; !survived; n++) {
      faults = new FaultyFiles(root);
      Path at = faults.path(root.resolve("n" + n));
      failing(n, forEver, () -> Spool.open(at, "front"));
      restart(n);
      assertThat(spool.state().key()).hasSize(8);
      assertThat(spool.sealed()).isEmpty();
    }
  }

  private static List<String> names(SegmentFiles files) throws IOException {
    try (var list = Files.list(files.folder())) {
      return list.map(p -> p.getFileName().toString()).toList();
    }
  }
}
