package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.raspberryspy.segments.servers.PostgresServer;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.index.PostgresConfig;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server has committed, and the connection breaks before it can say so. */
class PostgresLostAnswerTest {

  @TempDir Path footage;
  private LostAnswers between;
  private TestMaster master;
  private TestPerson person;

  @BeforeEach
  void start() throws Exception {
    URI server = URI.create(TestPostgres.create().config().url().substring("jdbc:".length()));
    between = new LostAnswers(server.getPort());
    PostgresConfig config =
        new PostgresConfig(
            // by default a COMMIT that was sent a few times is sent by a number
            "jdbc:postgresql://127.0.0.1:"
                + between.port()
                + server.getPath()
                + "?prepareThreshold=0",
            Optional.of(PostgresServer.USER),
            Optional.of(PostgresServer.PASSWORD));
    master = TestMaster.start(footage, settings -> settings.index(config));
    person = new TestPerson(master.server());
  }

  @AfterEach
  void stop() throws Exception {
    master.close();
    between.close();
  }

  @Test
  void whoAsksAgainAfterTheAnswerToASealWasLostGetsAReceiptAndThereIsOneSegment() throws Exception {
    TestCamera front = master.camera("front");
    for (int i = 0; i < 3; i++) {
      Clip clip = Footage.clip("front", i, 2000);
      String upload = front.begin(clip);
      front.fill(upload, clip, 1 << 20);
      between.loseNext("INSERT INTO segments");

      HttpResponse<String> unsure = front.seal(upload, clip.manifest());
      HttpResponse<String> sure = front.seal(upload, clip.manifest());

      assertThat(between.lost()).isEqualTo(i + 1);
      assertThat(unsure.statusCode()).as(unsure.body()).isEqualTo(503);
      assertThat(unsure.headers().firstValue("Retry-After")).isPresent();
      assertThat(sure.statusCode()).as(sure.body()).isEqualTo(200);
      assertThat(
              Receipt.decode(sure.body().getBytes(StandardCharsets.UTF_8))
                  .vouchesFor(front.credential(), clip.id(), clip.manifest().content()))
          .isTrue();
      assertThat(person.get("/api/v1/segments").get("total").asInt()).isEqualTo(i + 1);
      assertThat(master.videos()).hasSize(i + 1);
      assertThat(master.incoming()).isEmpty();
    }
  }

  @Test
  void whatAPersonDeletedWithoutHearingOfItIsInTheTrashOnce() throws Exception {
    Clip clip = Footage.clip("front", 0, 2000);
    master.camera("front").upload(clip);
    between.loseNext("INSERT INTO trash");

    assertThat(delete(clip)).isEqualTo(503);

    assertThat(between.lost()).isOne();
    assertThat(delete(clip)).isEqualTo(404);
    JsonNode trash = person.get("/api/v1/trash");
    assertThat(trash.findValuesAsText("id")).containsExactly(clip.id().toString());
    assertThat(person.get("/api/v1/segments").get("total").asInt()).isZero();
    assertThat(master.videos()).hasSize(1);
  }

  private int delete(Clip clip) throws Exception {
    return person
        .send(
            person
                .request("/api/v1/segments/" + clip.id())
                .header("X-RaspberrySpy", "1")
                .method("DELETE", BodyPublishers.noBody()))
        .statusCode();
  }
}
