package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.sink.Footage;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.ManualClock;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.retention.Reaper;
import io.github.raspberryspy.sink.retention.RetentionPolicy;
import io.github.raspberryspy.sink.retention.TrustedClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Retention while somebody holds the lock of one of the cameras' segments. */
class BusyCameraRetentionTest {

  private static final Duration GRACE = Duration.ofDays(7);

  @TempDir Path root;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T00:00:00Z"));
  private final SegmentLocks locks = new SegmentLocks(Duration.ofMillis(50));
  private final ExecutorService other = Executors.newSingleThreadExecutor();
  private final Events events = new Events();
  private final Clip busyOne = Footage.clip("a-busy-one", 0, 500); // the older one
  private final Clip front = Footage.clip("front", 0, 500);
  private SegmentIndex index;
  private SegmentStore store;
  private DiskSpace space;
  private SegmentLocks.Held kept;

  @BeforeEach
  void open() throws Exception {
    FootageFolder folder = FootageFolder.open(root);
    index = SegmentIndex.open(folder.index());
    space = new DiskSpace(root, 0);
    SegmentStore.Parts parts =
        new SegmentStore.Parts(
            folder,
            folder.files(),
            MasterSecret.openOrCreate(folder.internals()),
            index,
            events,
            space,
            clock);
    store = SegmentStore.open(parts, SealStep.Probe.NONE, locks);
    upload(busyOne);
    upload(front);
  }

  @AfterEach
  void close() {
    other.shutdownNow();
    store.close();
    index.close();
    events.close();
  }

  private void upload(Clip clip) throws IOException {
    String camera = clip.id().camera();
    UploadStatus upload =
        store.create(camera, new UploadClaim(clip.id(), clip.manifest().content()));
    store.append(camera, upload.token(), 0, ByteBuffer.wrap(clip.bytes()));
    store.seal(camera, upload.token(), clip.manifest());
    clock.advance(Duration.ofSeconds(1));
  }

  private Reaper reaper(RetentionPolicy policy) {
    TrustedClock trusted = new TrustedClock(clock, clock::nanos);
    return new Reaper(policy, index, store, space, events, trusted, GRACE);
  }

  private void keepBusy() throws Exception {
    kept = other.submit(() -> locks.take(busyOne.id())).get();
  }

  private void release() throws Exception {
    other.submit(kept::release).get();
  }

  private boolean isThere(Clip clip) {
    return index.find(clip.id()).isPresent();
  }

  @Test
  void theOthersGoOnAndItsTurnComesAtTheNextPass() throws Exception {
    clock.advance(Duration.ofDays(2));
    keepBusy();
    try (Reaper reaper = reaper(new RetentionPolicy(Duration.ofDays(1), 0))) {
      reaper.start();
      await().untilAsserted(() -> assertThat(isThere(front)).isFalse());
      assertThat(isThere(busyOne)).isTrue();

      release();
      reaper.wake();
      await().untilAsserted(() -> assertThat(isThere(busyOne)).isFalse());
    }
  }

  @Test
  void noYoungerFootageGoesInPlaceOfItsOwn() throws Exception {
    Clip younger = Footage.clip("front", 1, 500);
    upload(younger);
    keepBusy();
    long room = younger.bytes().length;
    try (Reaper reaper = reaper(new RetentionPolicy(Duration.ZERO, room))) {
      reaper.start();
      await().untilAsserted(() -> assertThat(isThere(front)).isFalse());
      release();
      reaper.wake();
      await().untilAsserted(() -> assertThat(isThere(busyOne)).isFalse());
      assertThat(isThere(younger)).isTrue();
    }
  }

  @Test
  void theTrashOfTheOthersGoesToo() throws Exception {
    store.trash(busyOne.id());
    clock.advance(Duration.ofSeconds(1));
    store.trash(front.id());
    clock.advance(GRACE.plusDays(1));
    keepBusy();
    try (Reaper reaper = reaper(new RetentionPolicy(Duration.ZERO, 0))) {
      reaper.start();
      await().untilAsserted(() -> assertThat(index.trash().find(front.id())).isEmpty());
      assertThat(index.trash().find(busyOne.id())).isPresent();

      release();
      reaper.wake();
      await().untilAsserted(() -> assertThat(index.trash().find(busyOne.id())).isEmpty());
    }
  }
}
