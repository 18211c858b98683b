package io.github.raspberryspy.upload.control;

import io.github.raspberryspy.segments.wire.LinkCodec;
import io.github.raspberryspy.segments.wire.LinkMessage;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.upload.UploaderConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One connection, from its handshake to its end. Sends are made by the thread {@code control} and
 * wait until the bytes are with the operating system; what comes in is heard on the client's
 * threads. A connection that gives no sign of life is dead, whatever TCP believes.
 */
final class LinkSession implements AutoCloseable {

  private static final int NORMAL_CLOSURE = 1000;
  private static final int SILENT_BEATS = 10;

  private final UploaderConfig config;
  private final Runnable wake;
  private final WebSocket socket;
  private volatile long heardNanos; // written by the client's threads, read by "control"
  private volatile String end; // why nothing more will come; null while it may
  private long pingedNanos;

  private LinkSession(UploaderConfig config, Runnable wake, CompletableFuture<WebSocket> opening)
      throws IOException, InterruptedException {
    this.config = config;
    this.wake = wake;
    this.socket = get(opening, "the connection", config.connectTimeout());
    this.heardNanos = System.nanoTime();
    this.pingedNanos = heardNanos;
  }

  /**
   * Connects.
   *
   * @param wake told when the connection ends from the other side
   * @throws IOException in one sentence, if it does not come about in time
   */
  static LinkSession open(HttpClient client, UploaderConfig config, Runnable wake)
      throws IOException, InterruptedException {
    URI http = config.address(Tus.LINK_PATH);
    URI address =
        URI.create(
            (http.getScheme().equals("https") ? "wss" : "ws")
                + http.toString().substring(http.getScheme().length()));
    Ears ears = new Ears();
    CompletableFuture<WebSocket> opening =
        client
            .newWebSocketBuilder()
            .header("Authorization", "Bearer " + config.credential().token())
            .connectTimeout(config.connectTimeout())
            .buildAsync(address, ears);
    try {
      LinkSession session = new LinkSession(config, wake, opening);
      ears.attach(session);
      return session;
    } catch (IOException | InterruptedException e) {
      ears.abandon();
      throw e;
    }
  }

  /** Sends a message, and returns once the operating system has it. */
  void send(LinkMessage message) throws IOException, InterruptedException {
    requireAlive();
    await(socket.sendText(LinkCodec.encode(message), true), "a message");
  }

  /** Asks for a sign of life when it is time, and complains when none came. */
  void keepAlive() throws IOException, InterruptedException {
    requireAlive();
    long now = System.nanoTime();
    if (now - heardNanos > silence().toNanos()) {
      throw new IOException("the master gave no sign of life for " + silence().toMillis() + " ms");
    }
    if (now - pingedNanos >= silence().toNanos() / 5) {
      pingedNanos = now;
      await(socket.sendPing(ByteBuffer.allocate(0)), "a ping");
    }
  }

  /** Says goodbye and waits a moment for the answer. */
  void closeNormally() throws InterruptedException {
    try {
      await(socket.sendClose(NORMAL_CLOSURE, ""), "the goodbye");
    } catch (IOException e) {
      end = "closed: " + e.getMessage();
    }
  }

  boolean isEnded() {
    return end != null;
  }

  /** Breaks the connection off. */
  @Override
  public void close() {
    socket.abort();
  }

  private void requireAlive() throws IOException {
    if (end != null) {
      throw new IOException("the master ended the link: " + end);
    }
  }

  private void await(CompletableFuture<WebSocket> sent, String what)
      throws IOException, InterruptedException {
    get(sent, what, silence());
  }

  /** How long nothing may move before the connection counts as dead. */
  private Duration silence() {
    return config.heartbeat().multipliedBy(SILENT_BEATS);
  }

  private static <T> T get(CompletableFuture<T> future, String what, Duration most)
      throws IOException, InterruptedException {
    try {
      return future.get(most.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new IOException(what + " took over " + most.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new IOException(what + " failed: " + reason(e.getCause()), e);
    }
  }

  private static String reason(Throwable failure) {
    Throwable e = failure instanceof CompletionException ? failure.getCause() : failure;
    if (e instanceof WebSocketHandshakeException handshake) {
      int status = handshake.getResponse().statusCode();
      return status == 401 || status == 403
          ? "the master does not accept this camera's token (status " + status + ")"
          : "the master answered with status " + status;
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private void heard() {
    heardNanos = System.nanoTime();
  }

  private void ended(String why) {
    end = why;
    wake.run();
  }

  /** Hears what comes in. It may open after nobody waits for it any more. */
  private static final class Ears implements WebSocket.Listener {
    private volatile LinkSession session; // set once by "control"
    private volatile boolean abandoned; // set once by "control"
    private volatile String early; // an end that came before the session was attached

    void attach(LinkSession to) {
      session = to;
      if (early != null) {
        to.ended(early);
      }
    }

    void abandon() {
      abandoned = true;
    }

    @Override
    public void onOpen(WebSocket socket) {
      if (abandoned) {
        socket.abort();
      } else {
        socket.request(1);
      }
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      return next(socket);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      return next(socket);
    }

    @Override
    public CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
      return next(socket);
    }

    @Override
    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
      return next(socket);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      end("closed with code " + code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      end(error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage());
    }

    private CompletionStage<?> next(WebSocket socket) {
      LinkSession to = session;
      if (to != null) {
        to.heard();
      }
      socket.request(1);
      return null;
    }

    private void end(String why) {
      early = why;
      LinkSession to = session;
      if (to != null) {
        to.ended(why);
      }
    }
  }
}
