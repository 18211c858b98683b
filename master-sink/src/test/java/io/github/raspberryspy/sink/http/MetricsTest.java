package io.github.raspberryspy.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.sink.TestMaster;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus reads. */
class MetricsTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Pattern NAME = Pattern.compile("raspberryspy_[a-z_]+");

  @TempDir Path folder;

  private static HttpResponse<String> get(TestMaster master, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(master.url().resolve("/metrics"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void programsOnThisMachineReadThemAndWhoComesByAProxyDoesNot() throws Exception {
    try (TestMaster master = TestMaster.start(folder)) {
      HttpResponse<String> answer = get(master);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/plain; version=0.0.4");
      assertThat(answer.body())
          .contains("# TYPE raspberryspy_segments gauge\nraspberryspy_segments 0\n");
      assertThat(get(master, "X-Forwarded-For", "10.0.0.1").statusCode()).isEqualTo(401);
      assertThat(
              RawHttp.status(master.url(), "GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
          .isEqualTo(401);
    }
  }

  @Test
  void whereThereIsATokenNobodyReadsThemWithoutIt() throws Exception {
    try (TestMaster master = TestMaster.start(folder, config -> config.metricsToken("right"))) {
      assertThat(get(master).statusCode()).isEqualTo(401);
      assertThat(get(master, "Authorization", "Bearer wrong").statusCode()).isEqualTo(401);
      assertThat(get(master, "Authorization", "Bearer right").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void namesOfCamerasCannotBreakOutOfTheirLabels() {
    assertThat(new MetricsText().gauge("x", "Help.", 1.5, "camera", "a\"b\\c\nd").toString())
        .endsWith("raspberryspy_x{camera=\"a\\\"b\\\\c\\nd\"} 1.5\n");
  }

  @Test
  void theDashboardNamesOnlyWhatThereIs() throws Exception {
    Path http = Path.of("src/main/java/io/github/raspberryspy/sink/http");
    String source =
        Files.readString(http.resolve("MetricsRoutes.java"))
            + Files.readString(http.resolve("HealthMetrics.java"));
    Set<String> known = new TreeSet<>();
    Pattern.compile("\"([a-z_]+)\",\\s*\"[A-Z1]")
        .matcher(source)
        .results()
        .forEach(m -> known.add("raspberryspy_" + m.group(1)));
    Set<String> named = new TreeSet<>();
    String dashboard = Files.readString(Path.of("../docs/grafana.json"));
    NAME.matcher(dashboard).results().forEach(m -> named.add(m.group()));
    assertThat(named).hasSizeGreaterThan(8).isSubsetOf(known);
  }
}
