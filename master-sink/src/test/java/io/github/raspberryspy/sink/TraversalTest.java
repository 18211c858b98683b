package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.sink.Footage.Clip;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten thousand ways to leave the footage folder, in every place where somebody may name something:
 * the parts of all routes' paths, their queries, and what cameras say of uploads. They come over
 * real HTTP, as an owner, a camera and a stranger.
 */
@Timeout(120)
class TraversalTest {

  private static final int PAYLOADS = 10_000;
  private static final String CANARY = "what lies outside, 7b0c44f1";
  private static final String ID = "front-0a1b2c3d-r1-000001";

  private static final List<String> UPS =
      List.of(
          "..",
          "../",
          "..\\",
          "%2e%2e",
          "%2E%2e/",
          "%2e%2e%2f",
          "..%2f",
          "..%5c",
          "%252e%252e",
          "%252e%252e%252f",
          "..;",
          "..;/",
          "..%00",
          "..%0d%0a",
          "%c0%ae%c0%ae",
          "%c0%ae%c0%ae/",
          "%e0%80%ae%e0%80%ae",
          "%uff0e%uff0e",
          "\uff0e\uff0e",
          "\u2025",
          "....//",
          ". .",
          ".%09.",
          "%2e%2e%c0%af",
          "..%ef%bc%8f",
          "//",
          "./",
          "%2f%2f",
          "\\\\");
  private static final List<String> FRONTS =
      List.of(
          "", "", "/", "%2f", "\\", "file://", "file:///", "C:\\", "~/", "%00", "front/", ID + "/");
  private static final List<String> ENDS =
      List.of("", "", "%00", "%00.mp4", ".mp4", ".json", "/", "?", ";x=y", "%23", ".", " ", "%20");

  @TempDir Path root;

  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private TestMaster master;
  private String cookie;
  private String bearer;

  @BeforeEach
  void start() throws Exception {
    Files.createDirectory(root.resolve("outside"));
    Files.writeString(root.resolve("outside/secret.txt"), CANARY);
    master = TestMaster.start(root.resolve("footage"));
    cookie = "Cookie: " + new TestPerson(master.server()).cookie() + "\r\nX-RaspberrySpy: 1\r\n";
    TestCamera front = master.camera("front");
    bearer = "Authorization: Bearer " + front.credential().token() + "\r\n";
    front.upload(Footage.clip("front", 1, 500));
  }

  @AfterEach
  void stop() {
    master.close();
  }

  @Test
  void nothingOutsideIsReadOrWritten() throws Exception {
    List<Function<String, byte[]>> places = places();
    assertThat(places.size()).isGreaterThan(60);
    Map<String, Long> before = files();
    Random random = new Random(20_261_128);
    List<String> payloads = Stream.generate(() -> payload(random)).limit(PAYLOADS).toList();
    AtomicInteger answers = new AtomicInteger();
    IntStream.range(0, PAYLOADS)
        .parallel()
        .forEach(
            i -> {
              tryOut(places.get(i % places.size()).apply(payloads.get(i)));
              answers.incrementAndGet();
            });
    assertThat(wrong).isEmpty();
    assertThat(answers).hasValue(PAYLOADS);
    assertThat(files()).isEqualTo(before);
    assertThat(Files.readString(root.resolve("outside/secret.txt"))).isEqualTo(CANARY);
  }

  private String payload(Random random) {
    StringBuilder path = new StringBuilder(pick(FRONTS, random));
    int depth = random.nextInt(1, 12);
    for (int i = 0; i < depth; i++) {
      path.append(pick(UPS, random));
      if (random.nextBoolean()) {
        path.append(pick(List.of("/", "/", "%2f", "\\", "%5c", ""), random));
      }
    }
    if (random.nextInt(50) == 0) {
      path.append("a/../".repeat(random.nextInt(100, 900)));
    }
    List<String> targets =
        List.of(
            "outside/secret.txt",
            "secret.txt",
            root.resolve("outside/secret.txt").toString(),
            "etc/passwd",
            ".raspberryspy/secret",
            ".raspberryspy/index.db",
            "index.html",
            ID);
    return path.append(pick(targets, random)).append(pick(ENDS, random)).toString();
  }

  private static String pick(List<String> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }

