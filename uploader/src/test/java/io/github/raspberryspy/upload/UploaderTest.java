package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.upload.FakeMaster.Fault;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UploaderTest extends UploadFixture {

  @Test
  void everythingSealedArrivesAndIsDeletedHere() throws Exception {
    int[] sizes = {1, CHUNK - 1, CHUNK, CHUNK + 1, 10 * CHUNK + 7};
    List<SealedSegment> segments = new java.util.ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      segments.add(seal(i, sizes[i]));
    }
    Uploader uploader = start();
    assertThat(empty(uploader)).isTrue();
    for (int i = 0; i < sizes.length; i++) {
      assertVerified(segments.get(i), sizes[i]);
    }
    assertThat(verified).hasSize(5);
    assertThat(failures).isEmpty();
    assertThat(uploader.backlog()).isEqualTo(new Backlog(0, 0));
    assertThat(uploader.acceptedBytes()).isEqualTo(master.patchedBytes());
  }

  @Test
  void aMasterThatSaysAtOnceWhatItHasIsNotAskedAgain() throws Exception {
    master.saysOffsetAtOnce = true;
    SealedSegment segment = seal(0, 3 * CHUNK);
    assertThat(empty(start())).isTrue();
    assertVerified(segment, 3 * CHUNK);
    assertThat(master.count("HEAD")).isZero();
  }

  @Test
  void chunksOfAMebibyteAreTheDefault() throws Exception {
    SealedSegment segment = seal(0, (1 << 20) + 5);
    Uploader uploader =
        start(c -> c.chunkBytes(UploaderConfig.MAX_CHUNK_BYTES).requestBytes(1 << 20));
    assertThat(empty(uploader)).isTrue();
    assertVerified(segment, (1 << 20) + 5);
    assertThat(master.count("PATCH")).isEqualTo(2);
  }

  @Test
  void motionGoesFirstThenTheNewest() throws Exception {
    oneAtATime();
    for (int i = 0; i < 12; i++) {
      seal(spool, i, 10, i == 3 || i == 5);
    }
    assertThat(empty(start())).isTrue();
    assertThat(master.sealOrder)
        .map(id -> Integer.parseInt(id.substring(id.length() - 6)))
        .containsExactly(5, 3, 11, 10, 9, 8, 7, 6, 4, 2, 1, 0);
  }

  @Test
  void aPokeEndsTheWait() throws Exception {
    Uploader uploader = start(c -> c.pollInterval(Duration.ofHours(20)));
    assertThat(empty(uploader)).isTrue();
    SealedSegment segment = seal(0, 10);
    uploader.poke();
    eventually(() -> assertVerified(segment, 10));
  }

  @Test
  void whatIsSealedWhileABacklogDrainsComesBeforeTheOlder() throws Exception {
    oneAtATime();
    for (int i = 0; i < 3; i++) {
      seal(i, 10);
    }
    Uploader uploader = uploader(spool, quick().build());
    AtomicInteger puts = new AtomicInteger();
    master.script =
        (method, path, request) -> {
          if (method.equals("PUT") && puts.incrementAndGet() == 1) {
            try {
              seal(9, 10);
              uploader.poke();
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          }
          return Optional.empty();
        };
    uploader.start();
    assertThat(empty(uploader)).isTrue();
    assertThat(master.sealOrder)
        .map(id -> Integer.parseInt(id.substring(id.length() - 6)))
        .containsExactly(2, 9, 1, 0);
  }

  @Test
  void theBacklogCountsWhatWaits() throws Exception {
    master.kill();
    seal(0, 1000);
    seal(1, 234);
    Uploader uploader = start();
    eventually(() -> assertThat(uploader.backlog()).isEqualTo(new Backlog(2, 1234)));
    assertThat(uploader.awaitEmpty(Duration.ofMillis(50))).isFalse();
    eventually(() -> assertThat(kinds()).containsExactly(Kind.UNREACHABLE));
    master.restart();
    assertThat(empty(uploader)).isTrue();
    assertThat(uploader.backlog().isEmpty()).isTrue();
  }

  @Test
  void somebodyWhoWaitsForTheEndShortensALongPause() throws Exception {
    master.kill();
    SealedSegment segment = seal(0, 10);
    Uploader uploader = start(c -> c.retry(Duration.ofHours(1), Duration.ofHours(2)));
    eventually(() -> assertThat(failures).hasSize(1));
    master.restart();
    assertThat(empty(uploader)).isTrue();
    assertVerified(segment, 10);
  }

  @Test
  void aPokeDoesNotShortenAPause() throws Exception {
    master.kill();
    seal(0, 10);
    Uploader uploader = start(c -> c.retry(Duration.ofHours(1), Duration.ofHours(2)));
    eventually(() -> assertThat(failures).hasSize(1));
    for (int i = 0; i < 100; i++) {
      uploader.poke();
    }
    assertThat(uploader.awaitEmpty(Duration.ofMillis(100))).isFalse();
    assertThat(failures).hasSize(1);
  }

  @Test
  void closingBreaksOffARequestInFlight() throws Exception {
    SealedSegment segment = seal(0, 3 * CHUNK);
    master.script =
        (method, path, request) ->
            method.equals("PATCH") ? Optional.of(new Fault.Stall()) : Optional.empty();
    Uploader uploader = start(c -> c.requestTimeout(Duration.ofHours(1)));
    eventually(() -> assertThat(master.count("PATCH")).isEqualTo(1));
    org.junit.jupiter.api.Assertions.assertTimeout(Duration.ofSeconds(5), uploader::close);
    assertKept(segment);
    assertThat(uploader.awaitEmpty(Duration.ofHours(1))).isFalse();
    eventually(
        () ->
            assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(t -> t.getName().equals("upload")));
  }

  @Test
  void startsOnce() {
    Uploader uploader = start();
    assertThatThrownBy(uploader::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anotherCamerasTokenIsRefusedAtOnce() throws IOException {
    Spool back = Spool.open(root, "back");
    assertThatThrownBy(() -> uploader(back, quick().build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("back")
        .hasMessageContaining("front");
  }

  @Test
  void aListenerThatFailsStopsNothing() throws Exception {
    SealedSegment first = seal(0, 10);
    SealedSegment second = seal(1, 10);
    try (Uploader uploader =
        new Uploader(
            spool,
            quick().build(),
            new UploadListener() {
              @Override
              public void verified(io.github.raspberryspy.segments.SegmentManifest segment) {
                throw new IllegalStateException("injected");
              }
            })) {
      uploader.start();
      assertThat(empty(uploader)).isTrue();
    }
    assertVerified(first, 10);
    assertVerified(second, 10);
  }

  @Test
  void aSizeThatIsNotTheManifestsIsNeverSent() throws Exception {
    SealedSegment shorter = seal(0, 1000);
    SealedSegment longer = seal(1, 1000);
    SealedSegment sound = seal(2, 1000);
    Files.write(shorter.files().video(), video(0, 999));
    Files.write(longer.files().video(), video(1, 1001));
    assertThat(empty(start())).isTrue();
    assertVerified(sound, 1000);
    assertThat(master.sealed).hasSize(1);
    assertThat(master.count("POST")).isEqualTo(1);
    assertThat(inQuarantine(shorter)).hasBinaryContent(video(0, 999));
    assertThat(inQuarantine(longer)).hasBinaryContent(video(1, 1001));
    assertThat(kinds()).containsExactly(Kind.DAMAGED);
  }

  @Test
  void aManifestWithoutItsVideoGoesIntoQuarantine() throws Exception {
    SealedSegment bare = seal(0, 1000);
    SealedSegment sound = seal(1, 1000);
    Files.delete(bare.files().video());
    assertThat(empty(start())).isTrue();
    assertVerified(sound, 1000);
    assertThat(bare.files().manifest()).doesNotExist();
    assertThat(kinds()).containsExactly(Kind.DAMAGED);
  }

  @Test
  void aBitThatFlippedHereIsFoundBeforeAnythingIsDeleted() throws Exception {
    SealedSegment segment = seal(0, 3 * CHUNK);
    byte[] changed = video(0, 3 * CHUNK);
    changed[2 * CHUNK] ^= 1;
    Files.write(segment.files().video(), changed);
    assertThat(empty(start())).isTrue();
    assertThat(master.sealed).isEmpty();
    assertThat(inQuarantine(segment)).hasBinaryContent(changed);
  }

  @Test
  void aFileThatChangesDuringItsUploadIsNeverDeleted() throws Exception {
    for (int chunk = 1; chunk <= 4; chunk++) {
      SealedSegment segment = seal(chunk, 4 * CHUNK);
      byte[] changed = video(chunk, 4 * CHUNK);
      changed[chunk == 4 ? 0 : 4 * CHUNK - 1] ^= 1;
      AtomicInteger patches = new AtomicInteger();
      int at = chunk;
      master.script =
          (method, path, request) -> {
            if (method.equals("PATCH") && patches.incrementAndGet() == at) {
              try {
                Files.write(segment.files().video(), changed);
                Files.setLastModifiedTime(
                    segment.files().video(), java.nio.file.attribute.FileTime.fromMillis(at));
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            }
            return Optional.empty();
          };
      Uploader uploader = start();
      assertThat(empty(uploader)).isTrue();
      assertThat(inQuarantine(segment)).as("changed at chunk %d", at).hasBinaryContent(changed);
      assertThat(kinds()).containsExactly(Kind.DAMAGED);
      uploader.close();
    }
  }

  @Test
  void theThreadsOfAClosedUploaderEnd() throws Exception {
    for (int i = 0; i < 20; i++) {
      seal(i, 10);
      try (Uploader uploader = start()) {
        assertThat(empty(uploader)).isTrue();
      }
    }
    eventually(
        () ->
            assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(t -> t.getName().startsWith("upload"))
                .hasSizeLessThan(10));
  }
}
