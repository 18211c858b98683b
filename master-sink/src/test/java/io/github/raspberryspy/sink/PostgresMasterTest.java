package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.index.PostgresConfig;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A master whose index is on a PostgreSQL server. */
class PostgresMasterTest {

  @TempDir Path footage;
  private TestPostgres postgres;

  @BeforeEach
  void create() throws IOException {
    postgres = TestPostgres.create();
  }

  private TestMaster start() throws IOException {
    return TestMaster.start(footage, settings -> settings.index(postgres.config()));
  }

  @Test
  void footageIsTakenListedSavedAndStillThereAfterARestart() throws Exception {
    Clip clip = Footage.clip("front", 1, 3000);
    try (TestMaster master = start()) {
      TestCamera front = master.camera("front");
      Receipt receipt = front.upload(clip);
      assertThat(receipt.vouchesFor(front.credential(), clip.id(), clip.manifest().content()))
          .isTrue();
      master.restart();
      TestPerson person = new TestPerson(master.server());
      JsonNode listed = person.get("/api/v1/segments");
      assertThat(listed.get("total").asInt()).isEqualTo(1);
      assertThat(listed.get("segments").get(0).get("id").asText()).isEqualTo(clip.id().toString());
      assertThat(master.camera("front").upload(clip)).isEqualTo(receipt);
    }
    assertThat(footage.resolve(".raspberryspy/index.db")).doesNotExist();
  }

  @Test
  void aNewDatabaseIsFilledFromTheFiles() throws Exception {
    Clip clip = Footage.clip("front", 1, 3000);
    try (TestMaster master = TestMaster.start(footage)) {
      master.camera("front").upload(clip);
    }
    try (TestMaster master = start()) {
      JsonNode listed = new TestPerson(master.server()).get("/api/v1/segments");
      assertThat(listed.get("total").asInt()).isEqualTo(1);
    }
  }

  /** No receipt without a row; and what was interrupted goes on where it stood. */
  @Test
  void whileTheDatabaseIsAwayCamerasAreToldToAskAgain() throws Exception {
    Clip clip = Footage.clip("front", 1, 3000);
    try (TestMaster master = start()) {
      TestCamera front = master.camera("front");
      String upload = front.begin(clip);
      front.fill(upload, clip, 1 << 20);

      postgres.away();
      HttpResponse<String> refused = front.seal(upload, clip.manifest());
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      assertThat(refused.body()).doesNotContain("mac");
      assertThat(front.create(clip).statusCode()).isEqualTo(503);

      postgres.back();
      HttpResponse<String> sealed = front.seal(upload, clip.manifest());
      assertThat(sealed.statusCode()).as(sealed.body()).isEqualTo(200);
      Receipt receipt = Receipt.decode(sealed.body().getBytes(StandardCharsets.UTF_8));
      assertThat(receipt.vouchesFor(front.credential(), clip.id(), clip.manifest().content()))
          .isTrue();
      assertThat(master.videos()).hasSize(1);
      assertThat(master.incoming()).isEmpty();
    }
  }

  @Test
  void aServerThatIsNotThereIsSaidInOneSentence() throws Exception {
    int port;
    try (ServerSocket nobody = new ServerSocket(0)) {
      port = nobody.getLocalPort();
    }
    String url = "jdbc:postgresql://localhost:" + port + "/index";
    assertThatThrownBy(
            () ->
                TestMaster.start(
                    footage,
                    settings ->
                        settings.index(
                            new PostgresConfig(url, Optional.empty(), Optional.of("s3cret")))))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("index " + url + " cannot be used: ")
        .hasMessageContaining("refused")
        .hasMessageNotContaining("\n")
        .hasMessageNotContaining("s3cret");
  }
}
