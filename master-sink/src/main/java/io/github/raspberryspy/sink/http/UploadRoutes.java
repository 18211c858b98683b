package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.sink.store.SegmentStore;
import io.github.raspberryspy.sink.store.UploadClaim;
import io.github.raspberryspy.sink.store.UploadStatus;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/** The tus endpoints, and the manifest that seals. Described in {@code docs/wire.md}. */
final class UploadRoutes {

  /** Largest chunk that may carry a checksum: it is held in memory until it is checked. */
  static final int MAX_CHUNK_BYTES = 1 << 20;

  private static final String EXTENSIONS =
      "creation,creation-with-upload,creation-defer-length,checksum,termination,expiration";

  private static final String ONE = Tus.PATH + "/{token}";

  /** IMF-fixdate of RFC 9110, section 5.6.7. */
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** Of a refused body, what is read before the answer so that the connection can be kept. */
  private static final int DRAIN_BYTES = 256 << 10;

  /**
   * And what is read after it at the most, so that the answer arrives before the connection ends.
   */
  private static final int LINGER_BYTES = 64 << 20;

  private static final Duration LINGER = Duration.ofSeconds(2);

  /** So many manifests of a camera are in memory at a time: they may be large. The others wait. */
  private static final int MOST_SEALS = 4;

  /** What a body may take that keeps coming; {@link SteadyBody} ends one that does not. */
  private static final Duration NO_HURRY = Duration.ofDays(1);

  private final SegmentStore store;
  private final Duration expiry;
  private final LongSupplier nanos;
  private final Chunks chunks = new Chunks(MAX_CHUNK_BYTES);
  private final Map<String, Semaphore> sealing = new ConcurrentHashMap<>(); // by paired camera

  /**
   * Routes to a store.
   *
   * @param expiry how long an upload may rest that nobody goes on with
   * @param nanos the monotonic clock, as {@link System#nanoTime}
   */
  UploadRoutes(SegmentStore store, Duration expiry, LongSupplier nanos) {
    this.store = store;
    this.expiry = expiry;
    this.nanos = nanos;
  }

  List<Route> routes() {
    return List.of(
        route(HandlerType.OPTIONS, Tus.PATH, this::options),
        route(HandlerType.OPTIONS, ONE, this::options),
        route(HandlerType.POST, Tus.PATH, tus(this::create)),
        route(HandlerType.HEAD, ONE, tus(this::head)),
        route(HandlerType.PATCH, ONE, tus(this::patch)),
        route(HandlerType.DELETE, ONE, tus(this::delete)),
        route(HandlerType.PUT, ONE + "/manifest", this::manifest));
  }

  private static Route route(HandlerType method, String path, Handler handler) {
    return new Route(method, path, Access.CAMERA, handler);
  }

  /** Checks the version, and sees to it that the answer gets through where a body is refused. */
  private Handler tus(Handler handler) {
    return ctx -> {
      ctx.header(Tus.RESUMABLE, Tus.VERSION);
      try {
        if (!Tus.VERSION.equals(ctx.header(Tus.RESUMABLE))) {
          ctx.header("Tus-Version", Tus.VERSION);
          throw new Problem(412, Tus.RESUMABLE + " has to be " + Tus.VERSION);
        }
        handler.handle(ctx);
      } catch (IOException | RuntimeException e) {
        if (e instanceof Problem problem && problem.status() == SteadyBody.TOO_SLOW) {
          ctx.header("Connection", "close");
          throw e;
        }
        if (drain(ctx, DRAIN_BYTES, NO_HURRY)) {
          throw e;
        }
        Problems.answer(e, ctx);
        drain(ctx, LINGER_BYTES, LINGER);
      }
    };
  }

  private void options(Context ctx) {
    ctx.header(Tus.RESUMABLE, Tus.VERSION)
        .header("Tus-Version", Tus.VERSION)
        .header("Tus-Extension", EXTENSIONS)
        .header("Tus-Checksum-Algorithm", Checksum.ALGORITHMS)
        .header("Tus-Max-Size", Long.toString(SegmentStore.MAX_BYTES))
        .status(204);
  }

