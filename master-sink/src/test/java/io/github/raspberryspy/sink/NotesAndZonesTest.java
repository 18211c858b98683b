package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.raspberryspy.sink.Footage.Clip;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people write of footage, and how they find some by zone. */
class NotesAndZonesTest {

  @TempDir Path folder;

  private TestMaster master;
  private TestPerson person;

  @BeforeEach
  void start() throws Exception {
    master = TestMaster.start(folder, m -> m.minFreeBytes(0));
    person = new TestPerson(master.server());
  }

  @AfterEach
  void stop() {
    master.close();
  }

  @Test
  void aNoteIsKeptWithTheFilesAndEditedAndGoesWithTheSavedMark() throws Exception {
    Clip clip = Footage.clip("front", 0, 3000);
    master.camera("front").upload(clip);
    String id = clip.id().toString();

    assertThat(save(id, " Grey van,\nno plate ").statusCode()).isEqualTo(204);
    assertThat(note(id)).isEqualTo("Grey van, no plate");
    assertThat(person.save(id, true)).isEqualTo(204); // without a word: it stays
    assertThat(note(id)).isEqualTo("Grey van, no plate");
    assertThat(save(id, "Grey van, B–X 1 🚐").statusCode()).isEqualTo(204);

    master.close();
    Files.delete(folder.resolve(".raspberryspy/index.db"));
    master = TestMaster.start(folder, m -> m.minFreeBytes(0));
    person = new TestPerson(master.server());
    assertThat(note(id)).isEqualTo("Grey van, B–X 1 🚐");
    assertThat(person.get("/api/v1/segments?saved=true").get("total").asInt()).isEqualTo(1);

    assertThat(person.save(id, false)).isEqualTo(204);
    assertThat(note(id)).isEmpty();
    assertThat(person.save(id, true)).isEqualTo(204);
    assertThat(note(id)).isEmpty();
  }

  @Test
  void aNoteThatIsTooLongIsRefusedInASentence() throws Exception {
    Clip clip = Footage.clip("front", 0, 3000);
    master.camera("front").upload(clip);

    HttpResponse<String> answer = save(clip.id().toString(), "x".repeat(501));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("501 characters; allowed are 500");
    assertThat(person.get("/api/v1/segments?saved=true").get("total").asInt()).isZero();
  }

  @Test
  void segmentsAreFoundByTheZoneInWhichSomethingMoved() throws Exception {
    for (int i = 0; i < 6; i++) {
      Clip clip = i % 2 == 0 ? Footage.withMotion("front", i) : Footage.clip("front", i, 2000);
      master.camera("front").upload(clip);
    }
    master.camera("back").upload(Footage.withMotion("back", 0));

    assertThat(total("zone=door")).isEqualTo(4);
    assertThat(total("zone=door&camera=front")).isEqualTo(3);
    assertThat(total("zone=door&camera=front&from=2026-11-23T14:00:03Z")).isEqualTo(2);
    assertThat(total("zone=door&motion=false")).isZero();
    assertThat(total("zone=path")).isZero();
    var page = person.get("/api/v1/segments?zone=door&order=asc&limit=3");
    assertThat(page.get("segments")).hasSize(3);
    var rest =
        person.get("/api/v1/segments?zone=door&order=asc&after=" + page.get("next").asText());
    assertThat(rest.get("segments")).hasSize(1);
    assertThat(rest.get("segments").get(0).get("sequence").asInt()).isEqualTo(4);
  }

  private int total(String query) throws Exception {
    return person.get("/api/v1/segments?" + query).get("total").asInt();
  }

  private String note(String id) throws Exception {
    return person.get("/api/v1/segments/" + id).path("note").asText();
  }

  private HttpResponse<String> save(String id, String note) throws Exception {
    String body = new ObjectMapper().writeValueAsString(Map.of("note", note));
    return person.send(
        person
            .request("/api/v1/segments/" + id + "/saved")
            .header("X-RaspberrySpy", "1")
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body)));
  }
}
