package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.sink.Footage;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.index.Garbage;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisposalTest {

  @TempDir Path root;
  private SegmentIndex index;
  private SegmentStore store;
  private final Events events = new Events();
  private final Clip clip = Footage.withMotion("front", 0);

  @BeforeEach
  void open() throws IOException {
    FootageFolder folder = FootageFolder.open(root);
    index = SegmentIndex.open(folder.index());
    store =
        SegmentStore.open(
            new SegmentStore.Parts(
                folder,
                folder.files(),
                MasterSecret.openOrCreate(folder.internals()),
                index,
                events,
                new DiskSpace(root, 0),
                Clock.systemUTC()));
  }

  @AfterEach
  void close() {
    store.close();
    index.close();
  }

  @Test
  void deletedSegmentLeavesNothing() throws Exception {
    Path video = upload();

    assertThat(store.delete(clip.id(), "age")).isTrue();

    assertThat(video).doesNotExist();
    assertThat(Beside.manifest(video)).doesNotExist();
    assertThat(index.find(clip.id())).isEmpty();
    assertThat(index.garbage().all()).isEmpty();
    assertThat(index.cameras().events(Optional.empty(), Optional.empty(), Optional.empty()))
        .isEmpty();
  }

  @Test
  void savedSegmentIsNotDeleted() throws Exception {
    Path video = upload();
    store.save(clip.id(), true);

    assertThat(store.delete(clip.id(), "age")).isFalse();

    assertThat(video).exists();
    store.save(clip.id(), false);
    assertThat(Beside.savedMark(video)).doesNotExist();
    assertThat(store.delete(clip.id(), "age")).isTrue();
  }

  @Test
  void savedMarkAloneKeepsTheSegment() throws Exception {
    Path video = upload();
    store.save(clip.id(), true);
    index.setSaved(clip.id(), false); // as after a crash between mark and row

    assertThat(store.delete(clip.id(), "age")).isFalse();

    assertThat(video).exists();
    assertThat(index.find(clip.id())).map(StoredSegment::saved).contains(true);
  }

  @Test
  void garbageOfACameraThatIsKeptBusyHoldsUpNoOther() throws Exception {
    Path video = upload();
    SegmentLocks locks = new SegmentLocks(Duration.ofMillis(50));
    FootageFolder folder = FootageFolder.open(root);
    for (int i = 0; i < 3; i++) { // the oldest garbage
      StoredSegment gone =
          new StoredSegment(
              Footage.clip("a-busy-one", i, 500).manifest(),
              Instant.EPOCH,
              false,
              "x/" + i + ".mp4");
      index.add(List.of(gone));
      index.discard(gone);
    }
    index.discard(index.find(clip.id()).orElseThrow());
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      SegmentId busy = Footage.clip("a-busy-one", 0, 500).id();
      SegmentLocks.Held kept = other.submit(() -> locks.take(busy)).get();

      new Disposal(folder.files(), index, locks).collectAll();

      assertThat(video).doesNotExist();
      assertThat(index.garbage().all()).hasSize(3);
      other.submit(kept::release).get();
      new Disposal(folder.files(), index, locks).collectAll();
      assertThat(index.garbage().all()).isEmpty();
    } finally {
      other.shutdownNow();
    }
  }

  @Test
  void interruptedDeletionIsFinishedAtStart() throws Exception {
    Path video = upload();
    index.discard(index.find(clip.id()).orElseThrow()); // the process dies before the unlink
    store.close();
    index.close();

    open();

    assertThat(video).doesNotExist();
    assertThat(index.garbage().all()).isEmpty();
  }

  @Test
  void segmentThatComesAgainWhileItsOldFileIsGarbageDoesNotMeetItsFate() throws Exception {
    Path video = upload();
    String path = index.find(clip.id()).orElseThrow().path();
    index.discard(index.find(clip.id()).orElseThrow()); // the unlink failed, say

    Path again = upload();
    assertThat(again).isNotEqualTo(video);
    store.collectGarbage();

    assertThat(video).doesNotExist();
    assertThat(again).hasBinaryContent(clip.bytes());
    assertThat(index.garbage().all()).doesNotContain(new Garbage(path, clip.id().toString()));
  }

  @Test
  void manifestWithoutItsVideoIsLeftOutOfARebuiltIndex() throws Exception {
    Path video = upload();
    Files.write(video, new byte[] {1, 2, 3});
    store.close();
    index.close();
    Files.delete(root.resolve(".raspberryspy/index.db"));

    open();

    assertThat(index.find(clip.id())).isEmpty();
  }

  private Path upload() throws IOException {
    UploadStatus upload =
        store.create("front", new UploadClaim(clip.id(), clip.manifest().content()));
    store.append("front", upload.token(), 0, ByteBuffer.wrap(clip.bytes()));
    store.seal("front", upload.token(), clip.manifest());
    return root.resolve(index.find(clip.id()).orElseThrow().path());
  }
}
