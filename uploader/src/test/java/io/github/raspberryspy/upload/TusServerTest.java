package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.Needed;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server of tus that others wrote takes a camera's bytes; without a receipt all stays here. */
@Timeout(60)
class TusServerTest extends UploadFixture {

  private static final Path SERVER = Path.of("src/test/tus-server");
  private static final int SIZE = 100 * CHUNK + 17;

  private Path files;
  private Process server;
  private int port;

  @BeforeEach
  void startServer() throws IOException {
    Needed.require(Needed.isPresent("node"), "node");
    Needed.require(
        Files.exists(SERVER.resolve("node_modules/@tus/server")),
        "@tus/server (npm ci --prefix uploader/src/test/tus-server)");
    files = Files.createDirectory(root.resolve("server"));
    server =
        new ProcessBuilder("node", SERVER.resolve("server.mjs").toString(), files.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    port =
        Integer.parseInt(
            new BufferedReader(
                    new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))
                .readLine());
  }

  @AfterEach
  void stopServer() throws InterruptedException {
    if (server != null) {
      server.destroyForcibly().waitFor();
    }
  }

  private Uploader startToIt() {
    Uploader uploader = uploader(spool, quick(URI.create("http://127.0.0.1:" + port)).build());
    uploader.start();
    return uploader;
  }

  /** Whether some upload there holds these bytes and no others. */
  private boolean isThere(byte[] bytes) throws IOException {
    try (Stream<Path> all = Files.list(files)) {
      for (Path file : all.filter(f -> !f.toString().endsWith(".json")).toList()) {
        if (Arrays.equals(Files.readAllBytes(file), bytes)) {
          return true;
        }
      }
      return false;
    }
  }

  @Test
  void aSegmentArrivesWholeAndStaysHereForWantOfAReceipt() throws Exception {
    SealedSegment segment = seal(1, SIZE);
    startToIt();

    eventually(() -> assertThat(kinds()).containsExactly(Kind.REJECTED));
    assertThat(isThere(video(1, SIZE))).isTrue();
    assertKept(segment);
  }

  @Test
  void whatIsFilmedArrivesWhileItGrows() throws Exception {
    Growing growing = new Growing(1, SIZE, false);
    Uploader uploader = startToIt();

    for (int part = 1; part <= 3; part++) {
      byte[] bytes = Arrays.copyOf(growing.video, part * 10 * CHUNK);
      growing.grow(uploader, bytes.length);
      eventually(() -> assertThat(isThere(bytes)).isTrue());
    }
  }
}
