package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.sink.Footage;
import io.github.raspberryspy.sink.TestBucket;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is made of a store that hangs up in the middle, or is another one all at once. */
@Timeout(120)
class BucketAnswersTest {

  private static final String VIDEO = "front/2026-11-23/a.mp4";

  @TempDir Path folder;
  private Store store;
  private BucketFiles files;

  @BeforeEach
  void open() throws IOException {
    store = new Store();
    URI address = URI.create("http://127.0.0.1:" + store.server.getLocalPort());
    files =
        BucketFiles.open(
            TestBucket.of(address, "s3://cctv", "kept-secret", false, folder), "an-id");
  }

  @AfterEach
  void close() throws IOException {
    files.close();
    store.close();
  }

  @Test
  void bytesThatAConnectionLeftOutAreNotMissingInTheObject() {
    assertThatThrownBy(() -> files.hash(VIDEO))
        .isInstanceOf(FootageAwayException.class)
        .hasMessage("the connection to bucket cctv of %s broke", store.authority());
    assertThatThrownBy(() -> files.read(VIDEO, 900)).isInstanceOf(FootageAwayException.class);
  }

  @Test
  void aVideoThatBreaksOffIsTheStoresFaultAndNotItsViewers() throws Exception {
    try (InputStream video =
        new StoredVideo(files, VIDEO, Store.ANNOUNCED).open(0, Store.ANNOUNCED)) {
      assertThatThrownBy(video::readAllBytes)
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.AWAY));
    }
  }

  @Test
  void whatWasReadInPartIsNotPlacedAnew() throws Exception {
    Path file = Files.write(folder.resolve("part"), new byte[Store.ANNOUNCED]);
    Content content = DurableFiles.hash(file);
    assertThatThrownBy(() -> files.place(file, VIDEO, content))
        .isInstanceOf(FootageAwayException.class);
    assertThat(store.requests).noneMatch(request -> request.startsWith("PUT"));
  }

  @Test
  void nothingIsDeletedInAnotherBucket() {
    store.owner = "another-id";
    await() // it was the right one a moment ago
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> files.delete(List.of(VIDEO)))
                    .isInstanceOf(FootageAwayException.class)
                    .hasMessageContaining("is not the one that was opened"));
    int deleted = deletions();
    assertThatThrownBy(() -> files.delete(List.of(VIDEO))).isInstanceOf(FootageAwayException.class);
    assertThat(deletions()).isEqualTo(deleted);
  }

  @Test
  void deletionsDoNotWaitOneAfterTheOtherForAStoreThatTakesNone() throws Exception {
    try (SegmentIndex index = SegmentIndex.open(folder.resolve("index.db"))) {
      for (int i = 0; i < 3; i++) {
        SegmentManifest manifest = Footage.clip("front", i, 500).manifest();
        String path = "front/2026-11-23/" + i + ".mp4";
        StoredSegment row = new StoredSegment(manifest, Instant.EPOCH, false, path);
        index.add(List.of(row));
        index.discard(row);
      }
      Disposal disposal = new Disposal(files, index, new SegmentLocks());
      disposal.collectAll();
      assertThat(deletions()).isOne();
      assertThat(index.garbage().all()).hasSize(3);
    }
  }

  private int deletions() {
    return (int) store.requests.stream().filter(r -> r.startsWith("DELETE")).count();
  }

  /** Says whose it is, hangs up in the middle of all else, and can delete nothing just now. */
  private static final class Store implements AutoCloseable {
    static final int ANNOUNCED = 1000;

    final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    final List<String> requests = new CopyOnWriteArrayList<>();
    volatile String owner = "an-id";

    Store() throws IOException {
      Thread thread = new Thread(this::serve, "half-store");
      thread.setDaemon(true);
      thread.start();
    }

    String authority() {
      return "127.0.0.1:" + server.getLocalPort();
    }

    private void serve() {
      while (!server.isClosed()) {
        try (Socket socket = server.accept()) {
          answer(socket);
        } catch (IOException e) {
          if (!server.isClosed()) {
            throw new UncheckedIOException(e);
          }
        }
      }
    }

    private void answer(Socket socket) throws IOException {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String request = String.valueOf(in.readLine());
      for (String line = in.readLine(); line != null && !line.isEmpty(); ) {
        line = in.readLine();
      }
      requests.add(request);
      OutputStream out = socket.getOutputStream();
      if (request.startsWith("DELETE")) {
        out.write(head("503 Slow Down", 0));
      } else if (request.contains("footage-id")) {
        out.write(head("200 OK", owner.length()));
        out.write(owner.getBytes(StandardCharsets.US_ASCII));
      } else {
        out.write(head("200 OK", ANNOUNCED));
        out.write(request.startsWith("GET") ? new byte[ANNOUNCED / 2] : new byte[0]);
      }
      out.flush();
      socket.shutdownOutput(); // an end in good order, and no reset
    }

    private static byte[] head(String status, int bytes) {
      String head =
          "HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: " + bytes + "\r\n\r\n";
      return head.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
