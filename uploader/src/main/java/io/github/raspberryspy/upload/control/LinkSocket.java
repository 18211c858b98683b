package io.github.raspberryspy.upload.control;

import io.github.raspberryspy.upload.TlsParameters;
import io.github.raspberryspy.upload.UploaderConfig;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket from the client's side that holds no more of what comes than {@link #MOST_HEAD} of
 * the handshake's answer, {@link #MOST_CONTROL} of a control frame and {@link #MOST_TEXT} of a
 * text: the body of a refusal is not read, and binary messages are passed over. Written here since
 * the JDK's client reads a refusal whole, however long it is, and Java-WebSocket 1.6 keeps the head
 * of an answer, however long it is: either way whoever answers in the master's place could end the
 * program, and the recording with it.
 *
 * <p>One thread sends and another one receives; whoever closes it ends what both wait for. Source:
 * RFC 6455.
 */
final class LinkSocket implements Closeable {

  private static final Logger log = LoggerFactory.getLogger(LinkSocket.class);

  /** Of an answer to the handshake, in bytes. */
  static final int MOST_HEAD = 16 << 10;

  /** Of a message that is passed over, a frame, in bytes. */
  static final int MOST_FRAME = 64 << 10;

  /** Of a text, all of its frames together, in bytes. */
  static final int MOST_TEXT = 64 << 10;

  /** Of a ping, a pong or a close, in bytes. Source: RFC 6455 section 5.5. */
  static final int MOST_CONTROL = 125;

  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Socket raw;
  private final DataInputStream in;
  private final OutputStream out;
  private final ByteArrayOutputStream text = new ByteArrayOutputStream(); // as far as it has come
  private boolean isInText;

  private LinkSocket(Socket raw, Socket socket) throws IOException {
    this.raw = raw;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    this.out = socket.getOutputStream();
  }

  /**
   * A frame that came.
   *
   * @param opcode what it is
   * @param payload of a control frame, and of the last frame of a text all of that; else empty
   */
  record Frame(int opcode, ByteBuffer payload) {}

