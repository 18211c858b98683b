package io.github.raspberryspy.daemon.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentManifest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Somebody who is signed in at one life of the master. */
final class Person {

  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI master;
  private final String cookie;

  /** A segment that the master lists. */
  record Listed(SegmentManifest manifest, boolean saved) {

    String id() {
      return manifest.id().toString();
    }

    long bytes() {
      return manifest.content().bytes();
    }
  }

  private Person(URI master, String cookie) {
    this.master = master;
    this.cookie = cookie;
  }

  /** Signs in with what the master printed when it was ready. */
  static Person signIn(String ready) throws IOException, InterruptedException {
    JsonNode node = JSON.readTree(ready);
    HttpResponse<String> answer =
        HTTP.send(
            HttpRequest.newBuilder(URI.create(node.get("signIn").asText()))
                .timeout(Duration.ofSeconds(60))
                .build(),
            BodyHandlers.ofString());
    String set =
        answer
            .headers()
            .firstValue("Set-Cookie")
            .orElseThrow(() -> new IOException("no session: " + answer.statusCode()));
    return new Person(URI.create(node.get("url").asText()), set.substring(0, set.indexOf(';')));
  }

  /** Every complete segment, as often as it is listed. */
  List<Listed> list() throws IOException, InterruptedException {
    List<Listed> all = new ArrayList<>();
    int pages = 1;
    for (int page = 1; page <= pages; page++) {
      HttpResponse<String> answer =
          HTTP.send(
              request("/api/v1/segments?order=asc&limit=1000&page=" + page).build(),
              BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(answer.statusCode() + " " + answer.body());
      }
      JsonNode node = JSON.readTree(answer.body());
      pages = node.get("pages").asInt();
      for (JsonNode s : node.get("segments")) {
        all.add(listed(s));
      }
    }
    return all;
  }

  private static Listed listed(JsonNode node) throws IOException {
    return new Listed(
        ManifestCodec.decode(JSON.writeValueAsBytes(node)), node.get("saved").asBoolean());
  }

  /** What somebody has deleted and can have back, up to 1000 of it. */
  List<Listed> trash() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HTTP.send(request("/api/v1/trash").build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(answer.statusCode() + " " + answer.body());
    }
    List<Listed> all = new ArrayList<>();
    for (JsonNode s : JSON.readTree(answer.body())) {
      all.add(listed(s));
    }
    return all;
  }

  /** Deletes a segment, or has it back. Returns whether the master said that it did. */
  boolean trash(String id, boolean deleted) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        deleted
            ? request("/api/v1/segments/" + id).DELETE()
            : request("/api/v1/trash/" + id + "/restore").POST(BodyPublishers.noBody());
    return isDone(request);
  }

  /** Saves a segment, or gives it up. Returns whether the master said that it did. */
  boolean save(String id, boolean saved) throws IOException, InterruptedException {
    return isDone(
        request("/api/v1/segments/" + id + "/saved")
            .method(saved ? "PUT" : "DELETE", BodyPublishers.noBody()));
  }

  private static boolean isDone(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpRequest change = request.header("X-RaspberrySpy", "1").build();
    return HTTP.send(change, BodyHandlers.ofString()).statusCode() / 100 == 2;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(master.resolve(path))
        .timeout(Duration.ofSeconds(10))
        .header("Cookie", cookie);
  }
}
