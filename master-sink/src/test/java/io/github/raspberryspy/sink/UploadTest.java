package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.sink.Footage.Clip;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How bytes arrive, over real HTTP. */
class UploadTest {

  @TempDir Path footage;
  private TestMaster master;
  private TestCamera front;

  @BeforeEach
  void start() throws Exception {
    master = TestMaster.start(footage);
    front = master.camera("front");
  }

  @AfterEach
  void stop() {
    master.close();
  }

  @Test
  void uploadIsFoundAgainAndGoesOnWhereItWasCut() throws Exception {
    Clip clip = Footage.clip("front", 0, 400_000);
    String upload = front.begin(clip);
    assertThat(front.patch(upload, 0, Arrays.copyOf(clip.bytes(), 100_000)).statusCode())
        .isEqualTo(204);

    assertThat(front.begin(clip)).isEqualTo(upload);
    assertThat(front.offset(upload)).isEqualTo(100_000);
    front.fill(upload, clip, 1 << 20);
    assertThat(front.seal(upload, clip.manifest()).statusCode()).isEqualTo(200);
  }

  @Test
  void chunkWithChecksumThatIsCutDoesNotCount() throws Exception {
    Clip clip = Footage.clip("front", 0, 400_000);
    String upload = front.begin(clip);

    cutPatch(upload, clip, DurableFiles.sha256().digest(clip.bytes()));

    assertThat(front.offset(upload)).isZero();
    front.fill(upload, clip, 1 << 20);
    assertThat(front.seal(upload, clip.manifest()).statusCode()).isEqualTo(200);
  }

  @Test
  void streamWithoutChecksumKeepsWhatArrivedBeforeTheCut() throws Exception {
    Clip clip = Footage.clip("front", 0, 400_000);
    String upload = front.begin(clip);

    cutPatch(upload, clip, null);

    Awaitility.await().until(() -> front.offset(upload), at -> at == 300_000);
    front.fill(upload, clip, 1 << 20);
    assertThat(front.seal(upload, clip.manifest()).statusCode()).isEqualTo(200);
  }

  @Test
  void wrongChecksumIsRefusedAndNothingIsKept() throws Exception {
    Clip clip = Footage.clip("front", 0, 4000);
    String upload = front.begin(clip);

    HttpResponse<String> answer = front.patch(upload, 0, clip.bytes(), new byte[32]);

    assertThat(answer.statusCode()).isEqualTo(460);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .isEqualTo("application/problem+json");
    assertThat(front.offset(upload)).isZero();
  }

  @Test
  void aPostMayBringTheFirstBytes() throws Exception {
    Clip clip = Footage.clip("front", 0, 4000);
    byte[] first = Arrays.copyOf(clip.bytes(), 1000);

    HttpResponse<String> answer = front.createWith(clip, first);

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.headers().firstValue(Tus.OFFSET)).contains("1000");
    String upload = answer.headers().firstValue("Location").orElseThrow();
    assertThat(front.offset(upload)).isEqualTo(1000);

    HttpResponse<String> again = front.createWith(clip, clip.bytes());

