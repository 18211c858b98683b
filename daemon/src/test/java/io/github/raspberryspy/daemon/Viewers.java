package io.github.raspberryspy.daemon;

import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** People who watch a camera's live pictures, as programs. The first of them takes nothing. */
final class Viewers implements AutoCloseable {

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI camera;
  private final String cookie;
  private final Queue<WebSocket> sockets = new ConcurrentLinkedQueue<>();
  private final List<AtomicLong> messages = new ArrayList<>();
  private final Queue<String> lost = new ConcurrentLinkedQueue<>();

  /**
   * Connects them.
   *
   * @param camera address of its live pictures
   * @param cookie of a session
   */
  Viewers(int count, URI camera, String cookie) {
    this.camera = camera;
    this.cookie = cookie;
    for (int i = 0; i < count; i++) {
      AtomicLong seen = new AtomicLong();
      messages.add(seen);
      connect(new Viewer(i == 0, seen)).join();
    }
  }

  private CompletableFuture<Void> connect(Viewer viewer) {
    return client
        .newWebSocketBuilder()
        .header("Cookie", cookie)
        .buildAsync(camera, viewer)
        .thenAccept(sockets::add);
  }

  private final class Viewer implements WebSocket.Listener {
    private final boolean isSlow;
    private final AtomicLong seen;

    Viewer(boolean isSlow, AtomicLong seen) {
      this.isSlow = isSlow;
      this.seen = seen;
    }

    @Override
    public void onOpen(WebSocket socket) {
      socket.request(isSlow ? 1 : Long.MAX_VALUE);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer bytes, boolean isLast) {
      seen.addAndGet(isLast ? 1 : 0);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      lost.add("closed with " + code + " " + reason + " after " + seen);
      return null;
    }

    /**
     * Java's own client (17) loses its place in one of some hundred connections whose first frames
     * come together with the answer to its request: it comes anew, as a page does.
     */
    @Override
    public void onError(WebSocket socket, Throwable e) {
      if (e instanceof ProtocolException) {
        var unused = connect(this);
      } else {
        lost.add(e + " after " + seen);
      }
    }
  }

  /** How many messages the one who has seen least has seen, but for the slow one. */
  long leastSeen() {
    return messages.stream().skip(1).mapToLong(AtomicLong::get).min().orElseThrow();
  }

  /** What ended whose connections. */
  List<String> lost() {
    return List.copyOf(lost);
  }

  /** How many the slow one has seen. */
  long seenBySlowOne() {
    return messages.get(0).get();
  }

  @Override
  public void close() {
    sockets.forEach(WebSocket::abort);
  }
}
