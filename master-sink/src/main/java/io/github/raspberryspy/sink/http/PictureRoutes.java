package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.sink.fleet.Fleet;
import io.github.raspberryspy.sink.live.Snapshots;
import io.github.raspberryspy.sink.live.Snapshots.Picture;
import io.github.raspberryspy.sink.live.Snapshots.Taken;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Pictures of now: cameras bring them, people get them, one by one or one after the other for
 * browsers that play nothing else.
 */
final class PictureRoutes implements AutoCloseable {

  /** How many may watch picture by picture: each of them holds a thread. */
  static final int MOST_WATCHING = 16;

  /** And how many of them one person. */
  private static final int MOST_OF_PERSON = 8;

  /** Of pictures that are read at one time. */
  private static final int MOST_COMING_BYTES = 2 * Snapshots.MOST_BYTES;

  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final Duration EACH = Duration.ofMillis(500);
  private static final String BOUNDARY = "raspberryspy";
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Guard guard;
  private final Fleet fleet;
  private final Snapshots snapshots;
  private final LongSupplier nanos;
  private final Semaphore room = new Semaphore(MOST_COMING_BYTES);
  private final Seats watching = new Seats(MOST_WATCHING, MOST_OF_PERSON);
  private final AtomicLong watched = new AtomicLong();
  private final CountDownLatch closed = new CountDownLatch(1);

  PictureRoutes(Guard guard, HttpServer.Parts parts) {
    this.guard = guard;
    this.fleet = parts.fleet();
    this.snapshots = parts.snapshots();
    this.nanos = parts.nanos();
  }

  List<Route> routes() {
    String camera = "/api/v1/cameras/{id}";
    return List.of(
        new Route(HandlerType.GET, camera + "/snapshot.jpg", Access.PERSON, this::snapshot),
        new Route(HandlerType.GET, camera + "/live.mjpeg", Access.PERSON, this::stream),
        new Route(HandlerType.PUT, Tus.SNAPSHOT_PATH + "{id}", Access.CAMERA, this::take));
  }

  private void snapshot(Context ctx) throws IOException {
    ControlRoutes.requireKnown(fleet, ctx.pathParam("id"));
    send(ctx, snapshots.take(ctx.pathParam("id")));
  }

  /** Answers with the picture, or says why there is none. */
  static void send(Context ctx, CompletableFuture<Taken> asked) throws IOException {
    String camera = ctx.pathParam("id");
    Picture picture = await(camera, asked);
    String name = camera + "_" + NAME.format(picture.captured()) + ".jpg";
    ctx.contentType("image/jpeg")
        .header("Cache-Control", "no-store")
        .header(Tus.CAPTURED, picture.captured().toString())
        .header("Content-Disposition", "inline; filename=\"" + name + "\"");
    ctx.res().setContentLength(picture.jpeg().remaining());
    if (!ctx.method().equals(HandlerType.HEAD)) {
      write(picture, ctx.res().getOutputStream());
    }
  }

  /** However many look at a picture, it is in memory once. */
  private static void write(Picture picture, OutputStream out) throws IOException {
    Channels.newChannel(out).write(picture.jpeg().duplicate());
  }

  private static Picture await(String camera, CompletableFuture<Taken> asked) {
    try {
      Taken taken = asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return taken.picture().orElseThrow(() -> new Problem(503, taken.answer().sentence()));
    } catch (TimeoutException e) {
      throw new Problem(503, "camera " + camera + " has sent no picture within 8 s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(503, "the master is stopping");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a picture failed", e.getCause());
    }
  }

