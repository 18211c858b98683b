package io.github.raspberryspy.upload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * SFTP, version 3, over the streams of a channel: what is needed to bring files and to prove that
 * they are there. Unlike the SFTP of the SSH library it makes files durable, asks for hashes, and
 * renames without writing over what is there. Requests for many bytes are under way at once. For
 * one thread; holds no more than the packets under way.
 *
 * <p>Source: draft-ietf-secsh-filexfer-02; check-file: draft-ietf-secsh-filexfer-extensions-00,
 * section 3; {@code fsync@openssh.com} and {@code statvfs@openssh.com}: PROTOCOL of OpenSSH.
 */
final class Sftp {

  static final int READ = 0x01;
  static final int WRITE = 0x02;
  static final int CREATE = 0x08;
  static final int TRUNCATE = 0x10;

  private static final int VERSION = 3;

  /** Data of a packet: what every server takes. */
  private static final int PIECE = 32 << 10;

  private static final int LONGEST_PACKET = 1 << 20;

  private static final int FXP_INIT = 1;
  private static final int FXP_VERSION = 2;
  private static final int FXP_OPEN = 3;
  private static final int FXP_CLOSE = 4;
  private static final int FXP_READ = 5;
  private static final int FXP_WRITE = 6;
  private static final int FXP_REMOVE = 13;
  private static final int FXP_MKDIR = 14;
  private static final int FXP_STAT = 17;
  private static final int FXP_RENAME = 18;
  private static final int FXP_STATUS = 101;
  private static final int FXP_HANDLE = 102;
  private static final int FXP_DATA = 103;
  private static final int FXP_ATTRS = 105;
  private static final int FXP_EXTENDED = 200;
  private static final int FXP_EXTENDED_REPLY = 201;
  private static final int ATTR_SIZE = 0x01;

  private static final String FSYNC = "fsync@openssh.com";
  private static final String STATVFS = "statvfs@openssh.com";
  private static final String CHECK_FILE = "check-file";
  private static final String CHECK_FILE_HANDLE = "check-file-handle";

  private final DataInputStream in;
  private final OutputStream out;
  private final Map<String, String> extensions = new HashMap<>();
  private int lastId;
  private volatile boolean isWaiting; // for the server, on the thread that asks
  private volatile long waitingSince; // likewise

  private record Answer(int type, int id, ByteBuffer body) {}

  private record Span(int from, int length) {}

  /** Builds one request. */
  private final class Request {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream data = new DataOutputStream(bytes);
    private final int id = ++lastId;

    Request(int type) throws IOException {
      data.writeInt(0); // the length, known at the end
      data.writeByte(type);
      data.writeInt(id);
    }

    Request text(String text) throws IOException {
      return block(text.getBytes(UTF_8));
    }

    Request block(byte[] block) throws IOException {
      data.writeInt(block.length);
      data.write(block);
      return this;
    }

    Request number(int number) throws IOException {
      data.writeInt(number);
      return this;
    }

    Request number64(long number) throws IOException {
      data.writeLong(number);
      return this;
    }

    int send() throws IOException {
      byte[] packet = bytes.toByteArray();
      ByteBuffer.wrap(packet).putInt(packet.length - Integer.BYTES);
      await();
      out.write(packet);
      isWaiting = false;
      return id;
    }

    Answer ask() throws IOException {
      send();
      out.flush();
      Answer answer = receive();
      if (answer.id != id) {
        throw new IOException("the server answers another request");
      }
      return answer;
    }
  }

  /** Greets the server over the streams of a channel. */
  Sftp(InputStream in, OutputStream out) throws IOException {
    this.in = new DataInputStream(in);
    this.out = out;
    ByteBuffer hello = ByteBuffer.allocate(9).putInt(5).put((byte) FXP_INIT).putInt(VERSION);
    out.write(hello.array());
    out.flush();
    ByteBuffer answer = packet();
    if (answer.get() != FXP_VERSION || answer.getInt() < VERSION) {
      throw new IOException("the server does not speak version 3 of SFTP");
    }
    while (answer.hasRemaining()) {
      extensions.put(new String(block(answer), UTF_8), new String(block(answer), UTF_8));
    }
  }