  private void create(Context ctx) throws IOException {
    UploadStatus upload =
        ctx.header(Tus.DEFER_LENGTH) == null ? createWhole(ctx) : createGrowing(ctx);
    if (Tus.CONTENT_TYPE.equals(ctx.contentType())) {
      upload = withFirstBytes(ctx, upload);
    }
    ctx.status(201)
        .header("Location", Tus.PATH + "/" + upload.token())
        .header(Tus.OFFSET, Long.toString(upload.offset()));
    sayExpiry(ctx, upload);
  }

  /** An upload that was found and has bytes already goes on from there, as its answer says. */
  private UploadStatus withFirstBytes(Context ctx, UploadStatus upload) throws IOException {
    if (upload.offset() > 0) {
      drain(ctx, LINGER_BYTES, NO_HURRY);
      return upload;
    }
    return append(ctx, upload.token(), 0);
  }

  /** Each request that goes on with an upload begins its rest anew. */
  private void sayExpiry(Context ctx, UploadStatus upload) {
    if (!upload.isComplete()) {
      ctx.header("Upload-Expires", HTTP_DATE.format(Instant.now().plus(expiry)));
    }
  }

  private UploadStatus createWhole(Context ctx) throws IOException {
    long length = length(ctx);
    Optional<UploadClaim> claim = claim(ctx, length);
    return claim.isPresent()
        ? store.create(camera(ctx), claim.get())
        : store.create(camera(ctx), OptionalLong.of(length));
  }

  private UploadStatus createGrowing(Context ctx) throws IOException {
    if (!"1".equals(ctx.header(Tus.DEFER_LENGTH)) || ctx.header(Tus.LENGTH) != null) {
      throw new Problem(400, Tus.DEFER_LENGTH + " has to be 1, and " + Tus.LENGTH + " absent");
    }
    Optional<String> id = Metadata.parse(ctx.header(Tus.METADATA)).text(Tus.META_ID);
    if (id.isEmpty()) {
      return store.create(camera(ctx), OptionalLong.empty());
    }
    try {
      return store.createOpen(camera(ctx), SegmentId.parse(id.get()));
    } catch (IllegalArgumentException e) {
      throw new Problem(400, e.getMessage());
    }
  }

  private static long length(Context ctx) {
    long length = number(ctx, Tus.LENGTH);
    if (length < 1) {
      throw new Problem(400, Tus.LENGTH + " is " + length + "; an upload has at least 1 byte");
    }
    if (length > SegmentStore.MAX_BYTES) {
      throw new Problem(413, Tus.LENGTH + " " + length + " is over " + SegmentStore.MAX_BYTES);
    }
    return length;
  }

  private void head(Context ctx) {
    UploadStatus upload = store.status(camera(ctx), ctx.pathParam("token"));
    ctx.status(200)
        .header(Tus.OFFSET, Long.toString(upload.offset()))
        .header("Cache-Control", "no-store");
    if (upload.length().isPresent()) {
      ctx.header(Tus.LENGTH, Long.toString(upload.length().getAsLong()));
    } else {
      ctx.header(Tus.DEFER_LENGTH, "1");
    }
  }

  private void patch(Context ctx) throws IOException {
    if (!Tus.CONTENT_TYPE.equals(ctx.contentType())) {
      throw new Problem(415, "the body of a PATCH is of type " + Tus.CONTENT_TYPE);
    }
    long offset = number(ctx, Tus.OFFSET);
    if (ctx.header(Tus.LENGTH) != null) {
      store.declare(camera(ctx), token(ctx), length(ctx));
    }
    UploadStatus upload = append(ctx, token(ctx), offset);
    ctx.status(204).header(Tus.OFFSET, Long.toString(upload.offset()));
    sayExpiry(ctx, upload);
  }

  /** Appends the request's body. */
  private UploadStatus append(Context ctx, String token, long offset) throws IOException {
    String checksum = ctx.header(Tus.CHECKSUM);
    return checksum == null
        ? store.append(
            camera(ctx), token, offset, body(ctx), ctx.req().getContentLengthLong(), cut(ctx))
        : appendChecked(ctx, token, offset, Checksum.parse(checksum));
  }

