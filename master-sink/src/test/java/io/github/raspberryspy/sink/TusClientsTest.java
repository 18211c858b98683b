package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.Needed;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.sink.Footage.Clip;
import io.tus.java.client.TusClient;
import io.tus.java.client.TusURLMemoryStore;
import io.tus.java.client.TusUpload;
import io.tus.java.client.TusUploader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of tus that others wrote upload to a master as they are. */
@Timeout(60)
class TusClientsTest {

  private static final Path CLIENTS = Path.of("src/test/tus-clients");
  private static final int CHUNK = 64 * 1024;

  @TempDir Path folder;
  private TestMaster master;
  private TestCamera front;
  private Clip clip;
  private Path file;

  @BeforeEach
  void start() throws Exception {
    master = TestMaster.start(folder.resolve("footage"));
    front = master.camera("front");
    clip = Footage.clip("front", 0, 600_000);
    file = Files.write(folder.resolve("garden.mp4"), clip.bytes());
  }

  @AfterEach
  void stop() {
    master.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"chunks", "whole", "with-creation", "override", "length-later", "resumed"})
  void tusJsClientUploads(String way) throws Exception {
    assertSealable(run("node", "client.mjs", way));
  }

  @Test
  void tusJsClientDropsAnUpload() throws Exception {
    String upload = run("node", "client.mjs", "terminated");
    assertThat(
            front
                .send(
                    front
                        .request(URI.create(upload).getPath())
                        .method("HEAD", BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(404);
    assertThat(master.incoming()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"chunks", "resumed", "checksums"})
  void tuspyUploads(String way) throws Exception {
    assertSealable(run("/usr/bin/python3", "client.py", way));
  }

  @Test
  void tusJavaClientUploadsAndResumes() throws Exception {
    TusClient client = new TusClient();
    client.setUploadCreationURL(master.url().resolve(Tus.PATH).toURL());
    client.setHeaders(Map.of("Authorization", "Bearer " + front.credential().token()));
    client.enableResuming(new TusURLMemoryStore());
    TusUploader first = client.createUpload(new TusUpload(file.toFile()));
    first.setChunkSize(CHUNK);
    first.setRequestPayloadSize(2 * CHUNK);
    first.uploadChunk();
    first.uploadChunk();
    first.finish();

    TusUploader second = client.resumeUpload(new TusUpload(file.toFile()));

    assertThat(second.getOffset()).isEqualTo(2 * CHUNK);
    second.setChunkSize(CHUNK);
    while (second.uploadChunk() > -1) {
      // until all is sent
    }
    second.finish();
    assertSealable(second.getUploadURL().toString());
  }

  /** What a stranger has sent becomes a segment by its manifest, as what a camera sends. */
  private void assertSealable(String upload) throws IOException, InterruptedException {
    String path = URI.create(upload).getPath();
    assertThat(front.offset(path)).isEqualTo(clip.bytes().length);
    assertThat(front.seal(path, clip.manifest()).statusCode()).isEqualTo(200);
    assertThat(master.videos()).hasSize(1);
    assertThat(DurableFiles.hash(master.videos().get(0))).isEqualTo(clip.manifest().content());
  }

  /** Returns the upload's address. */
  private String run(String program, String script, String way)
      throws IOException, InterruptedException {
    if (script.endsWith(".mjs")) {
      needTusJsClient();
    } else {
      needTuspy();
    }
    Process client =
        new ProcessBuilder(
                program,
                CLIENTS.resolve(script).toString(),
                master.url().resolve(Tus.PATH).toString(),
                front.credential().token(),
                file.toString(),
                way)
            .redirectErrorStream(true)
            .start();
    String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(client.waitFor()).as(said).isZero();
    return said.strip();
  }

  private static void needTusJsClient() {
    Needed.require(Needed.isPresent("node"), "node");
    Needed.require(
        Files.exists(CLIENTS.resolve("node_modules/tus-js-client")),
        "tus-js-client (npm ci --prefix master-sink/src/test/tus-clients)");
  }

  private static void needTuspy() {
    Needed.require(
        Files.exists(Path.of("/usr/lib/python3/dist-packages/tusclient")),
        "tuspy (Debian's python3-tuspy)");
  }
}