  /** Whether the server has taken or answered nothing for so long, though it was to. Any thread. */
  boolean isOverdue(Duration limit) {
    return isWaiting && System.nanoTime() - waitingSince > limit.toNanos();
  }

  private void await() {
    waitingSince = System.nanoTime();
    isWaiting = true;
  }

  /** Whether the server hashes files. */
  boolean offersHash() {
    return extensions.containsKey(CHECK_FILE) || extensions.containsKey(CHECK_FILE_HANDLE);
  }

  /** Opens a file with {@link #READ} and friends. Returns its handle, to be closed. */
  byte[] open(String path, int flags) throws IOException {
    Answer answer = new Request(FXP_OPEN).text(path).number(flags).number(0).ask();
    return block(require(answer, FXP_HANDLE, path));
  }

  void close(byte[] handle) throws IOException {
    requireOk(new Request(FXP_CLOSE).block(handle).ask(), "a file");
  }

  /** Size of a file or of anything; empty where there is nothing. */
  OptionalLong size(String path) throws IOException {
    try {
      ByteBuffer body = require(new Request(FXP_STAT).text(path).ask(), FXP_ATTRS, path);
      return OptionalLong.of((body.getInt() & ATTR_SIZE) == 0 ? 0 : body.getLong());
    } catch (SftpStatusException e) {
      if (e.isAbsent()) {
        return OptionalLong.empty();
      }
      throw e;
    }
  }

  void makeFolder(String path) throws IOException {
    requireOk(new Request(FXP_MKDIR).text(path).number(0).ask(), path);
  }

  void remove(String path) throws IOException {
    requireOk(new Request(FXP_REMOVE).text(path).ask(), path);
  }

  /** Renames; fails where something is there already. */
  void rename(String from, String to) throws IOException {
    requireOk(new Request(FXP_RENAME).text(from).text(to).ask(), to);
  }

  /** Writes all that remains in a buffer, and waits until all of it was taken. */
  void write(byte[] handle, long offset, ByteBuffer bytes) throws IOException {
    Set<Integer> sent = new HashSet<>();
    long at = offset;
    while (bytes.hasRemaining()) {
      byte[] piece = new byte[Math.min(PIECE, bytes.remaining())];
      bytes.get(piece);
      sent.add(new Request(FXP_WRITE).block(handle).number64(at).block(piece).send());
      at += piece.length;
    }
    out.flush();
    SftpStatusException refused = null;
    while (!sent.isEmpty()) {
      Answer answer = receive();
      if (!sent.remove(answer.id)) {
        throw new IOException("the server answers another request");
      }
      try {
        requireOk(answer, "a file");
      } catch (SftpStatusException e) {
        refused = refused == null ? e : refused; // the others are on their way, too
      }
    }
    if (refused != null) {
      throw refused;
    }
  }

  /** Reads so many bytes; fewer where the file ends. */
  int read(byte[] handle, long offset, byte[] into, int length) throws IOException {
    Map<Integer, Span> asked = new HashMap<>();
    for (int from = 0; from < length; from += PIECE) {
      ask(handle, offset, new Span(from, Math.min(PIECE, length - from)), asked);
    }
    out.flush();
    int end = length;
    while (!asked.isEmpty()) {
      Answer answer = receive();
      Span span = asked.remove(answer.id);
      if (span == null) {
        throw new IOException("the server answers another request");
      }
      int got = data(answer, span, into);
      if (got < 0) {
        end = Math.min(end, span.from);
      } else if (got < span.length) {
        ask(handle, offset, new Span(span.from + got, span.length - got), asked);
        out.flush();
      }
    }
    return end;
  }

  private void ask(byte[] handle, long offset, Span span, Map<Integer, Span> asked)
      throws IOException {
    Request request =
        new Request(FXP_READ).block(handle).number64(offset + span.from).number(span.length);
    asked.put(request.send(), span);
  }

  /** Takes a piece. Returns its bytes; -1 at the end of the file. */
  private int data(Answer answer, Span span, byte[] into) throws IOException {
    if (answer.type == FXP_STATUS && answer.body.duplicate().getInt() == SftpStatusException.EOF) {
      return -1;
    }
    ByteBuffer body = require(answer, FXP_DATA, "a file");
    int length = body.getInt();
    if (length < 1 || length > span.length || length > body.remaining()) {
      throw new IOException("the server answers with another number of bytes");
    }
    body.get(into, span.from, length);
    return length;
  }