  /** Every place that the description of the interface names, and those that it cannot. */
  private List<Function<String, byte[]>> places() throws Exception {
    List<Function<String, byte[]>> places = new ArrayList<>();
    JsonNode paths;
    try (InputStream in = TraversalTest.class.getResourceAsStream("openapi.json")) {
      paths = new ObjectMapper().readTree(in).get("paths");
    }
    for (Map.Entry<String, JsonNode> path : paths.properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        if (method.getValue().has("responses")) {
          places.addAll(
              places(method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()));
        }
      }
    }
    places.add(p -> request("GET", "/" + p, "", ""));
    places.add(p -> request("GET", "/js/" + p, "", ""));
    places.add(p -> claim("id " + base64(p)));
    places.add(p -> claim("id " + base64(ID) + ",filename " + base64(p) + ",sha256 " + base64(p)));
    String upload = master.camera("front").begin(Footage.clip("front", 2, 500));
    Clip clip = Footage.clip("front", 2, 500);
    String manifest = new String(ManifestCodec.encode(clip.manifest()), StandardCharsets.UTF_8);
    for (String field : List.of("\"front\"", "\"" + clip.manifest().id() + "\"")) {
      places.add(
          p ->
              request(
                  "PUT",
                  upload + "/manifest",
                  bearer + Tus.RESUMABLE + ": " + Tus.VERSION + "\r\n",
                  manifest.replace(field, "\"" + p.replace("\\", "\\\\") + "\"")));
    }
    return places;
  }

  private List<Function<String, byte[]>> places(String verb, String path, JsonNode method) {
    List<Function<String, byte[]>> places = new ArrayList<>();
    boolean isOfCameras = method.get("security").toString().contains("camera");
    String who = isOfCameras ? bearer + Tus.RESUMABLE + ": " + Tus.VERSION + "\r\n" : cookie;
    if (path.contains("{")) {
      places.add(p -> request(verb, path.replaceAll("\\{\\w+}", quoted(p)), who, ""));
    }
    for (JsonNode parameter : method.path("parameters")) {
      if (parameter.get("in").asText().equals("query")) {
        String bare = path.replaceAll("\\{\\w+}", "front");
        places.add(
            p -> request(verb, bare + "?" + parameter.get("name").asText() + "=" + p, who, ""));
      }
    }
    JsonNode body = method.at("/requestBody/content/application~1json/schema/properties");
    body.fieldNames()
        .forEachRemaining(
            name ->
                places.add(
                    p ->
                        request(
                            verb,
                            path.replaceAll("\\{\\w+}", "front"),
                            who,
                            "{\"" + name + "\":\"" + p.replace("\\", "\\\\") + "\"}")));
    return places;
  }

  private static String quoted(String replacement) {
    return Matcher.quoteReplacement(replacement);
  }

  private byte[] claim(String metadata) {
    return request(
        "POST",
        Tus.PATH,
        bearer
            + Tus.RESUMABLE
            + ": "
            + Tus.VERSION
            + "\r\n"
            + Tus.LENGTH
            + ": 500\r\n"
            + Tus.METADATA
            + ": "
            + metadata
            + "\r\n",
        "");
  }

  private byte[] request(String method, String path, String headers, String body) {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    byte[] head =
        (method
                + " "
                + path
                + " HTTP/1.1\r\nHost: "
                + master.url().getAuthority()
                + "\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
                + content.length
                + "\r\n"
                + headers
                + "\r\n")
            .getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[head.length + content.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(content, 0, all, head.length, content.length);
    return all;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private void tryOut(byte[] request) {
    String asked = new String(request, StandardCharsets.UTF_8);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), master.url().getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request);
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      if (answer.contains(CANARY)
          || answer.contains("root:x:")
          || answer.contains("SQLite format")
          || !answer.matches("(?s)HTTP/1.1 [234].*")) {
        wrong.add(asked.lines().findFirst().orElse("") + " -> " + answer.lines().findFirst());
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("reset")) { // refused before all was read
        wrong.add(asked.lines().findFirst().orElse("") + " -> " + e);
      }
    }
  }

  /** Their sizes, but of the master's own notes; uploads under way have names that it drew. */
  private Map<String, Long> files() throws IOException {
    Set<String> own = Set.of("index.db", "index.db-wal", "index.db-shm");
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !own.contains(file.getFileName().toString()))
          .filter(file -> !file.toString().matches(".*/incoming/[A-Za-z0-9_-]{43}\\.\\w+"))
          .collect(
              Collectors.toMap(
                  file -> root.relativize(file).toString(),
                  file -> file.toFile().length(),
                  (a, b) -> a,
                  TreeMap::new));
    }
  }
}
