package io.github.raspberryspy.segments.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.wire.Receipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolTest {

  @TempDir Path root;

  @Test
  void whatIsSealedIsListedOldestFirst() throws IOException {
    Spool spool = Spool.open(root, "front");
    SealedSegment second = SpoolFiles.seal(spool, 1);
    SealedSegment first = SpoolFiles.seal(spool, 0);
    assertThat(spool.sealed()).containsExactly(first, second);
    assertThat(spool.find(first.files())).contains(first);
    assertThat(first.files().part()).doesNotExist();
    assertThat(first.files().video())
        .isEqualTo(root.resolve("front/2026-11-23/2026-11-23T14-00-00Z_r1-000000.mp4"))
        .hasBinaryContent(SpoolFiles.video(0));
    assertThat(spool.list(SegmentName.VIDEO)).containsExactly(first.files(), second.files());
    assertThat(spool.state().recordedUntil()).contains(second.manifest().end());
  }

  @Test
  void aNewSpoolIsItsOwnersAndOneThatIsThereStaysAsOpenAsItWas() throws IOException {
    assumeTrue(root.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Path made = root.resolve("made");
    Spool.open(made, "front");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx------");
    Path given = Files.createDirectory(root.resolve("given"));
    Files.setPosixFilePermissions(given, PosixFilePermissions.fromString("rwxr-x---"));
    Spool.open(given, "front");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(given)))
        .isEqualTo("rwxr-x---");
  }

  @Test
  void whatIsReclaimedIsGone() throws IOException {
    Spool spool = Spool.open(root, "front");
    SealedSegment kept = SpoolFiles.seal(spool, 0);
    SealedSegment gone = SpoolFiles.seal(spool, 1);
    spool.reclaim(gone.files(), SpoolFiles.receipt(gone).encode());
    assertThat(spool.sealed()).containsExactly(kept);
    assertThat(spool.find(gone.files())).isEmpty();
    assertThat(kept.files().folder().toFile().list())
        .containsExactlyInAnyOrder(kept.files().name() + ".mp4", kept.files().name() + ".json");
  }

  @Test
  void sealingMayBeRepeatedAfterTheRename() throws IOException {
    Spool spool = Spool.open(root, "front");
    SealedSegment segment = SpoolFiles.seal(spool, 0);
    Files.delete(segment.files().manifest());
    assertThat(spool.seal(segment.files(), segment.manifest())).isEqualTo(segment);
    assertThat(spool.sealed()).containsExactly(segment);
  }

  @Test
  void aDamagedManifestGoesIntoQuarantineWithItsVideo() throws IOException {
    Spool spool = Spool.open(root, "front");
    SealedSegment sound = SpoolFiles.seal(spool, 0);
    SealedSegment damaged = SpoolFiles.seal(spool, 1);
    Files.writeString(damaged.files().manifest(), "{\"id\":");
    assertThat(spool.sealed()).containsExactly(sound);
    Path quarantine = root.resolve("front/quarantine");
    String name = damaged.files().name().toString();
    assertThat(quarantine.toFile().list())
        .containsExactlyInAnyOrder(name + ".mp4", name + ".json", name + ".reason");
    assertThat(quarantine.resolve(name + ".mp4")).hasBinaryContent(SpoolFiles.video(1));
    assertThat(Files.readString(quarantine.resolve(name + ".reason"))).contains("is not JSON");
    assertThat(spool.list(SegmentName.VIDEO)).containsExactly(sound.files());
  }

  @Test
  void theFirstReasonForQuarantineStays() throws IOException {
    Spool spool = Spool.open(root, "front");
    SealedSegment segment = SpoolFiles.seal(spool, 0);
    spool.quarantine(segment.files(), "first");
    spool.quarantine(segment.files(), "second");
    assertThat(root.resolve("front/quarantine").resolve(segment.files().name() + ".reason"))
        .hasContent("first");
  }

  @Test
  void oneFileThatCannotBeReadHoldsUpNoOther() throws IOException {
    Spool spool = Spool.open(root, "front");
    SealedSegment first = SpoolFiles.seal(spool, 0);
    SealedSegment bad = SpoolFiles.seal(spool, 1);
    SealedSegment last = SpoolFiles.seal(spool, 2);
    Files.delete(bad.files().manifest());
    Files.createDirectory(bad.files().manifest()); // reading it is an I/O error, even for root
    assertThat(spool.sealed()).containsExactly(first, last);
    assertThat(bad.files().video()).exists();
  }

  @Test
  void foreignFilesAndFoldersAreLeftAlone() throws IOException {
    Spool spool = Spool.open(root, "front");
    SealedSegment segment = SpoolFiles.seal(spool, 0);
    Path day = segment.files().folder();
    byte[] manifest = ManifestCodec.encode(segment.manifest());
    List<Path> foreign =
        List.of(
            day.resolve("notes.json"),
            day.resolve("2026-11-23T14-00-00Z_r01-000000.json"),
            day.resolve("2026-11-23T14-00-00Z_r1-000009.json.tmp"),
            day.resolve("thumbs.ack"),
            root.resolve("front/lost+found/2026-11-23T14-00-00Z_r1-000007.json"),
            root.resolve("front/2026-11-23T14-00-00Z_r1-000008.json"),
            root.resolve("front/quarantine/2026-11-23T14-00-00Z_r1-000006.ack"));
    for (Path file : foreign) {
      Files.createDirectories(file.getParent());
      Files.write(file, manifest);
    }
    Files.writeString(root.resolve("front/2026-11-24"), "a file that is called like a day");
    assertThat(spool.sealed()).containsExactly(segment);
    spool.finishReclaims();
    spool.removeEmptyDays();
    assertThat(foreign).allSatisfy(file -> assertThat(file).exists());
    assertThat(segment.files().video()).exists();
  }

  @Test
  void aReceiptOfOtherBytesDeletesNothing() throws IOException {
    Spool spool = Spool.open(root, "front");
    SealedSegment segment = SpoolFiles.seal(spool, 0);
    SealedSegment other = SpoolFiles.seal(spool, 1);
    Content content = segment.manifest().content();
    Receipt right = SpoolFiles.receipt(segment);
    Content longer = new Content(content.bytes() + 1, content.sha256());
    Content changed = new Content(content.bytes(), "00".repeat(32));
    for (byte[] wrong :
        List.of(
            new byte[0],
            new byte[300],
            "{}".getBytes(StandardCharsets.UTF_8),
            SpoolFiles.receipt(other).encode(),
            new Receipt(right.id(), longer, right.mac()).encode(),
            new Receipt(right.id(), changed, right.mac()).encode(),
            new byte[2 << 20])) {
      Files.write(segment.files().receipt(), wrong);
      spool.finishReclaims();
      assertThat(segment.files().video()).hasBinaryContent(SpoolFiles.video(0));
      assertThat(segment.files().receipt()).doesNotExist();
      assertThat(spool.sealed()).containsExactly(segment, other);
    }
    Files.write(segment.files().receipt(), right.encode());
    assertThat(spool.sealed()).containsExactly(other);
    spool.finishReclaims();
    assertThat(segment.files().video()).doesNotExist();
    assertThat(segment.files().receipt()).doesNotExist();
  }

  @Test
  void whatIsReclaimedBesideIsNoFailure() throws Exception {
    Spool spool = Spool.open(root, "front");
    List<SealedSegment> segments = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      segments.add(SpoolFiles.seal(spool, i));
    }
    ExecutorService uploader = Executors.newSingleThreadExecutor();
    try {
      Future<?> reclaimed =
          uploader.submit(
              () -> {
                for (SealedSegment segment : segments) {
                  spool.reclaim(segment.files(), SpoolFiles.receipt(segment).encode());
                }
                return null;
              });
      while (!reclaimed.isDone()) {
        spool.finishReclaims();
      }
      reclaimed.get();
    } finally {
      uploader.shutdownNow();
    }
    assertThat(segments.get(0).files().folder()).isEmptyDirectory();
    assertThat(root.resolve("front/quarantine")).doesNotExist();
  }

  @Test
  void withoutItsManifestAVideoIsHashedBeforeItsReceiptCounts() throws IOException {
    Spool spool = Spool.open(root, "front");
    SealedSegment segment = SpoolFiles.seal(spool, 0);
    Files.delete(segment.files().manifest());
    byte[] changed = SpoolFiles.video(0);
    changed[7] ^= 1;
    Files.write(segment.files().video(), changed);
    Files.write(segment.files().receipt(), SpoolFiles.receipt(segment).encode());
    spool.finishReclaims();
    assertThat(segment.files().video()).hasBinaryContent(changed);

    Files.write(segment.files().video(), SpoolFiles.video(0));
    Files.write(segment.files().receipt(), SpoolFiles.receipt(segment).encode());
    spool.finishReclaims();
    assertThat(segment.files().folder()).isEmptyDirectory();
  }

  @Test
  void emptyDaysGo() throws IOException {
    Spool spool = Spool.open(root, "front");
    SealedSegment segment = SpoolFiles.seal(spool, 0);
    Path empty = Files.createDirectory(root.resolve("front/2026-11-22"));
    spool.removeEmptyDays();
    assertThat(empty).doesNotExist();
    assertThat(spool.sealed()).containsExactly(segment);
  }

  @Test
  void theStateOutlivesTheProcess() throws IOException {
    SpoolState created = Spool.open(root, "front").state();
    assertThat(created.key()).matches("[0-9a-f]{8}");
    assertThat(created.run()).isZero();
    assertThat(created.recordedUntil()).isEmpty();
    Spool spool = Spool.open(root, "front");
    assertThat(spool.beginRun())
        .isEqualTo(new SpoolState(created.key(), 1, Optional.empty(), Optional.empty()));
    Optional<Instant> end = Optional.of(SpoolFiles.seal(spool, 0).manifest().end());
    assertThat(Spool.open(root, "front").beginRun())
        .isEqualTo(new SpoolState(created.key(), 2, end, end));
    assertThat(Spool.open(root, "back").state().key()).isNotEqualTo(created.key());
  }

  @Test
  void aClockThatWasAheadDoesNotHideWhatWasSealedLast() throws IOException {
    Spool spool = Spool.open(root, "front");
    Instant end = SpoolFiles.seal(spool, 0).manifest().end();
    Instant ahead = end.plus(Duration.ofDays(3652));
    spool.noteRecorded(ahead);
    SpoolState state = Spool.open(root, "front").state();
    assertThat(state.recordedBefore(end.plusSeconds(60))).contains(end);
    assertThat(state.recordedBefore(ahead.plusSeconds(60))).contains(ahead);
    assertThat(state.recordedBefore(end)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\0\0\0\0\0\0\0\0",
        "key=3f9a1c22\nrun=\n",
        "key=3f9a1c2\nrun=1\n",
        "key=3f9a1c22\nrun=-1\n",
        "key=3f9a1c22\nrun=1\nrecordedUntil=soon\n",
        "key=\\u12\nrun=1\n",
        "\u00ff\u00fe\u00d8\u00d8"
      })
  void aDamagedStateIsNamedAndReplacedByANewKey(String text) throws IOException {
    Spool spool = Spool.open(root, "front");
    Path file = root.resolve("front/camera.properties");
    Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    assertThatThrownBy(spool::state)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + " is damaged");
    SpoolState fresh = Spool.open(root, "front").state();
    assertThat(fresh.run()).isZero();
    assertThat(fresh.key()).matches("[0-9a-f]{8}").isNotEqualTo("3f9a1c22");
    assertThat(root.resolve("front/camera.properties.damaged")).exists();
  }

  @Test
  void whatIsNoFolderIsRefusedInOneSentenceThatNamesIt() throws IOException {
    Path file = Files.writeString(root.resolve("file"), "x");
    assertThatThrownBy(() -> Spool.open(file, "front"))
        .isInstanceOf(IOException.class)
        .hasMessage("spool " + file.resolve("front") + " is not a folder");
    Files.writeString(root.resolve("back"), "x");
    assertThatThrownBy(() -> Spool.open(root, "back"))
        .isInstanceOf(IOException.class)
        .hasMessage("spool " + root.resolve("back") + " is not a folder");
    assertThatThrownBy(() -> Spool.open(root, "../x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("camera name");
  }

  @Test
  void aReadOnlyFolderIsRefusedInOneSentenceThatNamesIt() throws IOException {
    assumeFalse("root".equals(System.getProperty("user.name")), "root may write anywhere");
    Path folder = Files.createDirectory(root.resolve("front"));
    assertThat(root.toFile().setWritable(false)).isTrue();
    assertThat(folder.toFile().setWritable(false)).isTrue();
    try {
      assertThatThrownBy(() -> Spool.open(root, "front"))
          .isInstanceOf(IOException.class)
          .hasMessage("spool " + folder + " is not writable");
      assertThatThrownBy(() -> Spool.open(root, "back"))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("spool " + root.resolve("back") + " cannot be created: ");
    } finally {
      assertThat(folder.toFile().setWritable(true)).isTrue();
      assertThat(root.toFile().setWritable(true)).isTrue();
    }
  }

  @Test
  void theHashOfASealedVideoIsTheOneOfItsManifest() throws IOException {
    SealedSegment segment = SpoolFiles.seal(Spool.open(root, "front"), 0);
    assertThat(DurableFiles.hash(segment.files().video())).isEqualTo(segment.manifest().content());
  }
}
