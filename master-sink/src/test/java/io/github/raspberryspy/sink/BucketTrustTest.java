package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.servers.S3Server;
import io.github.raspberryspy.sink.Footage.Clip;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a master believes of an object store, and what not: a real one whose answers are changed.
 */
@Timeout(120)
class BucketTrustTest {

  private static final Pattern CHECKSUM = Pattern.compile("(?i)x-amz-checksum-[^\r]*\r\n");

  @TempDir Path folder;
  private final Clip clip = Footage.recorded("front", 0, 3000);
  private final AtomicInteger readings = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private S3Server server;
  private HttpServer between;
  private volatile boolean checksHashes = true; // set by the test
  private volatile boolean loses; // likewise: keeps other bytes than it was sent

  @BeforeEach
  void startServers() throws IOException {
    server = S3Server.start(Files.createDirectory(folder.resolve("s3")), "cctv");
    between = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    between.createContext("/", this::serve);
    between.setExecutor(threads);
    between.start();
  }

  @AfterEach
  void stopServers() {
    if (server != null) {
      between.stop(0);
      server.close();
    }
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().toString();
      if (path.endsWith(".hash-check")) {
        byte[] error = latin("<Error><Code>BadDigest</Code></Error>");
        exchange.sendResponseHeaders(checksHashes ? 400 : 200, checksHashes ? error.length : -1);
        exchange.getResponseBody().write(error, 0, checksHashes ? error.length : 0);
        return;
      }
      boolean isVideo = path.endsWith(".mp4");
      String method = exchange.getRequestMethod();
      String answer = ask(exchange, path, body);
      if (isVideo && method.equals("PUT") && loses) {
        byte[] kept = Files.readAllBytes(object());
        kept[kept.length / 2] ^= 1;
        Files.write(object(), kept);
      }
      if (isVideo && method.equals("GET")) {
        readings.incrementAndGet();
      }
      answer(exchange, isVideo && method.equals("HEAD"), answer);
    }
  }

  /** Asks the real one with the very same headers, which are signed. */
  private String ask(HttpExchange exchange, String path, byte[] body) throws IOException {
    StringBuilder head = new StringBuilder(exchange.getRequestMethod() + " " + path);
    head.append(" HTTP/1.1\r\n");
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!name.equalsIgnoreCase("Connection")) {
                head.append(name).append(": ").append(values.get(0)).append("\r\n");
              }
            });
    try (Socket real = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      real.getOutputStream().write(latin(head + "Connection: close\r\n\r\n"));
      real.getOutputStream().write(body);
      return new String(real.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private void answer(HttpExchange exchange, boolean isHeadOfVideo, String answer)
      throws IOException {
    int end = answer.indexOf("\r\n\r\n") + 2;
    String head = CHECKSUM.matcher(answer.substring(0, end)).replaceAll("");
    Map<String, String> headers = new TreeMap<>();
    Matcher lines = Pattern.compile("\r\n([^:\r\n]+): *([^\r\n]*)").matcher(head);
    while (lines.find()) {
      headers.put(lines.group(1), lines.group(2));
    }
    int status = Integer.parseInt(head.substring(9, 12));
    if (isHeadOfVideo && status == 200) {
      headers.put(
          "x-amz-checksum-sha256",
          Base64.getEncoder().encodeToString(DurableFiles.sha256().digest(clip.bytes())));
    }
    byte[] body = latin(answer.substring(end + 2));
    headers.forEach(
        (name, value) -> {
          if (!name.equalsIgnoreCase("Connection") && !name.equalsIgnoreCase("Transfer-Encoding")) {
            exchange.getResponseHeaders().set(name, value);
          }
        });
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private Path object() {
    return server
        .bucket("cctv")
        .resolve("front/2026-11-23")
        .resolve(clip.manifest().name() + ".mp4");
  }

  private TestMaster master(boolean rereads) throws IOException {
    URI address = URI.create("http://127.0.0.1:" + between.getAddress().getPort());
    return TestMaster.start(
        folder.resolve("footage"),
        m -> {
          try {
            return m.minFreeBytes(0)
                .store(TestBucket.of(address, "s3://cctv", S3Server.SECRET_KEY, rereads, folder));
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }

  @Test
  void aHashThatTheStoreWasSeenToCheckIsProof() throws Exception {
    try (TestMaster master = master(false)) {
      master.camera("front").upload(clip);
    }
    assertThat(readings).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aStoreThatNamesTheRightHashOfOtherBytesIsFoundOut(boolean checks) throws Exception {
    checksHashes = checks;
    loses = true;
    try (TestMaster master = master(checks)) { // one that is believed is read again on demand
      TestCamera front = master.camera("front");
      String upload = front.begin(clip);
      front.fill(upload, clip, 1 << 20);
      assertThat(front.seal(upload, clip.manifest()).statusCode()).isEqualTo(500);
      assertThat(readings).hasValueGreaterThan(0);
      TestPerson person = new TestPerson(master.server());
      assertThat(person.get("/api/v1/segments").get("total").asInt()).isZero();

      loses = false;
      assertThat(front.seal(upload, clip.manifest()).statusCode()).isEqualTo(200);
      assertThat(object()).hasBinaryContent(clip.bytes());
    }
  }
}
