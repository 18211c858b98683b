package io.github.raspberryspy.upload.control;

import io.github.raspberryspy.segments.wire.LiveCodec;
import io.github.raspberryspy.segments.wire.LiveMessage;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.upload.RetrySchedule;
import io.github.raspberryspy.upload.UploaderConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends live pictures to the master while somebody watches, on a connection of their own, so that
 * no heartbeat waits behind a picture. Where the link is slow its source passes pictures over.
 *
 * <p>Works on a thread of its own, {@code live-CAMERA}, from {@link #start} until {@link #close};
 * the source is read there. Thread-safe.
 */
public final class LiveUplink implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LiveUplink.class);
  private static final Duration JOIN = Duration.ofSeconds(5);
  private static final Duration GLANCE = Duration.ofMillis(500);
  private static final Duration SILENCE = Duration.ofMinutes(2);
  private static final int BINARY = 2;

  /** A picture that takes so many heartbeats to leave does not leave. */
  private static final int STUCK_BEATS = 3;

  /** The operating system holds no more than this on the way: what is old is no use. */
  private static final int HELD_BYTES = 256 << 10;

  private final UploaderConfig config;
  private final Supplier<Optional<LiveSource>> sources;
  private final Thread thread;
  private final Object sends = new Object(); // pictures and answers to pings
  private boolean wanted; // guarded by this, as are the next four
  private boolean closed;
  private long asks; // how often somebody wanted to watch
  private long sendingSince; // 0 while nothing is being sent
  private LinkSocket open;

  /**
   * Makes one that does nothing before {@link #start}.
   *
   * @param sources opens what is filmed now; empty where nothing is
   */
  public LiveUplink(String camera, UploaderConfig config, Supplier<Optional<LiveSource>> sources) {
    this.config = Objects.requireNonNull(config, "config");
    this.sources = Objects.requireNonNull(sources, "sources");
    this.thread = new Thread(this::run, "live-" + camera);
    this.thread.setDaemon(true);
  }

  /** Starts the thread. Once only. */
  public void start() {
    thread.start();
  }

  /**
   * Says whether somebody watches. Who says so again is not kept waiting by what came before: a
   * pause ends, and so does a connection over which nothing goes. Never blocks.
   */
  public void watch(boolean on) {
    boolean isStuck;
    synchronized (this) {
      wanted = on;
      asks += on ? 1 : 0;
      isStuck = sendingSince != 0 && System.nanoTime() - sendingSince > stuckNanos();
      notifyAll();
    }
    if (!on || isStuck) {
      hangUp();
    }
  }

  private long stuckNanos() {
    return config.heartbeat().toNanos() * STUCK_BEATS;
  }

  /** Hangs up and ends the thread, within 5 s. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    hangUp();
    try {
      thread.join(JOIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void hangUp() {
    LinkSocket socket;
    synchronized (this) {
      socket = open;
    }
    if (socket != null) {
      socket.close();
    }
  }

  private synchronized boolean isWanted() {
    return wanted && !closed;
  }

  private void run() {
    RetrySchedule pauses = config.retrySchedule();
    try {
      while (awaitWanted()) {
        long askedBefore = asks();
        try {
          serve(pauses);
        } catch (IOException | RuntimeException e) {
          log.debug("live pictures do not reach {}", config.master(), e);
          pause(pauses.next(), askedBefore);
        }
      }
    } catch (InterruptedException e) {
      log.warn("the thread {} was interrupted; it ends", thread.getName());
    }
  }

  private synchronized boolean awaitWanted() throws InterruptedException {
    while (!wanted && !closed) {
      wait();
    }
    return !closed;
  }

  private synchronized long asks() {
    return asks;
  }

  /** Waits, unless somebody has asked since. */
  private synchronized void pause(Duration time, long askedBefore) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toMillis(); left > 0 && !closed && asks == askedBefore; ) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
  }

  private void serve(RetrySchedule pauses) throws IOException, InterruptedException {
    try (LinkSocket socket = LinkSocket.open(config, Tus.LIVE_PATH)) {
      pauses.reset();
      synchronized (this) {
        open = socket;
      }
      socket.hold(HELD_BYTES);
      socket.expectWithin(SILENCE);
      Thread ears = new Thread(() -> hear(socket), thread.getName() + "-ears");
      ears.setDaemon(true);
      ears.start();
      while (isWanted()) {
        sendSource(socket);
      }
    } catch (IOException e) {
      if (isWanted()) {
        throw e;
      }
    } finally {
      synchronized (this) {
        open = null;
      }
    }
  }

  /** One run of the camera. */
  private void sendSource(LinkSocket socket) throws IOException, InterruptedException {
    Optional<LiveSource> opened = sources.get();
    if (opened.isEmpty()) {
      pause(GLANCE, asks());
      return;
    }
    try (LiveSource source = opened.get()) {
      while (isWanted() && !source.isEnded()) {
        Optional<LiveMessage> message = source.next(GLANCE);
        if (message.isPresent()) {
          send(socket, message.get());
        }
      }
    }
  }

  private void send(LinkSocket socket, LiveMessage message) throws IOException {
    sending(true);
    try {
      synchronized (sends) {
        socket.send(BINARY, LiveCodec.head(message), message.payload().duplicate());
      }
    } finally {
      sending(false);
    }
  }

  private synchronized void sending(boolean begins) {
    sendingSince = begins ? System.nanoTime() : 0;
  }

  /** Answers pings. Who hangs up ends the connection; whether somebody watches the link says. */
  private void hear(LinkSocket socket) {
    try {
      while (true) {
        LinkSocket.Frame frame = socket.receive();
        if (frame.opcode() == LinkSocket.CLOSE) {
          return;
        }
        if (frame.opcode() == LinkSocket.PING) {
          ByteBuffer asked = frame.payload();
          synchronized (sends) {
            socket.send(LinkSocket.PONG, asked);
          }
        }
      }
    } catch (IOException e) {
      log.debug("the live connection ended", e);
    } finally {
      socket.close(); // a send may wait in it
    }
  }
}