  /** Has the file's bytes written to the server's disk. Returns whether the server can do so. */
  boolean fsync(byte[] handle) throws IOException {
    if (!extensions.containsKey(FSYNC)) {
      return false;
    }
    requireOk(new Request(FXP_EXTENDED).text(FSYNC).block(handle).ask(), "a file");
    return true;
  }

  /** What the server says is the SHA-256 of some bytes; empty where it does not say. */
  Optional<byte[]> hash(byte[] handle, long offset, long length) throws IOException {
    Answer answer =
        new Request(FXP_EXTENDED)
            .text(CHECK_FILE_HANDLE)
            .block(handle)
            .text("sha256")
            .number64(offset)
            .number64(length)
            .number(0)
            .ask();
    if (answer.type == FXP_STATUS) {
      return Optional.empty();
    }
    ByteBuffer body = require(answer, FXP_EXTENDED_REPLY, "a file");
    String name = new String(block(body), UTF_8);
    // where the draft's text and its makers differ, the reply repeats the extension's name
    String algorithm = name.startsWith(CHECK_FILE) ? new String(block(body), UTF_8) : name;
    byte[] rest = new byte[body.remaining()];
    body.get(rest);
    return algorithm.equals("sha256") ? Optional.of(hashOf(rest)) : Optional.empty();
  }

  /** The draft sends the bare hash; some servers put its length before it. */
  private static byte[] hashOf(byte[] rest) {
    int bare = 32;
    return rest.length == bare + Integer.BYTES && ByteBuffer.wrap(rest).getInt() == bare
        ? Arrays.copyOfRange(rest, Integer.BYTES, rest.length)
        : rest;
  }

  /** Bytes that are free for this user where a path lies; empty where the server does not say. */
  OptionalLong freeBytes(String path) throws IOException {
    if (!extensions.containsKey(STATVFS)) {
      return OptionalLong.empty();
    }
    Answer answer = new Request(FXP_EXTENDED).text(STATVFS).text(path).ask();
    if (answer.type != FXP_EXTENDED_REPLY) {
      return OptionalLong.empty();
    }
    answer.body.getLong(); // the size of blocks; what follows is counted in fragments
    long fragment = answer.body.getLong();
    answer.body.getLong(); // all
    answer.body.getLong(); // free for root
    return OptionalLong.of(fragment * answer.body.getLong());
  }

  private Answer receive() throws IOException {
    ByteBuffer packet = packet();
    int type = packet.get() & 0xff;
    return new Answer(type, packet.getInt(), packet);
  }

  private ByteBuffer packet() throws IOException {
    await();
    int length = in.readInt();
    if (length < 1 + Integer.BYTES || length > LONGEST_PACKET) {
      throw new IOException("the server sends something else than SFTP");
    }
    byte[] packet = in.readNBytes(length);
    if (packet.length < length) {
      throw new EOFException("the connection broke");
    }
    isWaiting = false;
    return ByteBuffer.wrap(packet);
  }

  private static byte[] block(ByteBuffer body) throws IOException {
    int length = body.getInt();
    if (length < 0 || length > body.remaining()) {
      throw new IOException("the server sends something else than SFTP");
    }
    byte[] block = new byte[length];
    body.get(block);
    return block;
  }

  private static ByteBuffer require(Answer answer, int type, String what) throws IOException {
    if (answer.type == type) {
      return answer.body;
    }
    if (answer.type != FXP_STATUS) {
      throw new IOException("the server answers " + what + " with a packet of another type");
    }
    throw status(answer, what);
  }

  private static void requireOk(Answer answer, String what) throws IOException {
    ByteBuffer body = require(answer, FXP_STATUS, what).duplicate();
    if (body.getInt() != 0) {
      throw status(answer, what);
    }
  }

  private static SftpStatusException status(Answer answer, String what) throws IOException {
    int status = answer.body.getInt();
    String reason =
        answer.body.remaining() > Integer.BYTES
            ? new String(block(answer.body), UTF_8).replaceAll("\\p{Cntrl}+", " ").strip()
            : "";
    return new SftpStatusException(status, what + ": " + (reason.isEmpty() ? "refused" : reason));
  }
}
