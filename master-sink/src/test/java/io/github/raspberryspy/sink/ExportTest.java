package io.github.raspberryspy.sink;

import static io.github.raspberryspy.sink.Filmed.SECONDS;
import static io.github.raspberryspy.sink.Filmed.at;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.raspberryspy.sink.Footage.Clip;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person takes away as one file, looked at by FFmpeg: 10 pictures a second. */
class ExportTest {

  @TempDir Path folder;

  private Filmed filmed;
  private TestMaster master;
  private TestPerson person;

  @BeforeEach
  void start() throws Exception {
    filmed = new Filmed(folder);
    master = TestMaster.start(folder.resolve("footage"), m -> m.minFreeBytes(0));
    person = new TestPerson(master.server());
  }

  @AfterEach
  void stop() {
    if (master != null) {
      master.close();
    }
  }

  @Test
  void aRangeBeginsAtTheKeyframeBeforeItAndGoesOnOverTheBordersOfSegments() throws Exception {
    List<String> frames = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Clip clip = filmed.clip(i, "640x480");
      master.camera("front").upload(clip);
      frames.addAll(filmed.frames(clip.bytes()));
    }
    HttpResponse<byte[]> answer = export(1.0, 3 * SECONDS + 1.0);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(person.get("/api/v1/audit").get(0).get("action").asText()).isEqualTo("export");
    assertThat(person.get("/api/v1/audit").get(0).get("detail").asText()).startsWith("front 2");
    assertThat(filmed.frames(answer.body())).isEqualTo(frames.subList(7, 3 * 20 + 10));
    assertThat(filmed.steps(answer.body())).containsOnly(100_000L);
    assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(answer.body().length);
    assertThat(answer.headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename=\"front 2026-11-23 15-00-00 to 15-00-07.mp4\"");
    assertThat(filmed.probe(answer.body(), "format=duration").get(0)).startsWith("6.3");
    JsonNode noted = person.get("/api/v1/audit").get(0);
    assertThat(noted.get("action").asText()).isEqualTo("export");
    assertThat(noted.get("detail").asText()).startsWith("front 2026-11-23T14:00:01Z to ");
  }

  @Test
  void partOfOneFragmentIsTakenOutOfIt() throws Exception {
    Clip clip = filmed.clip(0, "640x480");
    master.camera("front").upload(clip);

    byte[] file = export(0.75, 1.25).body();

    assertThat(filmed.frames(file)).isEqualTo(filmed.frames(clip.bytes()).subList(7, 13));
  }

  @Test
  void aBrowserThatSeeksGetsTheSameBytes() throws Exception {
    for (int i = 0; i < 3; i++) {
      master.camera("front").upload(filmed.clip(i, "640x480"));
    }
    String path = path("export.mp4", 0.5, 2 * SECONDS + 1.5);
    byte[] whole = person.bytes(person.request(path)).body();
    for (int first : List.of(0, 900, whole.length / 3, whole.length / 2, whole.length - 10)) {
      HttpResponse<byte[]> part =
          person.bytes(person.request(path).header("Range", "bytes=" + first + "-"));
      assertThat(part.statusCode()).isEqualTo(206);
      assertThat(part.body()).isEqualTo(Arrays.copyOfRange(whole, first, whole.length));
    }
  }

  @Test
  void whereNothingWasFilmedTheFileDoesNotWaitAndSaysSo() throws Exception {
    List<String> frames = new ArrayList<>();
    for (int i : List.of(0, 1, 4)) {
      Clip clip = filmed.clip(i, "640x480");
      master.camera("front").upload(clip);
      frames.addAll(filmed.frames(clip.bytes()));
    }
    byte[] file = export(0, 60).body();
    JsonNode plan = person.get(path("export", 0, 60));

    assertThat(filmed.frames(file)).isEqualTo(frames);
    assertThat(filmed.steps(file)).containsOnly(100_000L);
    assertThat(plan.get("missing"))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    [{"start":"2026-11-23T14:00:04Z","end":"2026-11-23T14:00:08Z"},
                     {"start":"2026-11-23T14:00:10Z","end":"2026-11-23T14:01:00Z"}]
                    """));
    assertThat(person.get(path("export", -5, 1)).get("missing").toString())
        .isEqualTo("[{\"start\":\"2026-11-23T13:59:55Z\",\"end\":\"2026-11-23T14:00:00Z\"}]");
    assertThat(person.get(path("export", 0.5, 1.5)).get("missing")).isEmpty();
    assertThat(plan.get("bytes").asLong()).isEqualTo(file.length);
    assertThat(plan.get("start").asText()).isEqualTo("2026-11-23T14:00:00Z");
    assertThat(plan.get("end").asText()).isEqualTo("2026-11-23T14:00:10Z");
    assertThat(filmed.probe(file, "chapter=start_time:chapter_tags=title"))
        .containsExactly("0.000000,2026-11-23 15:00:00", "4.000000,2026-11-23 15:00:08");
    assertThat(filmed.probe(file, "format_tags=comment").get(0))
        .contains("left out: 2026-11-23 15:00:04 to 2026-11-23 15:00:08");
  }

  @Test
  void soundStaysWithThePictures() throws Exception {
    for (int i = 0; i < 3; i++) {
      master.camera("front").upload(filmed.withSound(i));
    }
    byte[] file = export(1.0, 2 * SECONDS + 1.0).body();

    assertThat(filmed.complaints(file)).isEmpty();
    assertThat(filmed.frames(file)).hasSize(20 - 7 + 20 + 10);
    assertThat(filmed.soundSeconds(file)).isBetween(4.2, 4.4);
  }

  @Test
  void picturesThatChangeAreNotPutIntoOneFile() throws Exception {
    master.camera("front").upload(filmed.clip(0, "640x480"));
    master.camera("front").upload(filmed.clip(1, "320x240"));

    HttpResponse<byte[]> answer = export(0, 60);

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(new String(answer.body(), UTF_8))
        .contains("the picture changes from 640x480 to 320x240 at 2026-11-23T14:00:02Z");
    assertThat(export(0, SECONDS).statusCode()).isEqualTo(200);
    assertThat(filmed.frames(export(SECONDS, 60).body())).hasSize(20);
  }

  @Test
  void whatTheDiskHasDamagedIsLeftOutAndTheRestPlays() throws Exception {
    List<Clip> clips = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      clips.add(filmed.clip(i, "640x480"));
      master.camera("front").upload(clips.get(i));
    }
    Path broken = master.videos().stream().sorted().toList().get(1);
    byte[] bytes = Files.readAllBytes(broken);
    int second = new String(bytes, ISO_8859_1).lastIndexOf("moof");
    bytes[second + 20] ^= 0x40; // in the size of a box
    Files.write(broken, bytes);

    byte[] file = export(0, 60).body();

    assertThat(filmed.complaints(file)).isEmpty();
    List<String> frames = filmed.frames(file);
    assertThat(frames).hasSizeBetween(40, 59);
    assertThat(frames.subList(0, 20)).isEqualTo(filmed.frames(clips.get(0).bytes()));
    assertThat(frames.subList(frames.size() - 20, frames.size()))
        .isEqualTo(filmed.frames(clips.get(2).bytes()));

    Files.write(broken, new byte[5000]);
    assertThat(filmed.frames(export(0, 60).body())).hasSize(40);
    assertThat(person.get(path("export", 0, 60)).get("unreadable").asInt()).isEqualTo(1);
  }

  @Test
  void whatCannotBeIsSaidInOneSentence() throws Exception {
    assertThat(text(path("export.mp4", 0, 60))).contains("404", "there is no footage of front");
    assertThat(text(path("export.mp4", 60, 60))).contains("400", "the range ends at");
    assertThat(text("/api/v1/cameras/front/export.mp4?from=2026-11-23T14:00:00Z"))
        .contains("400", "parameter to is missing");
    assertThat(text(path("export.mp4", 0, 60) + "x")).contains("400", "time zone");
  }

  private String text(String path) throws Exception {
    return person.send(person.request(path)).body();
  }

  private HttpResponse<byte[]> export(double from, double to) throws Exception {
    return person.bytes(person.request(path("export.mp4", from, to)));
  }

  private static String path(String what, double from, double to) {
    return "/api/v1/cameras/front/"
        + what
        + "?from="
        + at(from)
        + "&to="
        + at(to)
        + "&zone=Europe/Berlin";
  }
}