  /**
   * Connects.
   *
   * @param config where the master is, what is shown to it, and how long all of it may take, but
   *     for looking the name up
   * @param path of the WebSocket on the master
   * @throws IOException in one sentence, if it does not come about in time
   */
  static LinkSocket open(UploaderConfig config, String path) throws IOException {
    URI address = config.address(path);
    Duration most = config.connectTimeout();
    long deadline = System.nanoTime() + most.toNanos();
    Socket raw = new Socket();
    try {
      raw.setTcpNoDelay(true);
      raw.connect(socketAddress(address), left(deadline));
      Socket socket = raw;
      if (isSecure(address)) {
        raw.setSoTimeout(left(deadline));
        socket = secured(raw, address.getHost(), config);
      }
      LinkSocket link = new LinkSocket(raw, socket);
      link.shakeHands(address, config.token(), deadline);
      return link;
    } catch (SocketTimeoutException e) {
      raw.close();
      throw new IOException("the connection took over " + most.toMillis() + " ms", e);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  /** From now on the next byte has to come within this time, or {@link #receive} gives up. */
  void expectWithin(Duration time) throws IOException {
    raw.setSoTimeout((int) Math.min(time.toMillis(), Integer.MAX_VALUE));
  }

  private static boolean isSecure(URI address) {
    return address.getScheme().equalsIgnoreCase("https");
  }

  private static InetSocketAddress socketAddress(URI address) throws IOException {
    int standard = isSecure(address) ? 443 : 80;
    int port = address.getPort() < 0 ? standard : address.getPort();
    InetSocketAddress to = new InetSocketAddress(address.getHost(), port);
    if (to.isUnresolved()) {
      throw new UnknownHostException("there is no host of the name " + address.getHost());
    }
    return to;
  }

  private static Socket secured(Socket raw, String host, UploaderConfig config) throws IOException {
    SSLSocketFactory factory = config.tls().getSocketFactory();
    SSLSocket socket = (SSLSocket) factory.createSocket(raw, host, raw.getPort(), true);
    SSLParameters parameters = TlsParameters.ofCamera();
    if (config.pairing().isEmpty()) { // else the key says who it is
      parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the certificate is of this host
    }
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static int left(long deadline) throws SocketTimeoutException {
    long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (millis <= 0) {
      throw new SocketTimeoutException("the time is over");
    }
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }

  private void shakeHands(URI address, Optional<String> token, long deadline) throws IOException {
    byte[] nonce = new byte[16];
    RANDOM.nextBytes(nonce);
    String key = Base64.getEncoder().encodeToString(nonce);
    String request =
        "GET "
            + address.getRawPath()
            + " HTTP/1.1\r\nHost: "
            + address.getRawAuthority()
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: "
            + key
            + token.map(shown -> "\r\nAuthorization: Bearer " + shown).orElse("")
            + "\r\n\r\n";
    out.write(request.getBytes(StandardCharsets.US_ASCII));
    out.flush();
    HandshakeAnswer.parse(head(deadline)).requireAccepts(accept(key));
  }

  /** The answer up to its empty line. */
  private String head(long deadline) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
      if (head.length() == MOST_HEAD) {
        throw new IOException("the head of the answer is over " + MOST_HEAD + " bytes");
      }
      raw.setSoTimeout(left(deadline)); // a byte now and then buys no time
      int b = in.read();
      if (b < 0) {
        throw new EOFException("the master hung up before it had answered");
      }
      head.append((char) b);
    }
    return head.toString();
  }

  private static String accept(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return Base64.getEncoder()
          .encodeToString(sha1.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }

  /** Has the operating system hold no more than this of what is sent: what is old is no use. */
  void hold(int bytes) throws IOException {
    raw.setSendBufferSize(bytes);
  }

  /** Sends a frame of these parts, and returns once the operating system has it. */
  void send(int opcode, ByteBuffer... parts) throws IOException {
    int length = 0;
    for (ByteBuffer part : parts) {
      length += part.remaining();
    }
    ByteBuffer frame = ByteBuffer.allocate(length + 14).put((byte) (FINAL | opcode));
    if (length <= MOST_CONTROL) {
      frame.put((byte) (MASKED | length));
    } else if (length < 1 << 16) {
      frame.put((byte) (MASKED | 126)).putShort((short) length);
    } else {
      frame.put((byte) (MASKED | 127)).putLong(length);
    }
    byte[] mask = new byte[4];
    RANDOM.nextBytes(mask);
    frame.put(mask);
    int begin = frame.position();
    for (ByteBuffer part : parts) {
      frame.put(part);
    }
    byte[] bytes = frame.array();
    for (int i = 0; i < length; i++) {
      bytes[begin + i] ^= mask[i & 3];
    }
    out.write(bytes, 0, frame.position()); // in one call: small frames become one packet
    out.flush();
  }

  /**
   * Waits for a frame.
   *
   * @throws SocketTimeoutException if not even a byte of it comes in time
   * @throws IOException if there will be none, or it is not one that a server may send
   */
  Frame receive() throws IOException {
    int first = in.readUnsignedByte();
    int second = in.readUnsignedByte();
    int opcode = first & 0x0f;
    if ((first & 0x70) != 0 || (second & MASKED) != 0) {
      throw new IOException("the master sent what is no frame of a server");
    }
    long length = length(second);
    if (opcode >= CLOSE) {
      if (length > MOST_CONTROL || (first & FINAL) == 0) {
        throw new IOException(
            "the master sent a control frame of " + length + " bytes or in parts");
      }
      byte[] payload = new byte[(int) length];
      in.readFully(payload);
      return new Frame(opcode, ByteBuffer.wrap(payload));
    }
    if (length < 0 || length > MOST_FRAME) {
      throw new IOException("the master sent a frame of over " + MOST_FRAME + " bytes");
    }
    return message(opcode, (first & FINAL) != 0, (int) length);
  }

  private Frame message(int opcode, boolean isLast, int length) throws IOException {
    if (opcode == TEXT) {
      text.reset();
    }
    isInText = opcode == TEXT || (opcode == CONTINUATION && isInText);
    if (!isInText) {
      in.skipNBytes(length);
      return new Frame(opcode, ByteBuffer.allocate(0));
    }
    if (text.size() + length > MOST_TEXT) {
      throw new IOException("the master sent a text of over " + MOST_TEXT + " bytes");
    }
    byte[] part = new byte[length];
    in.readFully(part);
    text.writeBytes(part);
    if (!isLast) {
      return new Frame(CONTINUATION, ByteBuffer.allocate(0));
    }
    isInText = false;
    return new Frame(TEXT, ByteBuffer.wrap(text.toByteArray()));
  }

  private long length(int second) throws IOException {
    int length = second & 0x7f;
    return length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
  }

  /** Breaks the connection off, from any thread. */
  @Override
  public void close() {
    try {
      raw.close();
    } catch (IOException e) {
      log.debug("a connection did not close", e);
    }
  }
}