  private UploadStatus appendChecked(Context ctx, String token, long offset, Checksum checksum)
      throws IOException {
    store.status(camera(ctx), token); // no buffer for what is not theirs
    try (Chunks.Chunk taken = chunks.take(camera(ctx), token, cut(ctx))) {
      ByteBuffer chunk = taken.buffer();
      readChunk(ctx, chunk, taken::comes);
      taken.isHere();
      if (!checksum.isOf(chunk)) {
        throw new Problem(
            Tus.CHECKSUM_MISMATCH, "the body does not have the checksum that its header claims");
      }
      return store.append(camera(ctx), token, offset, chunk);
    }
  }

  private void readChunk(Context ctx, ByteBuffer chunk, Runnable comes) throws IOException {
    long announced = ctx.req().getContentLengthLong();
    if (announced > chunk.capacity()) {
      throw tooLarge("a chunk with a checksum", chunk.capacity());
    }
    InputStream in = body(ctx);
    while (chunk.hasRemaining()) {
      int n = in.read(chunk.array(), chunk.arrayOffset() + chunk.position(), chunk.remaining());
      if (n < 0) {
        break;
      }
      chunk.position(chunk.position() + n);
      comes.run();
    }
    if (!chunk.hasRemaining() && in.read() >= 0) {
      throw tooLarge("a chunk with a checksum", chunk.capacity());
    }
    chunk.flip();
  }

  private void delete(Context ctx) throws IOException {
    store.drop(camera(ctx), token(ctx));
    ctx.status(204);
  }

  private void manifest(Context ctx) throws IOException {
    byte[] json = body(ctx).readNBytes(ManifestCodec.MAX_BYTES + 1);
    if (json.length > ManifestCodec.MAX_BYTES) {
      throw tooLarge("a manifest", ManifestCodec.MAX_BYTES);
    }
    String camera = camera(ctx);
    Semaphore mine = sealing.computeIfAbsent(camera, c -> new Semaphore(MOST_SEALS, true));
    mine.acquireUninterruptibly();
    try {
      ctx.result(store.seal(camera, token(ctx), ManifestCodec.decode(json)).encode())
          .contentType("application/json");
    } catch (ManifestException e) {
      throw new Problem(400, e.getMessage());
    } finally {
      mine.release();
    }
  }

  private static Optional<UploadClaim> claim(Context ctx, long length) {
    Metadata metadata = Metadata.parse(ctx.header(Tus.METADATA));
    Optional<String> id = metadata.text(Tus.META_ID);
    Optional<String> sha256 = metadata.text(Tus.META_SHA256);
    if (id.isEmpty() || sha256.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new UploadClaim(SegmentId.parse(id.get()), new Content(length, sha256.get())));
    } catch (IllegalArgumentException e) {
      throw new Problem(400, e.getMessage());
    }
  }

  private static long number(Context ctx, String header) {
    String text = ctx.header(header);
    if (text == null || !text.matches("[0-9]{1,18}")) {
      throw new Problem(400, header + " is missing or not a number");
    }
    return Long.parseLong(text);
  }

  /**
   * Reads what still comes of the body. A connection that is closed while bytes come is reset, and
   * that may take the answer from whoever has not looked at it yet.
   *
   * @return whether there is no more of it; else the connection will be closed
   */
  private boolean drain(Context ctx, int most, Duration time) {
    byte[] sink = new byte[8192];
    long begin = nanos.getAsLong();
    try {
      InputStream in = body(ctx);
      for (int left = most; left > 0 && nanos.getAsLong() - begin < time.toNanos(); ) {
        int n = in.read(sink);
        if (n < 0) {
          return true;
        }
        left -= n;
      }
      ctx.header("Connection", "close");
      return false;
    } catch (IOException | IllegalStateException | Problem e) {
      ctx.header("Connection", "close");
      return true;
    }
  }

  private static Problem tooLarge(String what, long limit) {
    return new Problem(413, what + " has at most " + limit + " bytes");
  }

  private InputStream body(Context ctx) throws IOException {
    return new SteadyBody(ctx.req().getInputStream(), nanos);
  }

  /** Closes the request's connection: the only way to wake a thread that waits for its body. */
  private static Runnable cut(Context ctx) {
    return ServletContextRequest.getServletContextRequest(ctx.req())
            .getConnectionMetaData()
            .getConnection()
            .getEndPoint()
        ::close;
  }

  private static String token(Context ctx) {
    return ctx.pathParam("token");
  }

  private static String camera(Context ctx) {
    return String.valueOf(ctx.<String>attribute(Guard.CAMERA));
  }
}
