package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.sink.live.Snapshots;
import io.github.raspberryspy.sink.live.Snapshots.Picture;
import io.github.raspberryspy.sink.live.Snapshots.Taken;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** Pictures of now: cameras bring them, people get them. */
final class PictureRoutes {

  /** How long somebody waits for a picture. */
  static final Duration PATIENCE = Duration.ofSeconds(8);

  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Snapshots snapshots;
  private final LongSupplier nanos;

  PictureRoutes(Snapshots snapshots, LongSupplier nanos) {
    this.snapshots = snapshots;
    this.nanos = nanos;
  }

  List<Route> routes() {
    return List.of(
        new Route(
            HandlerType.GET,
            "/api/v1/cameras/{id}/snapshot.jpg",
            Access.PERSON,
            ctx -> send(ctx, snapshots.take(ctx.pathParam("id")))),
        new Route(HandlerType.PUT, Tus.SNAPSHOT_PATH + "{id}", Access.CAMERA, this::take));
  }

  /** Answers with the picture, or says why there is none. */
  static void send(Context ctx, CompletableFuture<Taken> asked) {
    String camera = ctx.pathParam("id");
    Taken taken = await(camera, asked);
    Picture picture =
        taken.picture().orElseThrow(() -> new Problem(503, taken.answer().sentence()));
    byte[] jpeg = new byte[picture.jpeg().remaining()];
    picture.jpeg().duplicate().get(jpeg);
    String name = camera + "_" + NAME.format(picture.captured()) + ".jpg";
    ctx.contentType("image/jpeg")
        .header("Cache-Control", "no-store")
        .header(Tus.CAPTURED, picture.captured().toString())
        .header("Content-Disposition", "inline; filename=\"" + name + "\"")
        .result(jpeg);
  }

  private static Taken await(String camera, CompletableFuture<Taken> asked) {
    try {
      return asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new Problem(503, "camera " + camera + " has sent no picture within 8 s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Problem(503, "the master is stopping");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a picture failed", e.getCause());
    }
  }

  private void take(Context ctx) throws IOException {
    byte[] jpeg =
        new SteadyBody(ctx.req().getInputStream(), nanos).readNBytes(Snapshots.MOST_BYTES + 1);
    if (jpeg.length > Snapshots.MOST_BYTES) {
      throw new Problem(413, "a picture has at most " + Snapshots.MOST_BYTES + " bytes");
    }
    if (jpeg.length < 3 || jpeg[0] != (byte) 0xff || jpeg[1] != (byte) 0xd8) {
      throw new Problem(415, "what came is no JPEG");
    }
    Picture picture = new Picture(captured(ctx), ByteBuffer.wrap(jpeg));
    String camera = String.valueOf(ctx.<String>attribute(Guard.CAMERA));
    if (!snapshots.brought(camera, ctx.pathParam("id"), picture)) {
      throw new Problem(404, "nobody asks for this picture any more");
    }
    ctx.status(204);
  }

  private static Instant captured(Context ctx) {
    String text = String.valueOf(ctx.header(Tus.CAPTURED));
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new Problem(
          400,
          "\""
              + Tus.CAPTURED
              + "\" is \""
              + JsonFields.clip(text)
              + "\"; allowed is an ISO 8601 time");
    }
  }
}