  /** Two pictures a second, until the browser goes or there are none. Source: RFC 2046, 5.1. */
  private void stream(Context ctx) throws IOException {
    String camera = ctx.pathParam("id");
    ControlRoutes.requireKnown(fleet, camera);
    String seat = Long.toString(watched.incrementAndGet());
    if (!watching.take(seat, guard.required(ctx))) {
      throw new Problem(
          503,
          "you watch "
              + MOST_OF_PERSON
              + " times picture by picture already, or all together "
              + MOST_WATCHING
              + " times");
    }
    try {
      Picture first = await(camera, snapshots.take(camera));
      ctx.contentType("multipart/x-mixed-replace; boundary=" + BOUNDARY)
          .header("Cache-Control", "no-store");
      if (!ctx.method().equals(HandlerType.HEAD)) {
        stream(camera, first, ctx.res().getOutputStream());
      }
    } finally {
      watching.leave(seat);
    }
  }

  private void stream(String camera, Picture first, OutputStream out) throws IOException {
    Picture picture = first;
    long next = nanos.getAsLong() + EACH.toNanos();
    String boundary = "--" + BOUNDARY + "\r\n";
    out.write(boundary.getBytes(StandardCharsets.US_ASCII));
    try {
      while (true) {
        int length = picture.jpeg().remaining();
        String head = "Content-Type: image/jpeg\r\nContent-Length: " + length + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        write(picture, out);
        out.write(("\r\n" + boundary).getBytes(StandardCharsets.US_ASCII)); // it is shown then
        out.flush();
        if (closed.await(next - nanos.getAsLong(), TimeUnit.NANOSECONDS)) {
          return;
        }
        next = Math.max(next, nanos.getAsLong()) + EACH.toNanos();
        picture = await(camera, snapshots.take(camera));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Problem e) {
      return; // the stream ends where the camera has none: its head is long sent
    }
  }

  private void take(Context ctx) throws IOException {
    String camera = String.valueOf(ctx.<String>attribute(Guard.CAMERA));
    String id = ctx.pathParam("id");
    requireAsked(camera, id); // before a byte of it is read
    int length = length(ctx);
    Instant captured = captured(ctx);
    if (!snapshots.comes(camera, id)) {
      throw new Problem(409, "this picture is on its way already");
    }
    try {
      snapshots.brought(
          camera, id, new Picture(captured, ByteBuffer.wrap(read(ctx, camera, length))));
    } finally {
      snapshots.cameOrNot(camera, id);
    }
    ctx.status(204);
  }

  private void requireAsked(String camera, String id) {
    if (!snapshots.isAsked(camera, id)) {
      throw new Problem(404, "nobody asks for this picture any more");
    }
  }

  private static int length(Context ctx) {
    long length = ctx.req().getContentLengthLong();
    if (length < 0) {
      throw new Problem(411, "a picture's length is said in \"Content-Length\"");
    }
    if (length > Snapshots.MOST_BYTES) {
      throw new Problem(413, "a picture has at most " + Snapshots.MOST_BYTES + " bytes");
    }
    return (int) length;
  }

  /** Reads it, as long as somebody waits for it, and where there is room for it. */
  private byte[] read(Context ctx, String camera, int length) throws IOException {
    if (!room.tryAcquire(length)) {
      throw new Problem(503, "too many pictures come at once");
    }
    try {
      byte[] jpeg = new byte[length];
      InputStream in = new SteadyBody(ctx.req().getInputStream(), nanos);
      for (int at = 0; at < length; ) {
        int n = in.read(jpeg, at, length - at);
        if (n < 0) {
          throw new Problem(400, "the picture ended before its length");
        }
        at += n;
        requireAsked(camera, ctx.pathParam("id"));
      }
      if (length < 3 || jpeg[0] != (byte) 0xff || jpeg[1] != (byte) 0xd8) {
        throw new Problem(415, "what came is no JPEG");
      }
      return jpeg;
    } finally {
      room.release(length);
    }
  }

  private static Instant captured(Context ctx) {
    String text = String.valueOf(ctx.header(Tus.CAPTURED));
    try {
      return Params.moment(text);
    } catch (DateTimeException e) {
      throw new Problem(
          400,
          "\""
              + Tus.CAPTURED
              + "\" is \""
              + JsonFields.clip(text)
              + "\"; allowed is "
              + Params.MOMENTS);
    }
  }

  /** Ends the streams. */
  @Override
  public void close() {
    closed.countDown();
  }
}
