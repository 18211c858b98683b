package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.faults.FaultProxy;
import io.github.raspberryspy.segments.faults.Toxic;
import io.github.raspberryspy.sink.event.Incident;
import io.github.raspberryspy.sink.event.Incident.Failure;
import io.github.raspberryspy.sink.event.Incident.Flushed;
import io.github.raspberryspy.sink.event.Incident.Verdict;
import io.github.raspberryspy.sink.event.IncidentCodec;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One of three cameras is destroyed, behind links of 20 Mbit/s: the others back up, people are
 * told, and the page says so. F30.
 */
class FailsafeIT {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration FILMED = Duration.ofSeconds(30);
  private static final Duration MOST_STALL = Duration.ofMillis(200);
  private static final long LINK = 20_000_000 / Byte.SIZE;
  private static final List<String> CAMERAS = List.of("door", "garden", "yard");

  @TempDir Path folder;

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Map<String, Program> cameras = new TreeMap<>();
  private final HttpClient http =
      HttpClient.newBuilder()
          .cookieHandler(new CookieManager())
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();
  private URI signIn;

  @AfterEach
  void stop() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  @Test
  void whenACameraIsDestroyedTheOthersBackUpAndWhatItFilmedIsThere() throws Exception {
    Tools.need("ffprobe");
    start();
    await().atMost(LIMIT).until(() -> ask("cameras").split("\"recording\"", -1).length == 4);
    Instant filmed = Instant.now();
    UploadingCamera.pause(FILMED);
    Stalls stalls = new Stalls();
    open.push(stalls);
    Instant killed = Instant.now();
    cameras.get("door").kill();

    await().atMost(LIMIT).untilAsserted(() -> assertThat(incidents()).hasSize(1));
    await().atMost(LIMIT).until(() -> stored().size() == 3);
    Instant evident = Instant.now();
    await()
        .atMost(LIMIT)
        .until(() -> incidents().get(0).others().stream().allMatch(o -> o.answered().isPresent()));
    Incident incident = incidents().get(0);
    Failure failure = incident.failures().get(0);
    assertThat(failure.camera()).isEqualTo("door");
    assertThat(failure.verdict()).isEqualTo(Verdict.PROGRAM_ENDED);
    assertThat(incident.others())
        .extracting(Flushed::camera, Flushed::ok)
        .containsExactly(tuple("garden", true), tuple("yard", true));
    for (SegmentManifest segment : stored()) {
      boolean isLost = segment.id().camera().equals("door");
      assertThat(segment.start()).isBefore(filmed);
      assertThat(segment.closed()).isEqualTo(isLost ? CloseReason.SALVAGED : CloseReason.FLUSH);
      assertThat(segment.end()).isAfter(killed.minusSeconds(isLost ? 2 : 0)); // I4
    }
    Duration lost = Duration.between(killed, incident.start());
    Duration told =
        Duration.between(incident.start(), incident.others().get(1).answered().orElseThrow());
    JsonNode alert = new ObjectMapper().readTree(ask("alerts")).get("alerts").get(0);
    assertThat(alert.get("sentence").asText())
        .isEqualTo(
            "Camera door: its program has ended, its board still answers."
                + " Now backing up: garden and yard.");
    Duration queued = Duration.between(incident.start(), Instant.parse(alert.get("at").asText()));
    Duration evidence = Duration.between(incident.start(), evident);
    Duration stall = stalls.longest();
    System.out.printf(
        "lost after %d ms; then the others had answered after %d ms, people were told after %d ms,"
            + " and all evidence was there after %d ms; the longest stall of the machine: %d ms%n",
        lost.toMillis(), told.toMillis(), queued.toMillis(), evidence.toMillis(), stall.toMillis());
    assertThat(flagged("garden")).as("it has no motion of its own").isEqualTo(Set.of("by door"));

    try (Browser browser = Browser.open()) {
      browser.driver().get(signIn.toString());
      Browser.eventually().until(() -> browser.shows("[data-testid=trouble][data-kind=incident]"));
      assertThat(browser.one("[data-testid=trouble][data-kind=incident]").getText())
          .contains("door is not heard")
          .contains("Its board answers, its program has ended.")
          .contains("Garden and yard send what they film.");
      Browser.eventually().until(() -> browser.shows("[data-testid=event-incident]"));
      browser.screenshot("incident", "dark", 1440, 900);
      browser.screenshot("incident-light", "light", 1440, 900);
      browser.screenshot("incident-phone", "light", 390, 844);
      assertThat(browser.complaints()).isEmpty();
      film("door");
      Browser.eventually().until(() -> !browser.shows("[data-testid=trouble][data-kind=incident]"));
    }
    assertThat(incidents()).hasSize(1);
    assertThat(incidents().get(0).failures().get(0).sentence()).endsWith("had started anew");
    cameras.get("garden").terminate();
    await().atMost(LIMIT).until(() -> ask("cameras").contains("\"state\":\"off\""));
    UploadingCamera.pause(Duration.ofSeconds(6));
    assertThat(incidents()).as("who ends in order is nobody's emergency").hasSize(1);

    assumeThat(stall).as("longest stall of the machine").isLessThanOrEqualTo(MOST_STALL);
    assertThat(lost).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(5).plus(stall));
    assertThat(told).isLessThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(queued).isLessThanOrEqualTo(Duration.ofSeconds(2));
    assertThat(evidence).isLessThanOrEqualTo(Duration.ofSeconds(10));
  }

  private void start() throws Exception {
    int port = Tools.freePort();
    Path config =
        Files.writeString(
            folder.resolve("master.yml"),
            """
            footage:
              folder: %s
            listen:
              port: %d
            retention:
              min-free: 0
            failsafe:
              flag-others: door
            """
                .formatted(folder.resolve("footage"), port));
    for (String camera : CAMERAS) {
      FaultProxy link = new FaultProxy(port, 1);
      link.upstream(new Toxic.Bandwidth(LINK));
      open.push(link);
      configure(camera, config, link.port());
    }
    Program master = Program.start(folder, "master", "--config", config.toString(), "--json");
    open.push(master);
    signIn = master.signInLink();
    http.send(HttpRequest.newBuilder(signIn).build(), BodyHandlers.discarding());
    for (String camera : CAMERAS) {
      film(camera);
    }
  }

  private void configure(String camera, Path master, int port) throws Exception {
    Program.Result token =
        Program.run(
            folder, LIMIT, "master", "--config", master.toString(), "--camera-token", camera);
    assertThat(token.exit()).as("%s", token.err()).isZero();
    Files.write(folder.resolve(camera + ".token"), token.out());
    Files.writeString(
        folder.resolve(camera + ".yml"),
        """
        camera:
          name: %s
          source: "test://?size=320x240&fps=30&objects=%d"
        spool:
          folder: %s
        record:
          segment: 1h
        master:
          url: http://127.0.0.1:%d
          token-file: %s
        """
            .formatted(
                camera,
                camera.equals("garden") ? 0 : 1,
                folder.resolve("spool"),
                port,
                folder.resolve(camera + ".token")));
  }

  private void film(String camera) {
    Path config = folder.resolve(camera + ".yml");
    Program program = Program.start(folder, "camera", "--config", config.toString());
    open.push(program);
    cameras.put(camera, program);
  }

  private String ask(String what) throws IOException, InterruptedException {
    URI address = signIn.resolve("/api/v1/" + what);
    return http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()).body();
  }

  private List<Incident> incidents() throws IOException, InterruptedException {
    List<Incident> incidents = new ArrayList<>();
    for (JsonNode incident : new ObjectMapper().readTree(ask("incidents"))) {
      incidents.add(IncidentCodec.decode(incident.toString()));
    }
    return incidents;
  }

  private Set<String> flagged(String camera) throws IOException {
    return stored().stream()
        .filter(segment -> segment.id().camera().equals(camera))
        .flatMap(segment -> segment.motion().stream())
        .flatMap(span -> span.zones().stream())
        .collect(Collectors.toSet());
  }

  private List<SegmentManifest> stored() throws IOException {
    List<SegmentManifest> stored = new ArrayList<>();
    for (String camera : CAMERAS) {
      if (Files.isDirectory(folder.resolve("footage").resolve(camera))) {
        Footage.of(folder.resolve("footage"), camera)
            .segments()
            .forEach(s -> stored.add(s.manifest()));
      }
    }
    return stored;
  }
}
