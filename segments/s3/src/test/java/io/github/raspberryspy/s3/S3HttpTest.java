package io.github.raspberryspy.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.segments.Needed;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against stores that take nothing more, or take their time. */
@Timeout(120)
class S3HttpTest {

  private static final int BYTES = 32 << 20; // more than two sockets hold
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path folder;
  private final AtomicLong now = new AtomicLong();
  private final AtomicLong read = new AtomicLong();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private ServerSocket server;
  private S3Http http;

  @AfterEach
  void close() throws IOException {
    if (server != null) {
      server.close();
    }
    if (http != null) {
      http.close();
    }
    threads.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStoreThatTakesNothingMoreDoesNotHoldTheThreadThatSends(boolean tls) throws Exception {
    CompletableFuture<Socket> silent = new CompletableFuture<>();
    S3Objects objects = to(tls, socket -> silent.complete(socket));
    S3Parts parts = new S3Parts(this::zeros, BYTES, BYTES);
    long hashed = read.get();
    Future<Boolean> sending =
        threads.submit(() -> objects.work(() -> objects.send("a", "video/mp4", parts, n -> {})));
    try (Socket socket = silent.get(30, TimeUnit.SECONDS)) {
      assertThat(socket.isConnected()).isTrue();
      awaitStandstill(hashed + (tls ? 0 : BYTES)); // without TLS, the signature has a hash too

      now.addAndGet(PATIENCE.toNanos() - 1);
      http.look();
      assertThat(sending).isNotDone();

      now.addAndGet(1);
      http.look();
      assertThatThrownBy(() -> sending.get(20, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOfSatisfying(
              S3Failure.class, e -> assertThat(e.kind()).isEqualTo(S3Failure.Kind.AWAY))
          .hasMessage(
              "bucket cctv of localhost:%d took nothing more for 30 s", server.getLocalPort());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneThatGoesOnTakingIsWaitedForHoweverLongItTakes(boolean tls) throws Exception {
    S3Objects objects = to(tls, S3HttpTest::takeAll);
    S3Parts parts =
        new S3Parts(
            (at, n) -> {
              now.addAndGet(PATIENCE.toNanos() - 1);
              if (http != null) {
                http.look();
              }
              return ByteBuffer.allocate(n);
            },
            BYTES,
            BYTES);
    assertThat(objects.work(() -> objects.send("a", "video/mp4", parts, n -> {}))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"500 Internal Server Error", "200 OK"})
  void anAnswerWithoutAnEndIsCutOff(String status) throws Exception {
    AtomicLong sent = new AtomicLong();
    S3Objects objects = to(false, socket -> talkOn(socket, status, sent));

    assertThatThrownBy(
            () ->
                objects.work(
                    () -> {
                      objects.write("a", "text/plain", new byte[0], false);
                      return objects.client().listObjectsV2(r -> r.bucket(objects.bucket()));
                    }))
        .isInstanceOf(S3Failure.class);
    assertThat(sent.get()).isLessThan(64 << 20); // two answers, and what two sockets hold
  }

  private static void talkOn(Socket socket, String status, AtomicLong sent) {
    try (socket) {
      InputStream in = socket.getInputStream();
      for (int last = 0, n = in.read(); n >= 0 && last < 2; n = last < 2 ? in.read() : 0) {
        last = n == '\n' ? last + 1 : n == '\r' ? last : 0;
      }
      OutputStream out = socket.getOutputStream();
      String head = "HTTP/1.1 " + status + "\r\nContent-Type: application/xml\r\n\r\n<Error><Code>";
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      byte[] piece = new byte[64 << 10];
      Arrays.fill(piece, (byte) 'x');
      while (true) {
        out.write(piece);
        sent.addAndGet(piece.length);
      }
    } catch (IOException e) {
      assertThat(e).as("it hung up").isNotNull();
    }
  }

  @Test
  void whatIsWaitedForHereIsNotTheStoresFault() throws Exception {
    S3Objects objects = to(false, S3HttpTest::takeAll);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch given = new CountDownLatch(1);
    S3Parts parts =
        new S3Parts(
            (at, n) -> {
              if (at == 0 && read.getAndIncrement() > 0) { // not when it is hashed
                asked.countDown();
                awaitLatch(given);
              }
              return ByteBuffer.allocate(n);
            },
            1000,
            BYTES);
    Future<Boolean> sending =
        threads.submit(() -> objects.work(() -> objects.send("a", "video/mp4", parts, n -> {})));
    awaitLatch(asked);
    now.addAndGet(PATIENCE.toNanos() * 100);
    http.look();
    given.countDown();
    assertThat(sending.get(20, TimeUnit.SECONDS)).isTrue();
  }

  private static void awaitLatch(CountDownLatch latch) throws IOException {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private ByteBuffer zeros(long at, int bytes) {
    read.addAndGet(bytes);
    return ByteBuffer.allocate(bytes);
  }

  /** Until nothing more fits into the sockets. */
  private void awaitStandstill(long before) {
    await().atMost(30, TimeUnit.SECONDS).until(() -> read.get() > before);
    AtomicLong last = new AtomicLong(-1);
    await()
        .pollInterval(Duration.ofMillis(500))
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> last.getAndSet(read.get()) == read.get());
    assertThat(read).hasValueLessThan(before + BYTES);
  }

  private interface Serving {
    void serve(Socket socket) throws IOException;
  }

  private static void takeAll(Socket socket) throws IOException {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.read());
      }
      String length = head.toString().replaceAll("(?is).*content-length: *(\\d+).*", "$1");
      in.skipNBytes(Integer.parseInt(length));
      String answer = "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 0\r\n\r\n";
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      in.read(); // until the other side has gone
    }
  }

  private S3Objects to(boolean tls, Serving serving) throws Exception {
    SSLContext trust = tls ? secrets() : null;
    server =
        tls
            ? trust
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getByName("localhost"))
            : new ServerSocket(0, 1, InetAddress.getByName("localhost"));
    var unused =
        threads.submit(
            () -> {
              Socket socket = server.accept();
              if (socket instanceof SSLSocket secured) {
                secured.startHandshake();
              }
              serving.serve(socket);
              return socket;
            });
    http =
        tls
            ? new S3Http(PATIENCE, PATIENCE, now::get, trust::getSocketFactory)
            : new S3Http(PATIENCE, PATIENCE, now::get);
    URI endpoint = URI.create((tls ? "https" : "http") + "://localhost:" + server.getLocalPort());
    return new S3Objects(bucket(endpoint), http, "camera");
  }

  private S3Bucket bucket(URI endpoint) throws IOException {
    Path key = folder.resolve("key");
    Files.createFile(
        key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(key, "camera:secret");
    return S3Bucket.of(
        URI.create("s3://cctv"),
        Optional.of(endpoint),
        S3Bucket.REGION,
        S3Bucket.Access.read(key),
        false);
  }

  /** A certificate of localhost, and trust in it. */
  private SSLContext secrets() throws Exception {
    Path file = folder.resolve("keys");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Needed.require(Files.exists(keytool), "keytool");
    String command = "-genkeypair -alias a -keyalg EC -dname CN=localhost -storetype PKCS12";
    List<String> words = new ArrayList<>(List.of(keytool.toString()));
    words.addAll(List.of(command.split(" ")));
    words.addAll(List.of("-storepass", new String(PASSWORD), "-keystore", file.toString()));
    Process process = new ProcessBuilder(words).inheritIO().start();
    assertThat(process.waitFor()).isZero();
    KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
