package io.github.raspberryspy.upload.control;

import io.github.raspberryspy.segments.wire.LinkCodec;
import io.github.raspberryspy.segments.wire.LinkMessage;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.upload.UploaderConfig;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, from its handshake to its end. Sends are made by the thread {@code control} and
 * wait until the bytes are with the operating system; what comes in is heard on a thread of the
 * session's own, {@code control-ears}. A connection that gives no sign of life is dead, whatever
 * TCP believes; whoever finds that out breaks it off, which ends what the other thread waits for.
 */
final class LinkSession implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LinkSession.class);
  private static final int NORMAL_CLOSURE = 1000;
  private static final int SILENT_BEATS = 10;

  private final Duration silence;
  private final Runnable wake;
  private final Consumer<String> texts;
  private final LinkSocket socket;
  private final AtomicReference<ByteBuffer> ping =
      new AtomicReference<>(); // not answered yet, or null
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile long heardNanos; // written by the ears, read by "control"
  private volatile String end; // why nothing more will come, written by the ears; null while it may
  private long pingedNanos;
  private boolean saidGoodbye;
  private volatile boolean wasTold; // by a close frame, that nothing more will come

  private LinkSession(LinkSocket socket, Duration silence, Runnable wake, Consumer<String> texts) {
    this.socket = socket;
    this.silence = silence;
    this.wake = wake;
    this.texts = texts;
    this.heardNanos = System.nanoTime();
    this.pingedNanos = heardNanos;
  }

  /**
   * Connects.
   *
   * @param wake told when the connection ends from the other side, or has to be answered
   * @param texts told what the master says, on the ears' thread; must return soon
   * @throws IOException in one sentence, if it does not come about in time
   */
  static LinkSession open(UploaderConfig config, Runnable wake, Consumer<String> texts)
      throws IOException {
    LinkSocket socket = LinkSocket.open(config, Tus.LINK_PATH);
    Duration silence = config.heartbeat().multipliedBy(SILENT_BEATS);
    socket.expectWithin(silence);
    LinkSession session = new LinkSession(socket, silence, wake, texts);
    Thread ears = new Thread(session::hear, "control-ears");
    ears.setDaemon(true);
    ears.start();
    return session;
  }

  /** Sends a message, and returns once the operating system has it. */
  void send(LinkMessage message) throws IOException {
    requireAlive();
    send(LinkSocket.TEXT, StandardCharsets.UTF_8.encode(LinkCodec.encode(message)));
  }

  /** Gives a sign of life where the master wants one. */
  void answer() throws IOException {
    ByteBuffer asked = ping.getAndSet(null);
    if (asked != null) {
      send(LinkSocket.PONG, asked);
    }
  }

  /** Asks for a sign of life when it is time, and complains when none came. */
  void keepAlive() throws IOException {
    requireAlive();
    long now = System.nanoTime();
    if (now - heardNanos > silence.toNanos()) {
      throw new IOException(silent());
    }
    if (now - pingedNanos >= silence.toNanos() / 5) {
      pingedNanos = now;
      send(LinkSocket.PING, ByteBuffer.allocate(0));
    }
  }

  /** Says goodbye and waits a moment for the answer. */
  void closeNormally() throws IOException, InterruptedException {
    sayGoodbye();
    over.await(silence.toNanos(), TimeUnit.NANOSECONDS);
  }

  boolean isEnded() {
    return end != null;
  }

  /** Breaks the connection off; answers a goodbye first. */
  @Override
  public void close() {
    try {
      if (wasTold && !saidGoodbye) {
        sayGoodbye();
      }
    } catch (IOException e) {
      log.debug("the master did not wait for a goodbye", e);
    } finally {
      abort();
    }
  }

  /** Breaks the connection off, from any thread. */
  void abort() {
    socket.close();
  }

  private void sayGoodbye() throws IOException {
    saidGoodbye = true;
    send(LinkSocket.CLOSE, ByteBuffer.allocate(2).putShort((short) NORMAL_CLOSURE).flip());
  }

  private void requireAlive() throws IOException {
    if (end != null) {
      throw new IOException("the master ended the link: " + end);
    }
  }

  private void send(int opcode, ByteBuffer payload) throws IOException {
    try {
      socket.send(opcode, payload);
    } catch (IOException e) {
      throw new IOException("a message failed: " + (end == null ? e.getMessage() : end), e);
    }
  }

  private String silent() {
    return "the master gave no sign of life for " + silence.toMillis() + " ms";
  }

  private void hear() {
    try {
      while (true) {
        heard(socket.receive());
      }
    } catch (SocketTimeoutException e) {
      ended(silent());
    } catch (IOException | RuntimeException e) {
      ended(e.getMessage() == null ? "it hung up" : e.getMessage());
    } finally {
      abort(); // "control" may wait in a send
    }
  }

  private void heard(LinkSocket.Frame frame) {
    heardNanos = System.nanoTime();
    switch (frame.opcode()) {
      case LinkSocket.CLOSE -> {
        wasTold = true;
        ended("closed with code " + code(frame.payload()));
      }
      case LinkSocket.PING -> {
        ping.set(frame.payload());
        wake.run();
      }
      case LinkSocket.TEXT ->
          texts.accept(StandardCharsets.UTF_8.decode(frame.payload()).toString());
      default -> {}
    }
  }

  private void ended(String why) {
    if (end == null) {
      end = why;
    }
    over.countDown();
    wake.run();
  }

  /** Source: RFC 6455 section 7.1.5; 1005 where there is none. */
  private static int code(ByteBuffer payload) {
    return payload.remaining() < 2 ? 1005 : payload.getShort() & 0xffff;
  }
}
