package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.segments.wire.Tus;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/**
 * A master that speaks {@code docs/wire.md}, in memory, and misbehaves on cue. Its memory outlives
 * {@link #kill} and {@link #restart}, as a disk would.
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
final class FakeMaster implements Closeable {

  static final byte[] SECRET = "a master's secret of 32 bytes...".getBytes(StandardCharsets.UTF_8);

  /** What happens to a request instead of the right thing. */
  sealed interface Fault {
    /** The connection breaks after so many bytes of the body. */
    record CutBody(int at) implements Fault {}

    /** Everything is done, and the connection breaks before the answer. */
    record CutAnswer() implements Fault {}

    /** Nothing is ever answered. */
    record Stall() implements Fault {}

    /** Another answer, and nothing is done. */
    record Status(int code, String detail) implements Fault {}

    /** All is done, with another answer. */
    record Lie(int code, Map<String, String> headers, byte[] body) implements Fault {}

    /** One bit of the body changes on its way. */
    record FlipBit() implements Fault {}
  }

  /** Says what goes wrong with a request, if anything. */
  interface Script {
    Optional<Fault> next(String method, String path, HttpStub.Request request);
  }

  /** A PATCH that was looked at. */
  record Body(int bytes, boolean isChecked) {}

  private static final class Partial {
    String key = "";
    long length = -1; // an open segment's, until it is sealed
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  }

  final Map<String, byte[]> sealed = new ConcurrentHashMap<>();
  final List<String> sealOrder = Collections.synchronizedList(new ArrayList<>());
  final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  final List<Body> bodies = Collections.synchronizedList(new ArrayList<>());
  final List<String> problems = Collections.synchronizedList(new ArrayList<>());
  volatile Script script = (method, path, request) -> Optional.empty();
  volatile UnaryOperator<Receipt> forge = UnaryOperator.identity();
  volatile boolean takesManifests = true;

  /** Whether it says how much it has where an upload is begun. */
  volatile boolean saysOffsetAtOnce;

  volatile int refusesOpen; // a status, where it knows no deferred length
  private final Map<String, Partial> partials = new HashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final HttpStub http;
  private final CameraCredential credential = CameraCredential.derive(SECRET, "front");
  private int tokens;
  private long patched;

  FakeMaster() throws IOException {
    http = new HttpStub(this::serve);
  }

  URI uri() {
    return http.uri();
  }

  /** Bytes of PATCH bodies that arrived, those in vain included. */
  synchronized long patchedBytes() {
    return patched;
  }

  /** As {@code kill -9}. */
  void kill() throws IOException {
    http.close();
  }

  void restart() throws IOException {
    http.start();
  }

  void cutAll() throws IOException {
    http.cutAll();
  }

  /** Forgets every upload that is not sealed. */
  synchronized void forget() {
    partials.clear();
  }

  /** The bytes that are there of a segment that is not sealed, whether open or not. */
  synchronized byte[] bytesOf(SegmentId id) {
    for (Partial partial : partials.values()) {
      if (partial.key.startsWith(id + " ")) {
        return partial.bytes.toByteArray();
      }
    }
    return new byte[0];
  }

  /** Another byte in what is there of a segment, as a disk that fails makes it. */
  synchronized void spoil(SegmentId id) {
    for (Partial partial : partials.values()) {
      if (partial.key.startsWith(id + " ")) {
        byte[] bytes = partial.bytes.toByteArray();
        bytes[bytes.length / 2] ^= 1;
        partial.bytes.reset();
        partial.bytes.writeBytes(bytes);
      }
    }
  }

  /** Bytes of an unsealed upload, all that there are. */
  synchronized int partialBytes() {
    return partials.values().stream().mapToInt(p -> p.bytes.size()).sum();
  }

  long count(String prefix) {
    synchronized (requests) {
      return requests.stream().filter(r -> r.startsWith(prefix)).count();
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    http.close();
  }

  private boolean serve(HttpStub.Request request, OutputStream out) throws IOException {
    String method = request.method();
    requests.add(method + " " + request.path());
    if (!request.header("Authorization").equals("Bearer " + credential.token())) {
      problems.add("wrong token in " + method);
    }
    if (!request.header(Tus.RESUMABLE).equals(Tus.VERSION)) {
      problems.add("no Tus-Resumable in " + method);
    }
    Fault fault = script.next(method, request.path(), request).orElse(null);
    if (fault instanceof Fault.CutBody cut) {
      countPatched(method, request.body(cut.at).length);
      return false;
    }
    byte[] body = request.body(Integer.MAX_VALUE);
    countPatched(method, body.length);
    if (fault instanceof Fault.Stall) {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return false;
    }
    if (fault instanceof Fault.Status s) {
      byte[] problem = ("{\"detail\":\"" + s.detail + "\"}").getBytes(StandardCharsets.UTF_8);
      return HttpStub.answer(out, s.code, Map.of(), method.equals("HEAD") ? new byte[0] : problem);
    }
    if (fault instanceof Fault.FlipBit && body.length > 0) {
      body[body.length / 2] ^= 4;
    }
    Done done = handle(request, body);
    if (fault instanceof Fault.CutAnswer) {
      return false;
    }
    if (fault instanceof Fault.Lie lie) {
      return HttpStub.answer(out, lie.code, lie.headers, lie.body);
    }
    return HttpStub.answer(out, done.status, done.headers, done.body);
  }

  private synchronized void countPatched(String method, int bytes) {
    patched += method.equals("PATCH") ? bytes : 0;
  }

  private record Done(int status, Map<String, String> headers, byte[] body) {
    Done(int status) {
      this(status, Map.of(), new byte[0]);
    }
  }

  private synchronized Done handle(HttpStub.Request request, byte[] body) throws IOException {
    String path = request.path();
    if (request.method().equals("POST") && path.equals(Tus.PATH)) {
      return create(request);
    }
    boolean manifest = path.endsWith("/manifest");
    String token = path.substring(Tus.PATH.length() + 1, path.length() - (manifest ? 9 : 0));
    Partial partial = partials.get(token);
    if (partial == null || (manifest && !takesManifests)) {
      return new Done(404);
    }
    return switch (request.method()) {
      case "HEAD" -> new Done(200, offsets(partial), new byte[0]);
      case "PATCH" -> patch(partial, request, body);
      case "PUT" -> seal(token, partial, body);
      case "DELETE" -> {
        partials.remove(token);
        yield new Done(204);
      }
      default -> new Done(405);
    };
  }

  private Done create(HttpStub.Request request) {
    Map<String, String> meta = new HashMap<>();
    for (String pair : request.header(Tus.METADATA).split(",", -1)) {
      int space = pair.indexOf(' ');
      meta.put(
          pair.substring(0, space),
          new String(
              Base64.getDecoder().decode(pair.substring(space + 1)), StandardCharsets.UTF_8));
    }
    if (request.header(Tus.DEFER_LENGTH).equals("1")) {
      return createOpen(meta);
    }
    byte[] there = sealed.get(meta.get(Tus.META_ID));
    if (there != null && !sha256(there).equals(meta.get(Tus.META_SHA256))) {
      return new Done(409);
    }
    String key = meta.get(Tus.META_ID) + " " + meta.get(Tus.META_SHA256);
    long length = Long.parseLong(request.header(Tus.LENGTH));
    String token = find(key);
    if (token == null && there == null && (token = find(meta.get(Tus.META_ID) + " ")) != null) {
      Partial open = partials.get(token);
      open.key = key;
      open.length = length;
      if (open.bytes.size() > length) {
        open.bytes.reset();
      }
    }
    if (token == null) {
      token = "t" + ++tokens;
      Partial partial = new Partial();
      partial.key = key;
      partial.length = length;
      if (there != null) {
        partial.bytes.writeBytes(there);
      }
      partials.put(token, partial);
    }
    return new Done(201, begun(token), new byte[0]);
  }

  private Done createOpen(Map<String, String> meta) {
    if (refusesOpen != 0) {
      return new Done(refusesOpen);
    }
    if (sealed.containsKey(meta.get(Tus.META_ID))) {
      return new Done(409);
    }
    if (meta.containsKey(Tus.META_SHA256)) {
      problems.add("an open segment has no hash");
    }
    String key = meta.get(Tus.META_ID) + " ";
    String token = find(key);
    if (token == null) {
      token = "t" + ++tokens;
      Partial partial = new Partial();
      partial.key = key;
      partials.put(token, partial);
    }
    return new Done(201, begun(token), new byte[0]);
  }

  private Map<String, String> begun(String token) {
    Map<String, String> headers = new HashMap<>();
    headers.put("Location", Tus.PATH + "/" + token);
    if (saysOffsetAtOnce) {
      headers.put(Tus.OFFSET, Integer.toString(partials.get(token).bytes.size()));
    }
    return headers;
  }

  private String find(String key) {
    String token = null;
    for (Map.Entry<String, Partial> e : partials.entrySet()) {
      token = e.getValue().key.equals(key) ? e.getKey() : token;
    }
    return token;
  }

  private static Map<String, String> offsets(Partial partial) {
    return partial.length < 0
        ? Map.of(Tus.OFFSET, Integer.toString(partial.bytes.size()), Tus.DEFER_LENGTH, "1")
        : Map.of(
            Tus.OFFSET, Integer.toString(partial.bytes.size()),
            Tus.LENGTH, Long.toString(partial.length));
  }

  private Done patch(Partial partial, HttpStub.Request request, byte[] body) {
    if (Long.parseLong(request.header(Tus.OFFSET)) != partial.bytes.size()) {
      return new Done(409, offsets(partial), new byte[0]);
    }
    String claimed = request.header(Tus.CHECKSUM);
    bodies.add(new Body(body.length, !claimed.isEmpty()));
    if ((body.length > 1 << 20 && !claimed.isEmpty())
        || (partial.length >= 0 && partial.bytes.size() + body.length > partial.length)) {
      problems.add("too many bytes");
      return new Done(413);
    }
    String sum = "sha256 " + Base64.getEncoder().encodeToString(digest(body));
    if (!claimed.isEmpty() && !claimed.equals(sum)) {
      return new Done(Tus.CHECKSUM_MISMATCH);
    }
    partial.bytes.writeBytes(body);
    return new Done(204, offsets(partial), new byte[0]);
  }

  private Done seal(String token, Partial partial, byte[] body) throws IOException {
    SegmentManifest manifest = ManifestCodec.decode(body);
    byte[] bytes = partial.bytes.toByteArray();
    if (partial.length < 0 || bytes.length < partial.length) {
      return new Done(409);
    }
    Content content = new Content(bytes.length, sha256(bytes));
    if (!content.equals(manifest.content())) {
      partials.remove(token);
      return new Done(422, Map.of(), "{\"detail\":\"hash\"}".getBytes(StandardCharsets.UTF_8));
    }
    String id = manifest.id().toString();
    if (sealed.putIfAbsent(id, bytes) == null) {
      sealOrder.add(id);
    }
    Receipt receipt = forge.apply(Receipt.sign(credential, manifest.id(), content));
    return new Done(200, Map.of("Content-Type", "application/json"), receipt.encode());
  }

  private static byte[] digest(byte[] bytes) {
    return DurableFiles.sha256().digest(bytes);
  }

  private static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest(bytes));
  }
}