    assertThat(again.headers().firstValue("Location")).contains(upload);
    assertThat(again.headers().firstValue(Tus.OFFSET)).as("not taken twice").contains("1000");
    front.fill(upload, clip, 1 << 20);
    assertThat(front.seal(upload, clip.manifest()).statusCode()).isEqualTo(200);
  }

  @Test
  void wrongOffsetIsAnsweredWithTheRightOne() throws Exception {
    Clip clip = Footage.clip("front", 0, 4000);
    String upload = front.begin(clip);
    front.patch(upload, 0, Arrays.copyOf(clip.bytes(), 1000));

    HttpResponse<String> answer = front.patch(upload, 0, Arrays.copyOf(clip.bytes(), 1000));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.headers().firstValue(Tus.OFFSET)).contains("1000");
  }

  @Test
  void foreignCameraNeitherSeesNorChangesAnUpload() throws Exception {
    Clip clip = Footage.clip("front", 0, 3000);
    String upload = front.begin(clip);
    TestCamera back = master.camera("back");

    assertThat(back.create(clip).statusCode()).isEqualTo(403);
    assertThat(back.patch(upload, 0, clip.bytes()).statusCode()).isEqualTo(404);
    assertThat(back.seal(upload, clip.manifest()).statusCode()).isEqualTo(403);
    assertThat(back.send(back.request(upload).DELETE()).statusCode()).isEqualTo(404);
    assertThat(back.send(back.request(upload).method("HEAD", BodyPublishers.noBody())).statusCode())
        .isEqualTo(404);
    front.upload(clip);
    assertThat(back.seal(upload, clip.manifest()).statusCode()).isEqualTo(403);
  }

  @Test
  void droppedUploadIsGone() throws Exception {
    Clip clip = Footage.clip("front", 0, 3000);
    String upload = front.begin(clip);
    front.fill(upload, clip, 1 << 20);

    assertThat(front.send(front.request(upload).DELETE()).statusCode()).isEqualTo(204);

    assertThat(front.patch(upload, 0, clip.bytes()).statusCode()).isEqualTo(404);
    assertThat(master.incoming()).isEmpty();
  }

  @Test
  void protocolErrorsHaveTheirStatus() throws Exception {
    Clip clip = Footage.clip("front", 0, 3000);
    String upload = front.begin(clip);

    assertThat(
            front
                .send(
                    front
                        .request(Tus.PATH)
                        .setHeader(Tus.RESUMABLE, "0.2.2")
                        .POST(BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(412);
    assertThat(front.send(front.request(Tus.PATH).POST(BodyPublishers.noBody())).statusCode())
        .isEqualTo(400);
    assertThat(created("0")).isEqualTo(400);
    assertThat(created("-1")).isEqualTo(400);
    assertThat(created("1152921504606846976")).isEqualTo(400);
    assertThat(created("100000000000000000")).isEqualTo(413);
    assertThat(
            front
                .send(
                    front
                        .request(upload)
                        .header(Tus.OFFSET, "0")
                        .method("PATCH", BodyPublishers.ofByteArray(clip.bytes())))
                .statusCode())
        .isEqualTo(415);
    assertThat(front.patch(upload, 0, new byte[(1 << 20) + 1]).statusCode()).isEqualTo(413);
    assertThat(front.patch(upload, 0, new byte[clip.bytes().length + 1]).statusCode())
        .isEqualTo(413);
    assertThat(front.patch(upload, 0, clip.bytes(), new byte[3]).statusCode()).isEqualTo(400);
    assertThat(
            front
                .send(front.request(upload + "/manifest").PUT(BodyPublishers.ofString("{}")))
                .statusCode())
        .isEqualTo(400);
    HttpResponse<String> options =
        front.send(front.request(Tus.PATH).method("OPTIONS", BodyPublishers.noBody()));
    assertThat(options.statusCode()).isEqualTo(204);
    assertThat(options.headers().firstValue("Tus-Extension"))
        .contains(
            "creation,creation-with-upload,creation-defer-length,checksum,termination,expiration");
    assertThat(options.headers().firstValue("Tus-Checksum-Algorithm")).contains("sha256,sha1");
  }

  @Test
  void aManifestThatNoCameraWritesIsRefused() throws Exception {
    Clip clip = Footage.clip("front", 0, 1000);
    String upload = front.begin(clip);
    front.fill(upload, clip, 1 << 20);
    byte[] manifest = ManifestCodec.encode(clip.manifest());
    byte[] large = Arrays.copyOf(manifest, ManifestCodec.MAX_BYTES + 1);
    Arrays.fill(large, manifest.length, large.length, (byte) ' ');
    assertThat(put(upload, large)).isEqualTo(413);
    assertThat(put(upload, Arrays.copyOf(large, ManifestCodec.MAX_BYTES))).isEqualTo(200);
  }

  private int put(String upload, byte[] manifest) throws Exception {
    return front
        .send(front.request(upload + "/manifest").PUT(BodyPublishers.ofByteArray(manifest)))
        .statusCode();
  }

  @Test
  void anAnswerSaysWhenTheUploadExpiresUnlessItIsComplete() throws Exception {
    Clip clip = Footage.clip("front", 0, 100_000);
    HttpResponse<String> created = front.create(clip);
    String upload = created.headers().firstValue("Location").orElseThrow();
    assertThat(inDays(created)).isBetween(6.9, 7.1);
    assertThat(inDays(front.patch(upload, 0, Arrays.copyOf(clip.bytes(), 1000))))
        .isBetween(6.9, 7.1);
    front.fill(upload, clip, 1 << 20);
    front.seal(upload, clip.manifest());
    assertThat(front.create(clip).headers().firstValue("Upload-Expires")).isEmpty();
  }

  private static double inDays(HttpResponse<String> answer) {
    Instant expires =
        DateTimeFormatter.RFC_1123_DATE_TIME.parse(
            answer.headers().firstValue("Upload-Expires").orElseThrow(), Instant::from);
    return Duration.between(Instant.now(), expires).toSeconds() / 86_400.0;
  }

  @Test
  void fullDiskIsSaidBeforeAnythingIsTaken() throws Exception {
    master.close();
    long free = Files.getFileStore(footage).getUsableSpace();
    long total = Files.getFileStore(footage).getTotalSpace();
    long more = free + (total - free) / 2;
    master = TestMaster.start(footage, config -> config.minFreeBytes(more));
    front = master.camera("front");

    assertThat(front.create(Footage.clip("front", 0, 3000)).statusCode()).isEqualTo(507);

    assertThat(master.incoming()).isEmpty();
  }

  @Test
  void newerRequestAtAnUploadEndsTheOlderAndWhatThatSentCounts() throws Exception {
    Clip clip = Footage.clip("front", 0, 400_000);
    String upload = front.begin(clip);
    for (int at = 0; at < 3000; at += 1000) {
      try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), master.url().getPort())) {
        slow.setSoTimeout(20_000);
        slow.getOutputStream().write(patchHead(upload, at, clip, null));
        slow.getOutputStream().write(clip.bytes(), at, 900);
        slow.getOutputStream().flush();
        int sent = at + 900;
        Awaitility.await().until(() -> front.offset(upload), offset -> offset == sent);

        byte[] next = Arrays.copyOfRange(clip.bytes(), sent, sent + 100);
        assertThat(front.patch(upload, sent, next).statusCode()).isEqualTo(204);
        assertThat(isEnded(slow)).isTrue();
      }
    }
    front.fill(upload, clip, 1 << 20);
    assertThat(front.seal(upload, clip.manifest()).statusCode()).isEqualTo(200);
  }

  @Test
  void uploadCanBeDroppedWhileItsBodyHangs() throws Exception {
    Clip clip = Footage.clip("front", 0, 400_000);
    String upload = front.begin(clip);
    try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), master.url().getPort())) {
      slow.getOutputStream().write(patchHead(upload, 0, clip, null));
      slow.getOutputStream().write(clip.bytes(), 0, 1000);
      slow.getOutputStream().flush();
      Awaitility.await().until(() -> front.offset(upload), at -> at == 1000);

      assertThat(front.send(front.request(upload).DELETE()).statusCode()).isEqualTo(204);
    }
    assertThat(master.incoming()).isEmpty();
  }

  @Test
  void methodsThatSomethingInTheWayDoesNotLetThroughMayBePosted() throws Exception {
    Clip clip = Footage.clip("front", 0, 3000);
    String upload = front.begin(clip);

    HttpResponse<String> patched =
        front.send(
            override(upload, "PATCH")
                .header(Tus.OFFSET, "0")
                .header("Content-Type", Tus.CONTENT_TYPE)
                .POST(BodyPublishers.ofByteArray(clip.bytes(), 0, 1000)));
    assertThat(patched.statusCode()).isEqualTo(204);
    HttpResponse<String> head = front.send(override(upload, "HEAD").POST(BodyPublishers.noBody()));
    assertThat(head.headers().firstValue(Tus.OFFSET)).contains("1000");
    assertThat(front.send(override(upload, "PUT").POST(BodyPublishers.noBody())).statusCode())
        .isEqualTo(405);
    assertThat(front.send(override(upload, "DELETE").POST(BodyPublishers.noBody())).statusCode())
        .isEqualTo(204);
    assertThat(master.incoming()).isEmpty();
  }

  @Test
  void offsetsBeyondFourGibibytesAreRight() throws Exception {
    long far = (4L << 30) + 1;
    String upload = front.beginUnnamed(far + 3);
    Path part =
        master.incoming().stream()
            .filter(f -> f.toString().endsWith(".info"))
            .findAny()
            .orElseThrow();
    String token = part.getFileName().toString().replace(".info", "");
    try (RandomAccessFile sparse =
        new RandomAccessFile(part.resolveSibling(token + ".part").toFile(), "rw")) {
      sparse.setLength(far);
    }
    master.restart();
    front = master.camera("front");

    assertThat(front.offset(upload)).isEqualTo(far);
    HttpResponse<String> wrong = front.patch(upload, 1, new byte[1]);
    assertThat(wrong.statusCode()).isEqualTo(409);
    assertThat(wrong.headers().firstValueAsLong(Tus.OFFSET)).hasValue(far);
    assertThat(front.patch(upload, far, new byte[] {1}).statusCode()).isEqualTo(204);
    assertThat(
            front
                .send(
                    front
                        .request(upload)
                        .header(Tus.OFFSET, Long.toString(far + 1))
                        .header("Content-Type", Tus.CONTENT_TYPE)
                        .method("PATCH", BodyPublishers.ofByteArray(new byte[] {2, 3})))
                .statusCode())
        .isEqualTo(204);
    assertThat(front.offset(upload)).isEqualTo(far + 3);
    assertThat(front.patch(upload, far + 3, new byte[1]).statusCode()).isEqualTo(413);
  }

  private HttpRequest.Builder override(String upload, String method) {
    return front.request(upload).header("X-HTTP-Method-Override", method);
  }

  /** Whether the master has closed this connection; what it still said does not matter. */
  private static boolean isEnded(Socket socket) throws IOException {
    try {
      socket.getInputStream().readAllBytes();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true; // reset
    }
  }

  /** Claims the whole body and breaks the connection after 300,000 bytes. */
  private void cutPatch(String upload, Clip clip, byte[] checksum) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), master.url().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(patchHead(upload, 0, clip, checksum));
      out.write(clip.bytes(), 0, 300_000);
      out.flush();
      if (checksum == null) {
        Awaitility.await()
            .atMost(Duration.ofSeconds(10))
            .until(() -> front.offset(upload), at -> at == 300_000);
      }
    }
  }

  private byte[] patchHead(String upload, int offset, Clip clip, byte[] checksum) {
    String head =
        "PATCH "
            + upload
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: "
            + offset
            + "\r\n"
            + "Content-Type: application/offset+octet-stream\r\nContent-Length: "
            + (clip.bytes().length - offset)
            + "\r\nAuthorization: Bearer "
            + front.credential().token()
            + "\r\n"
            + (checksum == null
                ? ""
                : "Upload-Checksum: sha256 "
                    + java.util.Base64.getEncoder().encodeToString(checksum)
                    + "\r\n")
            + "\r\n";
    return head.getBytes(StandardCharsets.US_ASCII);
  }

  private int created(String length) throws Exception {
    return front
        .send(front.request(Tus.PATH).header(Tus.LENGTH, length).POST(BodyPublishers.noBody()))
        .statusCode();
  }

  /** As a camera's client does, it looks for the answer only once it can send no more. */
  @ParameterizedTest
  @ValueSource(ints = {100_000, 4 << 20, 5 << 20, 6 << 20, 8 << 20, 64 << 20, Integer.MAX_VALUE})
  void whoIsRefusedInTheMiddleOfALongBodyHearsWhy(int bytes) throws Exception {
    for (int i = 0; i < 5; i++) {
      HttpResponse<String> answer =
          front.send(
              front
                  .request(front.beginUnnamed(1 << 20))
                  .header(Tus.OFFSET, "5")
                  .header("Content-Type", Tus.CONTENT_TYPE)
                  .method("PATCH", BodyPublishers.ofInputStream(() -> zeros(bytes))));
      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(answer.body()).contains("offset");
    }
  }

  private static InputStream zeros(int bytes) {
    return new InputStream() {
      private int left = bytes;

      @Override
      public int read() {
        return left-- > 0 ? 0 : -1;
      }

      @Override
      public int read(byte[] to, int at, int most) {
        int n = Math.min(left, most);
        left -= n;
        return n > 0 || most == 0 ? n : -1;
      }
    };
  }
}
