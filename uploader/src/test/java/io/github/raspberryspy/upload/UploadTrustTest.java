package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.upload.FakeMaster.Fault;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a master says is believed only as far as the camera can check it. */
class UploadTrustTest extends UploadFixture {

  private static final int SIZE = 20 * CHUNK + 100;

  private void always(String method, Fault fault) {
    master.script = (m, path, request) -> m.equals(method) ? Optional.of(fault) : Optional.empty();
  }

  @Test
  void bytesThatTheMasterGotWrongAreSentAnew() throws Exception {
    SealedSegment segment = seal(0, SIZE);
    AtomicBoolean once = new AtomicBoolean();
    master.script =
        (method, path, request) -> {
          if (method.equals("PUT") && once.compareAndSet(false, true)) {
            master.forget();
            return Optional.of(new Fault.Status(422, "the bytes do not have that hash"));
          }
          return Optional.empty();
        };
    assertThat(empty(start())).isTrue();
    assertVerified(segment, SIZE);
    assertThat(failures).isEmpty();
  }

  @Test
  void aSegmentThatIsRefusedAgainAndAgainWaitsWhileOthersGoOn() throws Exception {
    oneAtATime();
    SealedSegment refused = seal(9, SIZE);
    SealedSegment fine = seal(1, SIZE);
    String path9 = refused.manifest().id().toString();
    AtomicBoolean refuse = new AtomicBoolean(true);
    master.script =
        (method, path, request) -> {
          if (refuse.get()
              && method.equals("PUT")
              && master.sealed.isEmpty()
              && master.count("PUT") <= 3) {
            master.forget();
            return Optional.of(new Fault.Status(422, "no keyframe"));
          }
          return Optional.empty();
        };
    Uploader uploader = start();
    eventually(() -> assertVerified(fine, SIZE));
    assertThat(kinds()).containsExactly(Kind.REJECTED);
    assertThat(failures.get(0)).hasMessageContaining(path9).hasMessageContaining("no keyframe");
    assertKept(refused);
    eventually(() -> assertThat(uploader.backlog().segments()).isEqualTo(1));
    refuse.set(false);
    assertThat(uploader.awaitEmpty(Duration.ofMillis(100))).isFalse();
    now.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(empty(uploader)).isTrue();
    assertVerified(refused, SIZE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aConflictIsReportedAndKeptWhileOthersGoOn(boolean atTheSeal) throws Exception {
    oneAtATime();
    SealedSegment conflict = seal(9, SIZE);
    SealedSegment fine = seal(1, SIZE);
    String id = conflict.manifest().id().toString();
    if (atTheSeal) {
      master.script =
          (method, path, request) ->
              method.equals("PUT") && path.equals(Tus.PATH + "/t1/manifest")
                  ? Optional.of(new Fault.Status(409, "here with other bytes"))
                  : Optional.empty();
    } else {
      master.sealed.put(id, new byte[] {1, 2, 3});
    }
    Uploader uploader = start();
    eventually(() -> assertVerified(fine, SIZE));
    assertThat(uploader.awaitEmpty(Duration.ofMillis(200))).isFalse();
    assertThat(failures).hasSize(1);
    assertThat(failures.get(0).kind()).isEqualTo(Kind.CONFLICT);
    assertThat(failures.get(0)).hasMessageContaining(id);
    assertKept(conflict);
    now.addAndGet(Duration.ofHours(1).toNanos());
    eventually(() -> assertThat(failures).hasSize(2));
    assertKept(conflict);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void anUnknownTokenIsReportedAndTriedLater(int status) throws Exception {
    SealedSegment first = seal(0, SIZE);
    SealedSegment second = seal(1, SIZE);
    always("POST", new Fault.Status(status, "unknown camera"));
    Uploader uploader = start();
    eventually(() -> assertThat(failures).hasSizeGreaterThan(2));
    assertThat(kinds()).containsExactly(Kind.UNAUTHORIZED);
    assertThat(failures.get(0))
        .hasMessageContaining("token")
        .hasMessageContaining("unknown camera")
        .hasMessageNotContaining(CREDENTIAL.token().substring(6));
    assertKept(first);
    assertKept(second);
    master.script = (method, path, request) -> Optional.empty();
    assertThat(empty(uploader)).isTrue();
    assertVerified(first, SIZE);
    assertVerified(second, SIZE);
  }

  @Test
  void aForgedReceiptDeletesNothing() throws Exception {
    CameraCredential back = CameraCredential.derive(FakeMaster.SECRET, "back");
    CameraCredential stranger = CameraCredential.derive(new byte[32], "front");
    SealedSegment other = seal(50, 77);
    List<UnaryOperator<Receipt>> forgeries =
        List.of(
            r -> new Receipt(r.id(), r.content(), ""),
            r -> new Receipt(r.id(), r.content(), r.mac().substring(1) + "A"),
            r -> new Receipt(r.id(), r.content(), r.mac() + "="),
            r -> Receipt.sign(stranger, r.id(), r.content()),
            r -> Receipt.sign(back, r.id(), r.content()),
            r -> Receipt.sign(CREDENTIAL, other.manifest().id(), r.content()),
            r ->
                Receipt.sign(CREDENTIAL, r.id(), new Content(r.content().bytes(), "ab".repeat(32))),
            r ->
                Receipt.sign(
                    CREDENTIAL, r.id(), new Content(r.content().bytes() - 1, r.content().sha256())),
            r -> new Receipt(other.manifest().id(), r.content(), r.mac()));
    java.nio.file.Files.delete(other.files().manifest());
    SealedSegment segment = seal(0, SIZE);
    Uploader uploader = start();
    for (int i = 0; i < forgeries.size(); i++) {
      int tries = i + 1;
      master.forge = forgeries.get(i);
      now.addAndGet(Duration.ofHours(2).toNanos());
      eventually(() -> assertThat(failures).hasSizeGreaterThanOrEqualTo(tries));
      eventually(() -> assertThat(uploader.backlog().segments()).isEqualTo(1));
      assertKept(segment);
      assertThat(segment.files().receipt()).doesNotExist();
    }
    assertThat(kinds()).containsExactly(Kind.REJECTED);
    assertThat(verified).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[]", "OK", "{\"id\":\"front-3f9a1c22-r1-000000\"}", "LONG"})
  void whatIsNoReceiptDeletesNothing(String body) throws Exception {
    SealedSegment segment = seal(0, SIZE);
    byte[] bytes =
        (body.equals("LONG") ? "x".repeat(1 << 20) : body).getBytes(StandardCharsets.UTF_8);
    always("PUT", new Fault.Lie(200, Map.of(), bytes));
    start();
    eventually(() -> assertThat(failures).isNotEmpty());
    assertKept(segment);
    assertThat(verified).isEmpty();
  }

  @Test
  void anUploadElsewhereIsRefusedSoThatTheTokenStaysHere() throws Exception {
    SealedSegment segment = seal(0, SIZE);
    for (String location :
        List.of(
            "http://evil.example/x",
            "//evil.example/x",
            "https://127.0.0.1/x",
            "",
            "http://[",
            "mailto:x")) {
      failures.clear();
      now.addAndGet(Duration.ofHours(2).toNanos());
      always("POST", new Fault.Lie(201, Map.of("Location", location), new byte[0]));
      try (Uploader uploader = start()) {
        eventually(() -> assertThat(kinds()).containsExactly(Kind.REJECTED));
        eventually(() -> assertThat(uploader.backlog().segments()).isEqualTo(1));
      }
      assertThat(master.count("PATCH")).isZero();
      assertKept(segment);
    }
  }

  @Test
  void aTusServerThatKnowsNoManifestsGetsTheBytes() throws Exception {
    SealedSegment segment = seal(0, SIZE);
    master.takesManifests = false;
    start();
    eventually(() -> assertThat(kinds()).containsExactly(Kind.REJECTED));
    assertThat(master.partialBytes()).isEqualTo(SIZE);
    assertThat(master.count("POST")).isEqualTo(1);
    assertKept(segment);
  }

  private void failOn(SealedSegment segment, int status) {
    String id =
        Base64.getEncoder()
            .encodeToString(segment.manifest().id().toString().getBytes(StandardCharsets.UTF_8));
    master.script =
        (method, path, request) ->
            method.equals("POST") && request.header(Tus.METADATA).contains(id)
                ? Optional.of(new Fault.Status(status, "broken"))
                : Optional.empty();
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 501, 599})
  void aSegmentOnWhichTheMasterKeepsFailingWaitsWhileOthersGoOn(int status) throws Exception {
    oneAtATime();
    SealedSegment oldest = seal(0, 100);
    SealedSegment older = seal(1, 100);
    SealedSegment bad = seal(2, 100);
    failOn(bad, status);
    Uploader uploader = start();
    eventually(() -> assertThat(verified).hasSize(2));
    assertVerified(oldest, 100);
    assertVerified(older, 100);
    assertKept(bad);
    assertThat(failures)
        .extracting(UploadException::kind)
        .containsExactly(Kind.UNREACHABLE, Kind.UNREACHABLE, Kind.REJECTED);
    assertThat(failures.get(2)).hasMessageContaining("status " + status + ": broken");

    // it gets one more try once its time has come, and waits again
    now.addAndGet(Duration.ofHours(1).toNanos());
    eventually(() -> assertThat(failures).hasSize(4));
    assertThat(failures.get(3).kind()).isEqualTo(Kind.REJECTED);
    SealedSegment newer = seal(3, 100);
    eventually(() -> assertVerified(newer, 100));
    assertThat(failures).hasSize(4);

    master.script = (method, path, request) -> Optional.empty();
    now.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(empty(uploader)).isTrue();
    assertVerified(bad, 100);
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 503, 504})
  void aMasterThatIsAwayIsNotTheFaultOfASegment(int status) throws Exception {
    oneAtATime();
    seal(0, 100);
    SealedSegment newest = seal(1, 100);
    failOn(newest, status);
    start();
    eventually(() -> assertThat(failures).hasSizeGreaterThan(8));
    assertThat(kinds()).containsExactly(Kind.UNREACHABLE);
    assertThat(master.sealed).isEmpty();
  }

  @Test
  void failuresOfTheMasterCountOnlyInARow() throws Exception {
    oneAtATime();
    seal(0, 100);
    SealedSegment newest = seal(1, 100);
    AtomicInteger posts = new AtomicInteger();
    master.script =
        (method, path, request) ->
            method.equals("POST")
                ? Optional.of(
                    new Fault.Status(posts.incrementAndGet() % 3 == 0 ? 503 : 500, "broken"))
                : Optional.empty();
    start();
    eventually(() -> assertThat(failures).hasSizeGreaterThan(10));
    assertThat(kinds()).containsExactly(Kind.UNREACHABLE);
    assertThat(master.sealed).isEmpty();
    assertKept(newest);
  }
}
