package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.upload.FakeMaster.Fault;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A master and a network that misbehave. */
class UploadFaultsTest extends UploadFixture {

  private static final int SIZE = 20 * CHUNK + 100;

  /** The nth request of a method, counted from 1, has this fault; once. */
  private void nth(String method, int n, Fault fault) {
    AtomicInteger count = new AtomicInteger();
    master.script =
        (m, path, request) ->
            m.equals(method) && count.incrementAndGet() == n
                ? Optional.of(fault)
                : Optional.empty();
  }

  private void always(String method, Fault fault) {
    master.script = (m, path, request) -> m.equals(method) ? Optional.of(fault) : Optional.empty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void cutsAtRandomBytesCostLessThanAChunkEach(long seed) throws Exception {
    Random random = new Random(seed);
    AtomicInteger cuts = new AtomicInteger();
    master.script =
        (method, path, request) -> {
          boolean cut = method.equals("PATCH") && random.nextInt(3) == 0;
          cuts.addAndGet(cut ? 1 : 0);
          return cut ? Optional.of(new Fault.CutBody(random.nextInt(CHUNK))) : Optional.empty();
        };
    SealedSegment segment = seal(0, SIZE);
    assertThat(empty(start())).isTrue();
    assertVerified(segment, SIZE);
    assertThat(cuts.get()).isPositive();
    assertThat(master.patchedBytes()).isLessThanOrEqualTo(SIZE + (long) cuts.get() * CHUNK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "HEAD", "PATCH", "PUT"})
  void aLostAnswerIsAskedForAgain(String method) throws Exception {
    for (int n = 1; n <= 3; n++) {
      SealedSegment segment = seal(n, SIZE);
      nth(method, method.equals("PATCH") ? n : 1, new Fault.CutAnswer());
      long before = master.patchedBytes();
      Uploader uploader = start();
      assertThat(empty(uploader)).isTrue();
      assertVerified(segment, SIZE);
      assertThat(master.patchedBytes() - before)
          .as("no byte is sent twice: the master has it")
          .isEqualTo(SIZE);
      assertThat(master.sealOrder).hasSize(n);
      uploader.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST,500",
    "HEAD,500",
    "PATCH,500",
    "PUT,500",
    "POST,503",
    "POST,404",
    "POST,301",
    "PUT,502"
  })
  void aMasterThatCannotNowIsAskedAgain(String method, int status) throws Exception {
    SealedSegment segment = seal(0, SIZE);
    nth(method, 1, new Fault.Status(status, "busy\u0007"));
    assertThat(empty(start())).isTrue();
    assertVerified(segment, SIZE);
    assertThat(kinds()).containsExactly(Kind.UNREACHABLE);
    assertThat(failures.get(0)).hasMessageContaining("status " + status);
    assertThat(master.patchedBytes()).isLessThanOrEqualTo(SIZE + CHUNK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "HEAD", "PATCH", "PUT"})
  void aStallEndsByTimeout(String method) throws Exception {
    SealedSegment segment = seal(0, SIZE);
    nth(method, 1, new Fault.Stall());
    Uploader uploader =
        start(c -> c.requestTimeout(Duration.ofMillis(300)).sealTimeout(Duration.ofMillis(300)));
    assertThat(empty(uploader)).isTrue();
    assertVerified(segment, SIZE);
    assertThat(kinds()).containsExactly(Kind.UNREACHABLE);
    assertThat(failures.get(0)).hasMessageContaining("300 ms").hasMessageContaining(method);
  }

  @Test
  void anAnswerThatStopsInItsMiddleEndsByTimeout() throws Exception {
    SealedSegment segment = seal(0, SIZE);
    nth("PUT", 1, new Fault.Lie(200, Map.of("Content-Length", "500"), new byte[20]));
    Uploader uploader = start(c -> c.sealTimeout(Duration.ofMillis(300)));
    assertThat(empty(uploader)).isTrue();
    assertVerified(segment, SIZE);
    assertThat(kinds()).containsExactly(Kind.UNREACHABLE);
  }

  @Test
  void aWrongChecksumIsSentAgain() throws Exception {
    SealedSegment segment = seal(0, SIZE);
    nth("PATCH", 7, new Fault.FlipBit());
    assertThat(empty(start())).isTrue();
    assertVerified(segment, SIZE);
    assertThat(failures).isEmpty();
    assertThat(master.patchedBytes()).isEqualTo(SIZE + CHUNK);
  }

  @Test
  void aWireThatBreaksEachChunkIsNotTriedForEver() throws Exception {
    SealedSegment segment = seal(0, SIZE);
    always("PATCH", new Fault.FlipBit());
    Uploader uploader = start(c -> c.retry(Duration.ofHours(1), Duration.ofHours(1)));
    eventually(() -> assertThat(kinds()).containsExactly(Kind.UNREACHABLE));
    assertThat(master.count("PATCH")).isLessThan(10);
    assertKept(segment);
    uploader.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "4095", "999999999", "-1", "x", ""})
  void aWrongOffsetInAnAnswerIsCheckedByAsking(String offset) throws Exception {
    SealedSegment segment = seal(0, SIZE);
    nth("PATCH", 3, new Fault.Lie(204, Map.of(Tus.OFFSET, offset), new byte[0]));
    assertThat(empty(start())).isTrue();
    assertVerified(segment, SIZE);
    assertThat(failures).isEmpty();
    assertThat(master.patchedBytes()).isLessThanOrEqualTo(SIZE + CHUNK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "4096", "999999999", "-1", "x"})
  void aWrongOffsetOfHeadHarmsNothing(String offset) throws Exception {
    SealedSegment segment = seal(0, SIZE);
    nth("HEAD", 1, new Fault.Lie(200, Map.of(Tus.OFFSET, offset), new byte[0]));
    assertThat(empty(start())).isTrue();
    assertVerified(segment, SIZE);
  }

