package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.upload.FakeMaster.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Several segments of the backlog on their way at once. */
class ParallelUploadTest extends UploadFixture {

  private List<SealedSegment> seal(int segments, int bytes, long first) throws Exception {
    List<SealedSegment> sealed = new ArrayList<>();
    for (int i = 0; i < segments; i++) {
      sealed.add(seal(first + i, bytes));
    }
    return sealed;
  }

  /** The master takes a minute to re-read a large one: others go on meanwhile. */
  @Test
  void othersGoOnWhileTheMasterVerifies() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    AtomicInteger seals = new AtomicInteger();
    master.script =
        (method, path, request) -> {
          if (method.equals("PUT") && seals.incrementAndGet() <= 2) {
            TailTest.awaitQuietly(held);
          }
          return Optional.empty();
        };
    List<SealedSegment> segments = seal(6, CHUNK, 0);
    Uploader uploader = start(c -> c.sealTimeout(Duration.ofHours(20)));
    eventually(() -> assertThat(master.sealed).hasSize(4));
    held.countDown();
    assertThat(empty(uploader)).isTrue();
    for (SealedSegment segment : segments) {
      assertVerified(segment, CHUNK);
    }
    assertThat(master.patchedBytes()).isEqualTo(6L * CHUNK);
    assertThat(master.sealOrder).doesNotHaveDuplicates();
  }

  /** Of what goes first all goes first: a link that breaks leaves whole segments there. */
  @Test
  void theBytesOfOneLeaveBeforeThoseOfTheNext() throws Exception {
    int chunks = 8;
    seal(9, chunks * CHUNK, 0);
    Uploader uploader = start();
    assertThat(empty(uploader)).isTrue();
    Map<String, Integer> count = new HashMap<>();
    List<String> order = new ArrayList<>(); // without each one's last, which the next may overtake
    for (String request : List.copyOf(master.requests)) {
      if (request.startsWith("PATCH") && count.merge(request, 1, Integer::sum) < chunks) {
        order.add(request);
      }
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < order.size(); i++) {
      boolean isNext = i == 0 || !order.get(i).equals(order.get(i - 1));
      assertThat(!isNext || seen.add(order.get(i))).as("%s again", order.get(i)).isTrue();
    }
    assertThat(seen).hasSize(9);
  }

  @Test
  void thoseThatMeetTheSameMakeOnePause() throws Exception {
    AtomicInteger pauses = new AtomicInteger();
    master.script = (method, path, request) -> Optional.of(new Fault.Status(503, "away"));
    seal(9, CHUNK, 0);
    Uploader uploader =
        start(
            c ->
                c.retry(Duration.ofHours(20), Duration.ofHours(20))
                    .random(
                        () -> {
                          pauses.incrementAndGet();
                          return 1;
                        }));
    eventually(() -> assertThat(failures).hasSizeBetween(1, 3));
    master.script = (method, path, request) -> Optional.empty();
    assertThat(empty(uploader)).isTrue();
    assertThat(pauses).hasValue(1);
    assertThat(failures).hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void aMasterThatDiesAgainAndAgainGetsEachOnce() throws Exception {
    Random random = new Random(11);
    List<SealedSegment> segments = seal(30, 3 * CHUNK, 0);
    Uploader uploader = start();
    for (int kill = 1; kill <= 5; kill++) {
      int there = kill * 4 + random.nextInt(3);
      eventually(() -> assertThat(master.sealed).hasSizeGreaterThanOrEqualTo(there));
      master.kill();
      master.restart();
    }
    assertThat(empty(uploader)).isTrue();
    for (SealedSegment segment : segments) {
      assertVerified(segment, 3 * CHUNK);
    }
    assertThat(master.sealOrder).hasSize(30).doesNotHaveDuplicates();
    assertThat(verified).hasSize(30).doesNotHaveDuplicates();
    assertThat(master.patchedBytes()).isLessThanOrEqualTo(30L * 3 * CHUNK + 5 * 3 * CHUNK);
  }
}
