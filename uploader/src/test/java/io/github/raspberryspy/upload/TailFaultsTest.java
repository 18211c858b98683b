package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.upload.FakeMaster.Fault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A master that is slow, or answers strangely, while it takes what is filmed. */
class TailFaultsTest extends UploadFixture {

  private static final int SIZE = 9 * CHUNK + 100;

  private Uploader patient() {
    return start(c -> c.pollInterval(Duration.ofHours(20)).sealTimeout(Duration.ofHours(20)));
  }

  private static Fault status(int code) {
    return new Fault.Status(code, "so it is");
  }

  /** The master takes a minute to re-read an hour of video: the next hour leaves meanwhile. */
  @Test
  void theTailDoesNotWaitForItsOwnSeal() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    AtomicInteger seals = new AtomicInteger();
    master.script =
        (method, path, request) -> {
          if (method.equals("PUT") && seals.incrementAndGet() == 1) {
            TailTest.awaitQuietly(held);
          }
          return Optional.empty();
        };
    Uploader uploader = patient();
    Growing first = new Growing(0, SIZE, false);
    first.grow(uploader, 2 * CHUNK);
    SealedSegment segment = first.seal(uploader);
    eventually(() -> assertThat(seals).hasValue(1));
    Growing second = new Growing(1, SIZE, false);
    second.grow(uploader, CHUNK);
    second.assertOnMaster(CHUNK);
    SealedSegment next = second.seal(uploader);
    eventually(() -> assertVerified(next, SIZE));
    assertKept(segment);
    held.countDown();
    assertThat(empty(uploader)).isTrue();
    assertVerified(segment, SIZE);
    assertThat(master.patchedBytes()).isEqualTo(2L * SIZE);
    assertThat(seals).hasValue(2);
  }

  /** Segments of seconds and a master that hangs: no more than a few wait for it at once. */
  @Test
  void sealsThatHangDoNotPileUp() throws Exception {
    oneAtATime();
    CountDownLatch held = new CountDownLatch(1);
    master.script =
        (method, path, request) -> {
          if (method.equals("PUT")) {
            TailTest.awaitQuietly(held);
          }
          return Optional.empty();
        };
    Uploader uploader = patient();
    for (int i = 0; i < 8; i++) {
      Growing open = new Growing(i, SIZE, false);
      open.grow(uploader, CHUNK);
      open.assertOnMaster(CHUNK);
      open.seal(uploader);
      open.assertOnMaster(SIZE);
    }
    assertThat(master.count("PUT")).isBetween(1L, 3L);
    held.countDown();
    assertThat(empty(uploader)).isTrue();
    assertThat(master.sealOrder).hasSize(8).doesNotHaveDuplicates();
    assertThat(master.patchedBytes()).isEqualTo(8L * SIZE);
  }

  /** Two cards of one image: the other camera's upload is neither touched nor asked for in vain. */
  @Test
  void anUploadThatIsFurtherThanTheSegmentIsLeftAlone() throws Exception {
    master.script =
        (method, path, request) ->
            method.equals("HEAD") && master.count("PATCH") == 0
                ? Optional.of(
                    new Fault.Lie(
                        200, Map.of(Tus.OFFSET, Integer.toString(10 * CHUNK)), new byte[0]))
                : Optional.empty();
    Uploader uploader = patient();
    Growing open = new Growing(0, SIZE, false);
    open.grow(uploader, CHUNK);
    eventually(() -> assertThat(master.count("HEAD")).isEqualTo(1));
    for (int i = 2; i < 5; i++) {
      open.grow(uploader, i * CHUNK);
    }
    Growing next = new Growing(1, SIZE, false);
    next.grow(uploader, CHUNK); // once this was tried as well, those before it were
    eventually(() -> assertThat(master.count("HEAD")).isEqualTo(2));
    assertThat(master.count("POST")).isEqualTo(2);
    assertThat(master.count("DELETE")).isZero();
    master.script = (method, path, request) -> Optional.empty();
    SealedSegment segment = open.seal(uploader);
    eventually(() -> assertVerified(segment, SIZE));
  }

  /** As a proxy before two masters that do not know of each other. */
  @Test
  void aServerThatForgetsWhatItHasJustMadeIsNotAskedForEver() throws Exception {
    master.script =
        (method, path, request) ->
            method.equals("HEAD") ? Optional.of(status(404)) : Optional.empty();
    Uploader uploader = patient();
    Growing open = new Growing(0, SIZE, false);
    open.grow(uploader, CHUNK);
    eventually(() -> assertThat(master.count("HEAD")).isEqualTo(3));
    Growing next = new Growing(1, SIZE, false);
    next.grow(uploader, CHUNK);
    eventually(() -> assertThat(master.count("HEAD")).isEqualTo(6));
    next.grow(uploader, 2 * CHUNK);
    master.script = (method, path, request) -> Optional.empty();
    SealedSegment segment = open.seal(uploader);
    eventually(() -> assertVerified(segment, SIZE));
    assertThat(master.count("POST")).isEqualTo(7);
  }

  @Test
  void aServerThatForgetsAtEachPatchIsNotAskedForEver() throws Exception {
    master.script =
        (method, path, request) ->
            method.equals("PATCH") ? Optional.of(status(404)) : Optional.empty();
    Uploader uploader = patient();
    Growing open = new Growing(0, SIZE, false);
    open.grow(uploader, CHUNK);
    eventually(() -> assertThat(master.count("PATCH")).isEqualTo(3));
    master.script = (method, path, request) -> Optional.empty();
    open.grow(uploader, 2 * CHUNK);
    SealedSegment segment = open.seal(uploader);
    eventually(() -> assertVerified(segment, SIZE));
    assertThat(master.count("POST")).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(ints = {423, 429, 507})
  void anOpenSegmentThatThereIsNoRoomForNowIsTriedAgain(int status) throws Exception {
    AtomicInteger tries = new AtomicInteger();
    master.script =
        (method, path, request) ->
            method.equals("PATCH") && tries.incrementAndGet() <= 3
                ? Optional.of(status(status))
                : Optional.empty();
    Uploader uploader = patient();
    Growing open = new Growing(0, SIZE, false);
    open.grow(uploader, 2 * CHUNK);
    open.assertOnMaster(2 * CHUNK);
    assertThat(tries).hasValueGreaterThan(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {423, 429, 507})
  void aSealedOneThatThereIsNoRoomForHoldsTheNextNotUp(int status) throws Exception {
    master.script =
        (method, path, request) ->
            request.header(Tus.LENGTH).isEmpty() ? Optional.empty() : Optional.of(status(status));
    Uploader uploader = start(c -> c.retry(Duration.ofHours(20), Duration.ofHours(20)));
    SealedSegment first = new Growing(0, SIZE, false).seal(uploader);
    eventually(() -> assertThat(master.count("POST")).isPositive());
    Growing second = new Growing(1, SIZE, false);
    second.grow(uploader, CHUNK);
    second.assertOnMaster(CHUNK);
    assertKept(first);
  }

  /** That somebody else is at a segment says nothing of the master. */
  @Test
  void onlyAnAnswerOfTheMasterSaysThatItIsThere() throws Exception {
    master.script = (method, path, request) -> Optional.of(status(503));
    UploaderConfig config = quick().build();
    SharedLink link = new SharedLink(config);
    Claims claims = new Claims();
    AtomicInteger reached = new AtomicInteger();
    try (TusCalls calls = new TusCalls(config)) {
      SharedLink.Lane lane = link.lane(true);
      Tail tail =
          new Tail(
              spool,
              config,
              new UploadClient(config, calls, lane),
              lane,
              claims,
              (segment, receipt) -> {},
              () -> {},
              reached::incrementAndGet);
      Thread thread = new Thread(tail);
      thread.start();
      tail.sealed(seal(0, CHUNK));
      eventually(() -> assertThat(master.count("POST")).isEqualTo(1));
      SealedSegment taken = seal(1, CHUNK);
      claims.take(taken.files());
      SealedSegment other = seal(2, CHUNK);
      eventually(
          () -> { // what is told while the tail pauses is given up
            tail.sealed(taken);
            tail.sealed(other);
            assertThat(master.count("POST")).isGreaterThanOrEqualTo(4);
          });
      tail.stop();
      thread.join();
    }
    assertThat(reached).hasValue(0);
  }
}
