package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.upload.FakeMaster.Fault;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A master that has no room, for one segment or for all (F11). */
class UploadRoomTest extends UploadFixture {

  private void noRoomFor(SealedSegment segment, int status) {
    String id =
        Base64.getEncoder()
            .encodeToString(segment.manifest().id().toString().getBytes(StandardCharsets.UTF_8));
    master.script =
        (method, path, request) ->
            method.equals("POST") && request.header(Tus.METADATA).contains(id)
                ? Optional.of(new Fault.Status(status, "full"))
                : Optional.empty();
  }

  @ParameterizedTest
  @ValueSource(ints = {423, 429, 507})
  void whatThereIsNoRoomForWaitsLongerEachTimeAndOthersGoOn(int status) throws Exception {
    SealedSegment oldest = seal(0, 100);
    SealedSegment older = seal(1, 100);
    SealedSegment large = seal(2, 100);
    noRoomFor(large, status);
    Uploader uploader =
        start(c -> c.retry(Duration.ofSeconds(1), Duration.ofSeconds(60)).random(() -> 1));
    eventually(() -> assertThat(verified).hasSize(2));
    assertVerified(oldest, 100);
    assertVerified(older, 100);
    assertKept(large);
    assertThat(kinds()).containsExactly(Kind.BUSY);
    assertThat(failures.get(0)).hasMessageContaining("status " + status + ": full");
    for (int tries = 1; tries < 9; tries++) {
      assertThat(failures).hasSize(tries);
      now.addAndGet(Duration.ofSeconds(Math.min(60, 1L << (tries - 1))).toNanos() - 1);
      SealedSegment newer = seal(10 + tries, 100);
      eventually(() -> assertVerified(newer, 100));
      assertThat(failures).as("its time has not come").hasSize(tries);
      now.addAndGet(1);
      int expected = tries + 1;
      eventually(() -> assertThat(failures).hasSize(expected));
    }
    master.script = (method, path, request) -> Optional.empty();
    now.addAndGet(Duration.ofSeconds(60).toNanos());
    assertThat(empty(uploader)).as("there is room, and a minute is the longest").isTrue();
    assertVerified(large, 100);
  }

  /** A full disk: the camera does not run through all that it has. */
  @Test
  void whereOneAfterTheOtherFindsNoRoomAllWait() throws Exception {
    oneAtATime();
    for (int i = 0; i < 20; i++) {
      seal(i, 100);
    }
    master.script =
        (method, path, request) ->
            method.equals("POST") ? Optional.of(new Fault.Status(507, "full")) : Optional.empty();
    Uploader uploader = start(c -> c.retry(Duration.ofHours(20), Duration.ofHours(20)));
    eventually(() -> assertThat(failures).hasSize(3));
    assertThat(failures)
        .extracting(UploadException::kind)
        .containsExactly(Kind.BUSY, Kind.BUSY, Kind.UNREACHABLE);
    assertThat(failures.get(2)).hasMessageEndingWith("(status 507: full), as of those before it");
    master.script = (method, path, request) -> Optional.empty();
    eventually(
        () -> { // that somebody waits for it cuts the pause short
          assertThat(uploader.awaitEmpty(Duration.ofMillis(100))).as("three wait on").isFalse();
          assertThat(master.sealOrder).hasSize(17);
        });
    now.addAndGet(Duration.ofHours(21).toNanos());
    assertThat(empty(uploader)).isTrue();
    assertThat(master.count("POST")).isEqualTo(23);
  }

  /** Three that find no room are in front of all the others. */
  @Test
  void thoseBehindHaveTheirTurnAlthoughAllWaited() throws Exception {
    List<SealedSegment> small = List.of(seal(0, 100), seal(1, 100), seal(2, 100));
    for (int i = 3; i < 8; i++) {
      seal(i, 2 * CHUNK);
    }
    master.script =
        (method, path, request) ->
            request.header(Tus.LENGTH).equals(Integer.toString(2 * CHUNK))
                ? Optional.of(new Fault.Status(507, "full"))
                : Optional.empty();
    Uploader uploader = start();
    eventually(() -> assertThat(verified).hasSize(3));
    for (SealedSegment segment : small) {
      assertVerified(segment, 100);
    }
    assertThat(uploader.backlog().segments()).isEqualTo(5);
    assertThat(master.count("POST")).isLessThan(20);
  }
}
