package io.github.raspberryspy.upload.control;

import io.github.raspberryspy.segments.wire.LinkCodec;
import io.github.raspberryspy.segments.wire.LinkMessage;
import io.github.raspberryspy.segments.wire.LiveCodec;
import io.github.raspberryspy.segments.wire.LiveMessage;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLServerSocket;

/** The master's end of the control link, on raw sockets (RFC 6455), which misbehaves on cue. */
final class FakeLink implements Closeable {

  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  final List<LinkMessage> messages = new CopyOnWriteArrayList<>();
  final List<LiveMessage> pictures = new CopyOnWriteArrayList<>();
  final List<Integer> lengths = new CopyOnWriteArrayList<>();
  final List<String> heads = new CopyOnWriteArrayList<>();
  final List<Integer> closes = new CopyOnWriteArrayList<>();
  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger pings = new AtomicInteger();

  /** Status of the handshake; 101 is the right one, 0 never answers. */
  volatile int status = 101;

  /** Whether pings are answered. */
  volatile boolean answersPings = true;

  /** Whether anything is read at all after the handshake. */
  volatile boolean reads = true;

  /** What it sends without an end, in place of an answer or after it. */
  enum Pour {
    NOTHING(""),
    BODY("HTTP/1.1 403 No\r\n\r\n"),
    SIZED_BODY("HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000000\r\n\r\n"),
    HEAD("HTTP/1.1 101 Switching Protocols\r\nX-A: "),
    INTERIM("HTTP/1.1 100 Continue\r\n"),
    TEXT_FRAME("\u0081\u007f@\0\0\0\0\0\0\0"),
    PING_FRAME("\u0089\u007f@\0\0\0\0\0\0\0");

    private final String begin;

    Pour(String begin) {
      this.begin = begin;
    }

    boolean isAfterHandshake() {
      return this == TEXT_FRAME || this == PING_FRAME;
    }
  }

  /** What it pours; no more than {@link #MOST_POURED} bytes of it. */
  volatile Pour pour = Pour.NOTHING;

  static final long MOST_POURED = 256L << 20;

  /** Bytes that one connection took, beginning with the last of them that was poured into. */
  final AtomicLong poured = new AtomicLong();

  /** Connections that were poured into, and ended. */
  final AtomicInteger fled = new AtomicInteger();

  /**
   * What the handshake's answer says, but for its status line; empty where it is as it has to be.
   */
  volatile String handshake = "";

  final AtomicInteger pongs = new AtomicInteger();

  /** Hangs up after so many messages of a connection. */
  volatile int mostMessages = Integer.MAX_VALUE;

  private final CountDownLatch closed = new CountDownLatch(1);
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  FakeLink() throws IOException {
    this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
  }

  FakeLink(ServerSocket server) {
    this.server = server;
    daemon(this::accept);
  }

  URI uri() {
    return URI.create(
        (server instanceof SSLServerSocket ? "https" : "http")
            + "://127.0.0.1:"
            + server.getLocalPort());
  }

  int openConnections() {
    return open.size();
  }

  void cutAll() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
  }

  /** Sends a text that no version knows, in two frames, and a ping. */
  void chatter() throws IOException {
    for (Socket socket : open) {
      OutputStream out = socket.getOutputStream();
      out.write(new byte[] {1, 2, '{', '"', (byte) 0x80, 1, '}', (byte) 0x89, 0});
      out.flush();
    }
  }

  /** Sends a text, in frames of so many bytes. */
  void say(String text, int most) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (Socket socket : open) {
      OutputStream out = socket.getOutputStream();
      for (int at = 0; at < bytes.length; at += most) {
        int length = Math.min(most, bytes.length - at);
        boolean isLast = at + length == bytes.length;
        out.write((isLast ? 128 : 0) | (at == 0 ? TEXT : 0));
        out.write(126);
        out.write(length >> 8);
        out.write(length);
        out.write(bytes, at, length);
      }
      out.flush();
    }
  }

  <T extends LinkMessage> List<T> heard(Class<T> type) {
    synchronized (messages) {
      return messages.stream().filter(type::isInstance).map(type::cast).toList();
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    cutAll();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        daemon(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      OutputStream out = socket.getOutputStream();
      String head = head(in);
      heads.add(head);
      if (pour != Pour.NOTHING && !pour.isAfterHandshake()) {
        pour(out);
        return;
      }
      if (status == 0) {
        in.read();
        return;
      }
      connections.incrementAndGet();
      if (status != 101) {
        write(out, "HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n");
        return;
      }
      if (!handshake.isEmpty()) {
        write(out, "HTTP/1.1 101 Switching Protocols\r\n" + handshake + "\r\n\r\n");
        in.read();
        return;
      }
      write(
          out,
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Accept: "
              + accept(head)
              + "\r\n\r\n");
      if (pour.isAfterHandshake()) {
        pour(out);
        return;
      }
      frames(in, out);
    } catch (IOException e) {
      return;
    } finally {
      open.remove(socket);
    }
  }

  private void pour(OutputStream out) throws IOException {
    byte[] more = new byte[64 << 10];
    poured.set(0);
    try {
      write(out, pour.begin);
      while (poured.get() < MOST_POURED) {
        out.write(more);
        poured.addAndGet(more.length);
      }
    } finally {
      fled.incrementAndGet();
    }
  }

  /** Says goodbye on each connection. */
  void goAway() throws IOException {
    for (Socket socket : open) {
      frame(socket.getOutputStream(), CLOSE, new byte[] {3, (byte) 0xe9});
    }
  }

  private void frames(DataInputStream in, OutputStream out) throws IOException {
    int count = 0;
    while (reads && count < mostMessages) {
      int opcode = in.readUnsignedByte() & 15;
      byte[] body = body(in);
      switch (opcode) {
        case TEXT -> {
          lengths.add(body.length);
          messages.add(LinkCodec.decode(new String(body, StandardCharsets.UTF_8)));
          count++;
        }
        case BINARY -> pictures.add(LiveCodec.decode(ByteBuffer.wrap(body)));
        case PING -> {
          pings.incrementAndGet();
          if (answersPings) {
            frame(out, PONG, body);
          }
        }
        case PONG -> pongs.incrementAndGet();
        case CLOSE -> {
          closes.add(body.length < 2 ? 0 : ((body[0] & 255) << 8) | (body[1] & 255));
          frame(out, CLOSE, body);
          return;
        }
        default -> {}
      }
    }
    if (!reads) {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static byte[] body(DataInputStream in) throws IOException {
    int length = in.readUnsignedByte() & 127;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = Math.toIntExact(in.readLong());
    }
    byte[] mask = in.readNBytes(4);
    byte[] body = in.readNBytes(length);
    for (int i = 0; i < body.length; i++) {
      body[i] ^= mask[i % 4];
    }
    return body;
  }

  private static void frame(OutputStream out, int opcode, byte[] body) throws IOException {
    out.write(128 | opcode);
    out.write(body.length);
    out.write(body);
    out.flush();
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private static String head(DataInputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString();
  }

  private static String accept(String head) {
    String key = head.replaceAll("(?is).*sec-websocket-key: *([^\r]*).*", "$1");
    try {
      byte[] sha1 =
          MessageDigest.getInstance("SHA-1")
              .digest(
                  (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                      .getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(sha1);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "fake-link");
    thread.setDaemon(true);
    thread.start();
  }
}
