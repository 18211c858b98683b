package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.daemon.config.CameraKeys;
import io.github.raspberryspy.daemon.config.ConfigKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What no source of the program may do, and what only few may. */
class SourceRulesTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private static final Pattern SHELL =
      Pattern.compile(
          "Runtime\\.getRuntime\\(\\)\\s*\\.exec|\"(/bin/)?(ba|da|z)?sh\"|\"cmd(.exe)?\"");
  private static final Pattern CHILD = Pattern.compile("\\bProcessBuilder\\b|\\bRuntime\\b.*exec");
  private static final Pattern DIALS =
      Pattern.compile(
          "HttpClient\\.new|\\.openConnection|\\.openStream|SocketChannel\\.open|new Socket\\("
              + "|createSocket\\(|\\.isReachable\\(|MqttAsyncClient|Mqtt\\dClient|Transport\\.send"
              + "|\\.connect\\(|DriverManager|DataSource\\(\\)");
  private static final Pattern BAKED_IN =
      Pattern.compile(
          "PRIVATE KEY-----\\s*[A-Za-z0-9+/]{20}|AKIA[0-9A-Z]{16}"
              + "|(?i:password|passwd|secret|token|api_?key)\"?\\s*[:=]\\s*\"[A-Za-z0-9+/_=-]{16,}\"");

  /** What is compiled and shipped, by its path within the project. */
  private static Map<String, String> shipped() throws IOException {
    Map<String, String> texts = new TreeMap<>();
    for (String module :
        List.of(
            "native", "segments", "camera-core", "motion", "uploader", "master-sink", "daemon")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String name = ROOT.relativize(file).toString();
          if (name.contains("src/main/") && name.matches(".*\\.(java|js|html|css|yml|json|sql)")) {
            texts.put(name, Files.readString(file));
          }
        }
      }
    }
    assertThat(texts.size()).isGreaterThan(400);
    return texts;
  }

  private static Set<String> types(Pattern pattern, String under) throws IOException {
    Set<String> found = new TreeSet<>();
    shipped()
        .forEach(
            (name, text) -> {
              if (name.startsWith(under)
                  && name.endsWith(".java")
                  && pattern.matcher(text).find()) {
                found.add(name.replaceAll(".*/|\\.java$", ""));
              }
            });
    return found;
  }

  @Test
  void noShellIsCalledAndOneTypeStartsPrograms() throws Exception {
    assertThat(types(SHELL, "")).isEmpty();
    assertThat(types(CHILD, "")).containsExactly("RpicamProcess");
  }

  @Test
  void theMasterDialsOutFromTheseTypesOnly() throws Exception {
    assertThat(types(DIALS, "master-sink/"))
        .containsExactly(
            "HttpChannel", // webhook.url and ntfy.url of its configuration
            "MailChannel", // mail.host
            "MqttChannel", // mqtt.url
            "PostgresConfig", // index.url
            "Reach"); // an echo to the address that a camera came from
    assertThat(types(DIALS, "segments/s3/"))
        .containsExactly("AbruptSockets", "S3Http"); // store.endpoint
  }

  @Test
  void noRouteAndNoMessageOfAPersonTakesAnAddressToFetch() throws Exception {
    String routes =
        Files.readString(
            ROOT.resolve(
                "master-sink/src/main/resources/io/github/raspberryspy/sink/openapi.json"));
    assertThat(routes).doesNotContainPattern("\"(url|uri|host|server|endpoint|callback)\"");
    assertThat(CameraKeys.REMOTE.stream().map(ConfigKey::name))
        .noneMatch(key -> key.matches(".*(source|url|host|folder|file|token|key|server).*"));
  }

  @Test
  void noSecretIsBakedIn() throws Exception {
    Map<String, String> texts = shipped();
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      for (Path file : docs.filter(f -> f.toString().endsWith(".md")).toList()) {
        texts.put(ROOT.relativize(file).toString(), Files.readString(file));
      }
    }
    texts.put("README.md", Files.readString(ROOT.resolve("README.md")));
    texts.forEach(
        (name, text) ->
            assertThat(BAKED_IN.matcher(text).results().map(MatchResult::group))
                .as(name)
                .isEmpty());
    assertThat(BAKED_IN.matcher("token: \"Zm9vYmFyYmF6cXV4eA\"").find()).isTrue();
  }
}
