package io.github.raspberryspy.sink;

import static io.github.raspberryspy.sink.Filmed.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose session ends, or whose link is taken back, gets no more of what is on its way either. */
class RevocationTest {

  @TempDir Path folder;

  private TestMaster master;
  private TestPerson owner;
  private String segment;

  @BeforeEach
  void start() throws Exception {
    master = TestMaster.start(folder.resolve("footage"), m -> m.minFreeBytes(0));
    owner = new TestPerson(master.server());
    Footage.Clip clip = new Filmed(folder).big(0);
    master.camera("front").upload(clip);
    segment = clip.id().toString();
  }

  @AfterEach
  void stop() {
    if (master != null) {
      master.close();
    }
  }

  @Test
  void aVideoAndAnExportEndWithTheSession() throws Exception {
    String range = "?from=" + at(0) + "&to=" + at(2);
    TestPerson guest = new TestPerson(master.server());
    String id = guest.get("/api/v1/me").get("session").asText();
    try (Taker video = new Taker("/api/v1/segments/" + segment + "/video", guest.cookie());
        Taker export = new Taker("/api/v1/cameras/front/export.mp4" + range, guest.cookie());
        Taker other = new Taker("/api/v1/segments/" + segment + "/video", owner.cookie())) {
      assertThat(change("DELETE", "/api/v1/sessions/" + id, "").statusCode()).isEqualTo(204);
      video.awaitEnd();
      export.awaitEnd();
      assertThat(other.isAtItsEnd()).as("another session").isFalse();
    }
  }

  @Test
  void whatALinkShowsEndsWhenItIsTakenBack() throws Exception {
    String wish =
        "{\"camera\":\"front\",\"from\":\"%s\",\"to\":\"%s\",\"life\":\"day\"}"
            .formatted(at(0), at(2));
    HttpResponse<String> made = change("POST", "/api/v1/shares", wish);
    String link = new ObjectMapper().readTree(made.body()).get("path").asText();
    String id = owner.get("/api/v1/shares").get(0).get("id").asText();
    try (Taker video = new Taker("/" + link + "/video.mp4", "")) {
      assertThat(change("DELETE", "/api/v1/shares/" + id, "").statusCode()).isEqualTo(204);
      video.awaitEnd();
    }
  }

  private HttpResponse<String> change(String method, String path, String body) throws Exception {
    return owner.send(
        owner
            .request(path)
            .header("X-RaspberrySpy", "1")
            .method(method, BodyPublishers.ofString(body)));
  }

  /** Takes an answer slowly. */
  private final class Taker implements AutoCloseable {
    private final Socket socket = new Socket();
    private final byte[] some = new byte[16 << 10];
    private long taken;

    Taker(String path, String cookie) throws IOException {
      socket.setReceiveBufferSize(64 << 10);
      socket.setSoTimeout(10_000);
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), master.url().getPort()));
      String head =
          "GET "
              + path
              + " HTTP/1.1\r\nHost: "
              + master.url().getAuthority()
              + "\r\nCookie: "
              + cookie
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      int n = socket.getInputStream().read(some);
      assertThat(new String(some, 0, n, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 200");
    }

    boolean isAtItsEnd() {
      try {
        int n = socket.getInputStream().read(some);
        taken += Math.max(n, 0);
        return n < 0;
      } catch (IOException e) {
        return true;
      }
    }

    void awaitEnd() {
      await()
          .pollInterval(Duration.ofMillis(10)) // 1.6 MB a second: all of it takes nine seconds
          .atMost(Duration.ofSeconds(20))
          .until(this::isAtItsEnd);
      assertThat(taken).as("of 15 MB").isLessThan(12_000_000);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