  @Test
  void aMasterThatGoesBackAndForthIsNotFollowedForEver() throws Exception {
    SealedSegment segment = seal(0, SIZE);
    AtomicInteger patches = new AtomicInteger();
    master.script =
        (method, path, request) -> {
          if (method.equals("PATCH")) {
            int offset = Integer.parseInt(request.header(Tus.OFFSET));
            return patches.incrementAndGet() % 2 == 0
                ? Optional.of(new Fault.Status(409, "no"))
                : Optional.of(
                    new Fault.Lie(
                        204, Map.of(Tus.OFFSET, Integer.toString(offset + CHUNK)), new byte[0]));
          }
          return method.equals("HEAD")
              ? Optional.of(new Fault.Lie(200, Map.of(Tus.OFFSET, "0"), new byte[0]))
              : Optional.empty();
        };
    start(c -> c.retry(Duration.ofHours(1), Duration.ofHours(1)));
    eventually(() -> assertThat(kinds()).containsExactly(Kind.UNREACHABLE));
    assertThat(patches.get()).isLessThan(30);
    assertKept(segment);
  }

  @Test
  void anUploadThatTheMasterForgotIsBegunAnew() throws Exception {
    SealedSegment segment = seal(0, SIZE);
    AtomicInteger count = new AtomicInteger();
    master.script =
        (method, path, request) -> {
          if (method.equals("PATCH") && count.incrementAndGet() == 5) {
            master.forget();
          }
          return Optional.empty();
        };
    assertThat(empty(start())).isTrue();
    assertVerified(segment, SIZE);
    assertThat(failures).isEmpty();
    assertThat(master.count("POST")).isEqualTo(2);
  }

  @Test
  void aMasterThatDiesNowAndThenGetsEverythingOnce() throws Exception {
    for (int i = 0; i < 5; i++) {
      seal(i, SIZE);
    }
    Random random = new Random(8);
    Uploader uploader = start();
    for (int kills = 0; kills < 20; kills++) {
      long until = master.patchedBytes() + random.nextInt(3 * CHUNK);
      eventually(
          () ->
              assertThat(master.patchedBytes() >= until || uploader.backlog().isEmpty()).isTrue());
      master.kill();
      master.restart();
    }
    assertThat(empty(uploader)).isTrue();
    assertThat(master.sealOrder).hasSize(5).doesNotHaveDuplicates();
    assertThat(master.patchedBytes()).isLessThanOrEqualTo(5L * SIZE + 20L * CHUNK);
    for (int i = 0; i < 5; i++) {
      String id = "front-3f9a1c22-r1-00000" + i;
      assertThat(master.sealed.get(id)).isEqualTo(video(i, SIZE));
    }
  }
}
