package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.s3.S3Parts;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.servers.S3Server;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is believed of an object store, and what is not: a real one, whose answers are changed. */
class S3TrustTest extends S3Fixture {

  private static final int SMALL = 300_000;
  private static final int LARGE = (int) S3Parts.LEAST_BYTES + 12_345;

  private final AtomicInteger probes = new AtomicInteger();
  private final AtomicInteger readings = new AtomicInteger();
  private HttpStub store;
  private volatile String namedHash = ""; // instead of the store's own; set by the test
  private volatile boolean checksHashes = true; // likewise
  private volatile String refusal = "BadDigest"; // likewise: of a wrong hash
  private volatile boolean corrupts; // likewise
  private volatile CountDownLatch takesNothing = new CountDownLatch(0); // likewise

  @BeforeEach
  void standBetween() throws IOException {
    store = new HttpStub(this::serve);
  }

  @AfterEach
  void stepAside() throws IOException {
    store.close();
  }

  private boolean serve(HttpStub.Request request, OutputStream out) throws IOException {
    if (takesNothing.getCount() > 0 && request.method().equals("PUT")) {
      awaitLatch(takesNothing);
      return false;
    }
    byte[] body = request.body(Integer.MAX_VALUE);
    if (request.path().endsWith(".hash-check")) {
      probes.incrementAndGet();
      String error = checksHashes ? "<Error><Code>" + refusal + "</Code></Error>" : "";
      return HttpStub.answer(out, checksHashes ? 400 : 200, Map.of(), latin(error));
    }
    try (Socket real = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      StringBuilder head =
          new StringBuilder(request.method() + " " + request.path() + " HTTP/1.1\r\n");
      request.headers().forEach((k, v) -> head.append(k).append(": ").append(v).append("\r\n"));
      String closing = head.toString().replace("connection: keep-alive\r\n", "");
      real.getOutputStream().write(latin(closing + "Connection: close\r\n\r\n"));
      real.getOutputStream().write(body);
      answer(request, real.getInputStream().readAllBytes(), out);
      return false;
    }
  }

  private void answer(HttpStub.Request request, byte[] all, OutputStream out) throws IOException {
    boolean isVideo = request.path().endsWith(".mp4") && !request.path().contains("?");
    String text = new String(all, StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n") + 2;
    String head = text.substring(0, end);
    if (request.method().equals("HEAD") && isVideo && head.contains(" 200 ")) {
      head = head.replaceAll("(?i)x-amz-checksum-[^\r]*\r\n", "");
      head += namedHash.isEmpty() ? "" : "x-amz-checksum-sha256: " + namedHash + "\r\n";
    }
    if (request.method().equals("GET") && isVideo) {
      readings.incrementAndGet();
      all[all.length - 1] ^= (byte) (corrupts ? 1 : 0);
    }
    out.write(latin(head));
    out.write(all, end, all.length - end);
    out.flush();
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private S3Config target(boolean rereads) throws IOException {
    return target("s3://cctv/home", store.uri(), S3Server.SECRET_KEY, rereads);
  }

  private static String hash(byte[]... parts) {
    MessageDigest digest = DurableFiles.sha256();
    for (byte[] part : parts) {
      digest.update(part);
    }
    return Base64.getEncoder().encodeToString(digest.digest());
  }

  /** As S3 makes it: the hash of the parts' hashes, and their number. */
  private static String compositeHash(byte[] video) {
    int cut = (int) S3Parts.LEAST_BYTES;
    return hash(
            DurableFiles.sha256().digest(Arrays.copyOf(video, cut)),
            DurableFiles.sha256().digest(Arrays.copyOfRange(video, cut, video.length)))
        + "-2";
  }

  @Test
  void aHashThatTheStoreChecksIsEnough() throws Exception {
    SealedSegment one = seal(1, SMALL);
    namedHash = hash(video(1, SMALL));
    Uploader uploader = to(target(false));
    assertThat(empty(uploader)).isTrue();
    assertThere(footage, one, SMALL);
    namedHash = compositeHash(video(2, LARGE));
    SealedSegment large = seal(2, LARGE);
    assertThat(empty(uploader)).isTrue();
    assertThere(footage, large, LARGE);
    assertThat(readings).hasValue(0);
    assertThat(probes).as("asked once").hasValue(1);
  }

  private void sendOneWithItsHash() throws Exception {
    SealedSegment one = seal(1, SMALL);
    namedHash = hash(video(1, SMALL));
    assertThat(empty(to(target(false)))).isTrue();
    assertThere(footage, one, SMALL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"BadDigest", "XAmzContentChecksumMismatch", "InvalidDigest"})
  void storesRefuseAWrongHashEachInTheirWords(String words) throws Exception {
    refusal = words;
    sendOneWithItsHash();
    assertThat(readings).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"InvalidRequest", "RequestTimeout", ""})
  void aStoreThatRefusesForAnotherReasonWasNotSeenToCheckHashes(String words) throws Exception {
    refusal = words;
    sendOneWithItsHash();
    assertThat(readings).hasValue(1);
  }

  @Test
  void aHashThatTheStoreOnlyRepeatsIsNot() throws Exception {
    checksHashes = false;
    sendOneWithItsHash();
    assertThat(readings).hasValue(1);
  }

  @Test
  void bytesAreReadAgainWhereTheOwnerWantsIt() throws Exception {
    SealedSegment one = seal(1, SMALL);
    namedHash = hash(video(1, SMALL));
    assertThat(empty(to(target(true)))).isTrue();
    assertThere(footage, one, SMALL);
    assertThat(readings).hasValue(1);
  }

  @Test
  void anotherHashIsNoProof() throws Exception {
    namedHash = hash(video(1, SMALL), new byte[1]);
    assertNotDeleted();
    assertThat(readings).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void otherBytesAreNoProof(boolean namesAHashThatItDoesNotCheck) throws Exception {
    namedHash = namesAHashThatItDoesNotCheck ? hash(video(1, SMALL)) : "";
    checksHashes = false;
    corrupts = true;
    assertNotDeleted();
    assertThat(readings).hasValue(1);
  }

  @Test
  void aStoreThatTakesNothingMoreIsLeftAndAskedAgain() throws Exception {
    takesNothing = new CountDownLatch(1);
    SealedSegment one = seal(1, LARGE);
    Uploader uploader = to(target(false));
    eventually(
        () -> {
          now.addAndGet(Duration.ofMinutes(1).toNanos());
          assertThat(failures).isNotEmpty();
        });
    assertThat(kinds()).containsOnly(Kind.UNREACHABLE);
    assertThat(failures.get(0)).hasMessageContaining("took nothing more for 10 s");
    assertKept(one);
    takesNothing.countDown();
    assertThat(empty(uploader)).isTrue();
    assertThere(footage, one, LARGE);
  }

  private static void awaitLatch(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private void assertNotDeleted() throws Exception {
    SealedSegment one = seal(1, SMALL);
    to(target(false));
    eventually(() -> assertThat(failures).isNotEmpty());
    assertThat(kinds()).containsExactly(Kind.REJECTED);
    assertThat(failures.get(0)).hasMessageContaining("is not there as it was sent");
    assertThat(manifestIn(footage, one)).doesNotExist();
    assertKept(one);
  }
}
