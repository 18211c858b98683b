package io.github.raspberryspy.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Speaks to a master as the page does, after signing in by the link. */
public final class TestPerson {

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI master;
  private final String cookie;

  /** Signs in. */
  public TestPerson(MasterServer server) throws IOException, InterruptedException {
    master = server.url();
    HttpResponse<String> answer =
        HTTP.send(HttpRequest.newBuilder(server.signInLink()).build(), BodyHandlers.ofString());
    String set = answer.headers().firstValue("Set-Cookie").orElseThrow();
    cookie = set.substring(0, set.indexOf(';'));
  }

  /** The cookie, for the socket. */
  public String cookie() {
    return cookie;
  }

  /** What the session is of: names of cookies hold the port. */
  public String authority() {
    return master.getAuthority();
  }

  /** A request with the session. */
  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(master.resolve(path)).header("Cookie", cookie);
  }

  /** Gets JSON. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = send(request(path));
    if (answer.statusCode() != 200) {
      throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  /** Saves a segment, or gives it up: the status. */
  public int save(String id, boolean saved) throws IOException, InterruptedException {
    return send(request("/api/v1/segments/" + id + "/saved")
            .header("X-RaspberrySpy", "1")
            .method(saved ? "PUT" : "DELETE", BodyPublishers.noBody()))
        .statusCode();
  }

  /** Gets bytes. */
  public HttpResponse<byte[]> bytes(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(request.build(), BodyHandlers.ofByteArray());
  }

  /** Sends a request. */
  public HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }
}
