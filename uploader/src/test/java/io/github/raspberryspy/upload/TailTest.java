package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.upload.FakeMaster.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The open segment on its way to the master. */
class TailTest extends UploadFixture {

  private static final int SIZE = 9 * CHUNK + 100;

  private Uploader patient() {
    return start(c -> c.pollInterval(Duration.ofHours(20)));
  }

  @Test
  void whatIsDurableLeavesAtOnceAndNoByteIsSentAgain() throws Exception {
    Uploader uploader = patient();
    Growing open = new Growing(0, SIZE, false);
    for (int bytes : new int[] {100, CHUNK, CHUNK + 1, 4 * CHUNK, SIZE - 1}) {
      open.grow(uploader, bytes);
      open.assertOnMaster(bytes);
    }
    SealedSegment segment = open.seal(uploader);
    eventually(() -> assertVerified(segment, SIZE));
    assertThat(master.patchedBytes()).isEqualTo(SIZE);
    assertThat(uploader.acceptedBytes()).isEqualTo(SIZE);
    assertThat(failures).isEmpty();
    assertThat(empty(uploader)).isTrue();
  }

  @Test
  void theNextSegmentFollowsAndEachIsSealedOnce() throws Exception {
    Uploader uploader = patient();
    List<SealedSegment> segments = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Growing open = new Growing(i, SIZE, false);
      open.grow(uploader, 2 * CHUNK);
      segments.add(open.seal(uploader));
    }
    assertThat(empty(uploader)).isTrue();
    for (SealedSegment segment : segments) {
      assertVerified(segment, SIZE);
    }
    assertThat(master.sealOrder).hasSize(5).doesNotHaveDuplicates();
    assertThat(master.patchedBytes()).isEqualTo(5 * SIZE);
  }

  @Test
  void aNewProcessSendsNothingOfTheTailAgain() throws Exception {
    Uploader first = patient();
    Growing open = new Growing(0, SIZE, false);
    open.grow(first, 5 * CHUNK);
    open.assertOnMaster(5 * CHUNK);
    first.close();
    Uploader second = patient();
    open.grow(second, 7 * CHUNK); // nobody records on into it, but it costs nothing to know
    open.assertOnMaster(7 * CHUNK);
    second.close();
    SealedSegment segment = open.seal(uploader(spool, quick().build())); // as recovery does
    assertThat(empty(start())).isTrue();
    assertVerified(segment, SIZE);
    assertThat(master.patchedBytes()).isEqualTo(SIZE);
  }

  @Test
  void aMasterThatDiesNowAndThenCostsAChunkEach() throws Exception {
    Uploader uploader = patient();
    Growing open = new Growing(0, SIZE, false);
    Random random = new Random(3);
    int kills = 0;
    for (int bytes = 1; bytes < SIZE; bytes += CHUNK) {
      open.grow(uploader, bytes);
      if (random.nextBoolean()) {
        kills++;
        master.kill();
        master.restart();
      }
      open.assertOnMaster(bytes);
    }
    SealedSegment segment = open.seal(uploader);
    eventually(() -> assertVerified(segment, SIZE));
    assertThat(kills).isPositive();
    assertThat(master.patchedBytes()).isLessThanOrEqualTo(SIZE + (long) kills * CHUNK);
    assertThat(master.sealOrder).hasSize(1);
  }

  @Test
  void theTailDoesNotWaitItsPauseOutOnceTheBacklogGetsThrough() throws Exception {
    master.script = (method, path, request) -> Optional.of(new Fault.Status(503, "away"));
    SealedSegment old = seal(0, CHUNK);
    Uploader uploader = start(c -> c.retry(Duration.ofHours(20), Duration.ofHours(20)));
    Growing open = new Growing(1, SIZE, false);
    open.grow(uploader, CHUNK);
    eventually(() -> assertThat(master.count("POST")).isEqualTo(2)); // each of the two has failed
    eventually(() -> assertThat(failures).isNotEmpty());
    master.script = (method, path, request) -> Optional.empty();
    assertThat(empty(uploader)).isTrue(); // which cuts the backlog's pause short
    assertVerified(old, CHUNK);
    open.assertOnMaster(CHUNK);
  }

  /** F14: cut at random bytes, about every 20 chunks. */
  @Test
  void aFlappingLinkCostsLittle() throws Exception {
    Uploader uploader = start(c -> c.chunkBytes(512).requestBytes(512));
    Random random = new Random(5);
    AtomicInteger cuts = new AtomicInteger();
    master.script =
        (method, path, request) -> {
          boolean cut = method.equals("PATCH") && random.nextInt(20) == 0;
          cuts.addAndGet(cut ? 1 : 0);
          return cut ? Optional.of(new Fault.CutBody(random.nextInt(512))) : Optional.empty();
        };
    int size = 200 * 512;
    Growing open = new Growing(0, size, false);
    for (int bytes = 512; bytes < size; bytes += 5 * 512) {
      open.grow(uploader, bytes);
    }
    SealedSegment segment = open.seal(uploader);
    assertThat(empty(uploader)).isTrue();
    assertVerified(segment, size);
    assertThat(cuts.get()).isGreaterThan(3);
    assertThat(master.patchedBytes() - size).isLessThanOrEqualTo(size / 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "HEAD", "PATCH", "PUT"})
  void aLostAnswerCostsNoByte(String method) throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    master.script =
        (m, path, request) ->
            m.equals(method) && done.compareAndSet(false, true)
                ? Optional.of(new Fault.CutAnswer())
                : Optional.empty();
    Uploader uploader = patient();
    Growing open = new Growing(0, SIZE, false);
    open.grow(uploader, 3 * CHUNK);
    open.assertOnMaster(3 * CHUNK);
    SealedSegment segment = open.seal(uploader);
    assertThat(empty(uploader)).isTrue();
    assertVerified(segment, SIZE);
    assertThat(done).isTrue();
    assertThat(master.patchedBytes()).isEqualTo(SIZE);
    assertThat(master.sealOrder).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 405, 501})
  void aMasterThatTakesNoOpenSegmentsGetsTheSealedOnes(int status) throws Exception {
    master.refusesOpen = status;
    Uploader uploader = patient();
    Growing open = new Growing(0, SIZE, false);
    open.grow(uploader, CHUNK);
    eventually(() -> assertThat(master.count("POST")).isEqualTo(1));
    open.grow(uploader, 2 * CHUNK);
    SealedSegment segment = open.seal(uploader);
    eventually(() -> assertVerified(segment, SIZE));
    Growing next = new Growing(1, SIZE, false);
    next.grow(uploader, CHUNK);
    SealedSegment other = next.seal(uploader);
    assertThat(empty(uploader)).isTrue();
    assertVerified(other, SIZE);
    assertThat(master.count("POST")).as("it is not asked each time").isEqualTo(3);
    assertThat(failures).isEmpty();
    master.refusesOpen = 0;
    now.addAndGet(Duration.ofMinutes(11).toNanos());
    Growing third = new Growing(2, SIZE, false);
    third.grow(uploader, CHUNK);
    third.assertOnMaster(CHUNK);
  }

  @Test
  void aMasterThatForgotStartsAnew() throws Exception {
    Uploader uploader = patient();
    Growing open = new Growing(0, SIZE, false);
    open.grow(uploader, 3 * CHUNK);
    open.assertOnMaster(3 * CHUNK);
    master.forget();
    open.grow(uploader, 4 * CHUNK);
    open.assertOnMaster(4 * CHUNK);
    SealedSegment segment = open.seal(uploader);
    eventually(() -> assertVerified(segment, SIZE));
  }

  /** F21, and a master whose disk fails: the hash of the whole finds it, and all goes again. */
  @Test
  void bytesThatDifferAreFoundBySealingAndSentWhole() throws Exception {
    Uploader uploader = patient();
    Growing open = new Growing(0, SIZE, false);
    open.grow(uploader, 5 * CHUNK);
    open.assertOnMaster(5 * CHUNK);
    master.spoil(open.manifest.id());
    SealedSegment segment = open.seal(uploader);
    assertThat(empty(uploader)).isTrue();
    assertVerified(segment, SIZE);
    assertThat(master.patchedBytes()).isEqualTo(SIZE + 5 * CHUNK + (SIZE - 5 * CHUNK));
  }

  /** Whatever becomes of the tail, the spool is what counts. */
  @Test
  void aPartThatCannotBeReadIsSentWhenItIsSealed() throws Exception {
    Uploader uploader = patient();
    Growing open = new Growing(0, SIZE, false);
    uploader.durable(spool.files(open.manifest.name()), open.manifest.id(), CHUNK);
    eventually(() -> assertThat(master.count("HEAD")).isEqualTo(1));
    open.grow(uploader, 2 * CHUNK);
    SealedSegment segment = open.seal(uploader);
    assertThat(empty(uploader)).isTrue();
    assertVerified(segment, SIZE);
  }

  /** F13: hours of backlog drain, and what is filmed meanwhile is never behind. */
  @Test
  void whatIsFilmedGoesBeforeABacklog() throws Exception {
    oneAtATime();
    master.kill();
    for (int i = 0; i < 60; i++) {
      seal(spool, i, 3 * CHUNK, i % 7 == 0);
    }
    Uploader uploader = start();
    eventually(() -> assertThat(uploader.backlog().segments()).isEqualTo(60));
    master.restart();
    for (int i = 100; i < 110; i++) {
      Growing open = new Growing(i, SIZE, false);
      for (int bytes = CHUNK; bytes < SIZE; bytes += 4 * CHUNK) {
        open.grow(uploader, bytes);
        open.assertOnMaster(bytes);
      }
      SealedSegment segment = open.seal(uploader);
      eventually(() -> assertVerified(segment, SIZE));
    }
    assertThat(empty(uploader)).isTrue();
    List<Integer> backlog =
        master.sealOrder.stream()
            .map(id -> Integer.parseInt(id.substring(id.length() - 6)))
            .filter(i -> i < 100)
            .toList();
    List<Integer> expected = new ArrayList<>();
    for (int i = 59; i >= 0; i--) {
      if (i % 7 == 0) {
        expected.add(i);
      }
    }
    for (int i = 59; i >= 0; i--) {
      if (i % 7 != 0) {
        expected.add(i);
      }
    }
    assertThat(backlog).isEqualTo(expected);
    assertThat(master.patchedBytes()).isEqualTo(60L * 3 * CHUNK + 10L * SIZE);
  }

  /** The master takes long to re-read a large old segment: the tail does not wait for it. */
  @Test
  void theTailDoesNotWaitForAnothersSeal() throws Exception {
    SealedSegment old = seal(spool, 0, 2 * CHUNK, true);
    CountDownLatch held = new CountDownLatch(1);
    AtomicBoolean isHeld = new AtomicBoolean();
    master.script =
        (method, path, request) -> {
          if (method.equals("PUT") && isHeld.compareAndSet(false, true)) {
            awaitQuietly(held);
          }
          return Optional.empty();
        };
    Uploader uploader = start();
    eventually(() -> assertThat(isHeld).isTrue());
    Growing open = new Growing(1, SIZE, false);
    open.grow(uploader, 3 * CHUNK);
    open.assertOnMaster(3 * CHUNK);
    SealedSegment segment = open.seal(uploader);
    eventually(() -> assertVerified(segment, SIZE));
    held.countDown();
    assertThat(empty(uploader)).isTrue();
    assertVerified(old, 2 * CHUNK);
  }

  /** As one that the recorder gave up, and that is sealed once the disk works again. */
  @Test
  void whatIsSealedWithoutAWordIsSentAsWell() throws Exception {
    Uploader uploader = start();
    Growing open = new Growing(0, SIZE, false);
    open.grow(uploader, 2 * CHUNK);
    open.assertOnMaster(2 * CHUNK);
    SealedSegment segment = open.seal(uploader(spool, quick().build()));
    assertThat(empty(uploader)).isTrue();
    assertVerified(segment, SIZE);
    assertThat(master.patchedBytes()).isEqualTo(SIZE);
  }

  @Test
  void aSegmentThatIsRefusedHoldsTheNextOneNotUp() throws Exception {
    Growing first = new Growing(0, SIZE, false);
    Growing second = new Growing(1, SIZE, false);
    master.sealed.put(first.manifest.id().toString(), new byte[] {1});
    Uploader uploader = patient();
    AtomicInteger claims = new AtomicInteger();
    master.script =
        (method, path, request) -> {
          if (!request.header(Tus.LENGTH).isEmpty() && claims.incrementAndGet() == 1) {
            try {
              second.grow(uploader, CHUNK); // the next one is open already
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
          return Optional.empty();
        };
    SealedSegment conflict = first.seal(uploader);
    second.assertOnMaster(CHUNK);
    second.grow(uploader, 3 * CHUNK);
    second.assertOnMaster(3 * CHUNK);
    assertKept(conflict);
  }

  @Test
  void aSegmentOfAnotherSpoolIsNotOurs() throws Exception {
    Uploader uploader = patient();
    SealedSegment foreign =
        seal(
            io.github.raspberryspy.segments.spool.Spool.open(root.resolve("other"), "front"),
            0,
            10,
            false);
    uploader.sealed(foreign);
    uploader.durable(foreign.files(), foreign.manifest().id(), 10);
    Growing open = new Growing(1, SIZE, false);
    open.grow(uploader, CHUNK);
    open.assertOnMaster(CHUNK);
    assertThat(master.count("POST " + Tus.PATH)).isEqualTo(1);
  }

  @Test
  void closingBreaksATailOffThatHangs() throws Exception {
    master.script =
        (method, path, request) ->
            method.equals("PATCH") ? Optional.of(new Fault.Stall()) : Optional.empty();
    Uploader uploader = start(c -> c.requestTimeout(Duration.ofHours(1)));
    Growing open = new Growing(0, SIZE, false);
    open.grow(uploader, CHUNK);
    eventually(() -> assertThat(master.count("PATCH")).isEqualTo(1));
    org.junit.jupiter.api.Assertions.assertTimeout(Duration.ofSeconds(5), uploader::close);
    eventually(
        () ->
            assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(t -> t.getName().equals("upload-tail")));
  }

  static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
