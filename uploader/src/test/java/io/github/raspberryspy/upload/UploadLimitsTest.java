package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the owner of the link grants, and what goes all the same. */
class UploadLimitsTest extends UploadFixture {

  private final AtomicReference<Instant> time =
      new AtomicReference<>(Instant.parse("2026-11-23T14:00:00Z"));

  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
          return time.get();
        }
      };

  private UploadLimits window() {
    return new UploadLimits(0, Optional.of(DailyWindow.parse("22:00-06:00")), false, clock);
  }

  private UploadLimits metered() {
    return new UploadLimits(0, Optional.empty(), true, clock);
  }

  @Test
  void aBacklogWaitsForItsWindow() throws Exception {
    SealedSegment segment = seal(0, 3 * CHUNK);
    Uploader uploader = start(c -> c.limits(window()));
    assertThat(empty(uploader)).as("nothing is left that may go now").isTrue();
    assertKept(segment);
    assertThat(uploader.backlog()).isEqualTo(new Backlog(1, 3 * CHUNK));
    assertThat(master.requests).isEmpty();
    time.set(Instant.parse("2026-11-23T22:00:00Z"));
    eventually(() -> assertVerified(segment, 3 * CHUNK));
  }

  @Test
  void whatIsFilmedNowDoesNotWaitForTheWindow() throws Exception {
    SealedSegment old = seal(0, CHUNK);
    Uploader uploader = start(c -> c.limits(window()));
    SealedSegment now = seal(1, CHUNK);
    uploader.sealed(now);
    eventually(() -> assertVerified(now, CHUNK));
    assertKept(old);
  }

  /** Stopped, flushed, recovered: somebody or something needs it there. */
  @ParameterizedTest
  @EnumSource(CloseReason.class)
  void whatAnythingButItsTimeClosedGoesAtOnce(CloseReason reason) throws Exception {
    SealedSegment segment = seal(spool, 0, CHUNK, false, reason);
    Uploader uploader = start(c -> c.limits(window()));
    assertThat(empty(uploader)).isTrue();
    if (reason == CloseReason.TIME) {
      assertKept(segment);
    } else {
      assertVerified(segment, CHUNK);
    }
  }

  @Test
  void onAMeteredLinkOnlyMotionGoes() throws Exception {
    SealedSegment still = seal(spool, 0, CHUNK, false);
    SealedSegment moving = seal(spool, 1, CHUNK, true);
    Uploader uploader = start(c -> c.limits(metered()));
    SealedSegment fresh = seal(spool, 2, CHUNK, false, CloseReason.STOP);
    uploader.sealed(fresh);
    assertThat(empty(uploader)).isTrue();
    assertVerified(moving, CHUNK);
    assertKept(still);
    assertKept(fresh);
    assertThat(master.patchedBytes()).isEqualTo(CHUNK);
  }

  @Test
  void onAMeteredLinkTheOpenSegmentGoesFromTheMotionOn() throws Exception {
    Uploader uploader = start(c -> c.limits(metered()));
    Growing first = new Growing(0, 5 * CHUNK, false);
    first.grow(uploader, 2 * CHUNK);
    SealedSegment still = first.seal(uploader);
    Growing second = new Growing(1, 5 * CHUNK, true);
    second.grow(uploader, 2 * CHUNK);
    assertThat(empty(uploader)).isTrue();
    assertThat(master.requests).as("nothing has moved").isEmpty();
    uploader.moving();
    second.assertOnMaster(2 * CHUNK);
    second.grow(uploader, 3 * CHUNK);
    second.assertOnMaster(3 * CHUNK);
    SealedSegment moving = second.seal(uploader);
    eventually(() -> assertVerified(moving, 5 * CHUNK));
    Growing third = new Growing(2, 5 * CHUNK, false);
    third.grow(uploader, 2 * CHUNK);
    assertThat(empty(uploader)).isTrue();
    assertThat(master.patchedBytes()).as("that was the segment before").isEqualTo(5 * CHUNK);
    assertKept(still);
  }

  /** Between the end of a segment and the first that is durable of the next one. */
  @Test
  void onAMeteredLinkWhatMovesAsASegmentBeginsCounts() throws Exception {
    Uploader uploader = start(c -> c.limits(metered()));
    Growing first = new Growing(0, 5 * CHUNK, false);
    first.grow(uploader, 2 * CHUNK);
    first.seal(uploader);
    uploader.moving();
    Growing second = new Growing(1, 5 * CHUNK, true);
    second.grow(uploader, 2 * CHUNK);
    second.assertOnMaster(2 * CHUNK);
  }

  @Test
  void noMoreGoesThanTheLimitAllows() throws Exception {
    long rate = 100_000;
    int size = 150_000;
    UploadLimits limits = new UploadLimits(rate, Optional.empty(), false, clock);
    Uploader uploader =
        uploader(spool, quick().chunkBytes(1 << 20).requestBytes(1 << 20).limits(limits).build());
    SealedSegment old = seal(0, size);
    Growing open = new Growing(1, size / 2, false);
    long begin = System.nanoTime();
    uploader.start();
    open.grow(uploader, size / 2);
    SealedSegment now = open.seal(uploader);
    assertThat(empty(uploader)).isTrue();
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    assertVerified(old, size);
    assertVerified(now, size / 2);
    long least = (size + size / 2 - rate / 2) * 1000 / rate; // the last chunk is not waited for
    assertThat(took).isGreaterThanOrEqualTo(Duration.ofMillis(least));
    assertThat(master.count("PATCH")).as("in chunks of half a second").isGreaterThanOrEqualTo(4);
  }

  /** As of the disk and of memory. */
  @Test
  void allUploadersOfACameraShareOneLimit() throws Exception {
    long rate = 100_000;
    int size = 100_000;
    UploadLimits limits = new UploadLimits(rate, Optional.empty(), false, clock);
    UploaderConfig config =
        quick().chunkBytes(1 << 20).requestBytes(1 << 20).limits(limits).build();
    Spool memory = Spool.open(root.resolve("memory"), "front");
    SharedLink link = new SharedLink(config);
    seal(spool, 0, size, false);
    seal(memory, 1, size, false);
    long begin = System.nanoTime();
    List<Uploader> both = List.of(uploader(spool, config, link), uploader(memory, config, link));
    both.forEach(Uploader::start);
    for (Uploader uploader : both) {
      assertThat(empty(uploader)).isTrue();
    }
    long least = (2L * size - rate / 2) * 1000 / rate; // the last chunk is not waited for
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isGreaterThanOrEqualTo(Duration.ofMillis(least));
    assertThat(master.sealed).hasSize(2);
  }

  /** What is filmed into memory goes before what waits on the disk. */
  @Test
  void theTailOfOneGoesBeforeTheBacklogOfTheOther() throws Exception {
    UploaderConfig config = quick().build();
    SharedLink link = new SharedLink(config);
    SharedLink.Lane tail = link.lane(true);
    SealedSegment old = seal(0, CHUNK);
    tail.claim(true);
    Uploader uploader = uploader(spool, config, link);
    uploader.start();
    eventually(() -> assertThat(master.count("HEAD")).isEqualTo(1));
    assertThat(master.count("PATCH")).isZero();
    tail.close();
    assertThat(empty(uploader)).isTrue();
    assertVerified(old, CHUNK);
  }

  @Test
  void aWaitForALimitEndsWhenTheUploaderIsClosed() throws Exception {
    UploadLimits limits = new UploadLimits(8_000, Optional.empty(), false, clock);
    Uploader uploader = start(c -> c.requestBytes(1 << 20).chunkBytes(1 << 20).limits(limits));
    seal(0, 1 << 20);
    uploader.poke();
    eventually(() -> assertThat(master.count("PATCH")).isPositive());
    org.junit.jupiter.api.Assertions.assertTimeout(Duration.ofSeconds(5), uploader::close);
  }

  @Test
  void aLimitThatNothingFitsThroughIsRefused() {
    assertThatThrownBy(() -> new UploadLimits(7_999, Optional.empty(), false, clock))
        .hasMessage("bytesPerSecond 7999 is neither 0 nor at least 8000");
  }
}
