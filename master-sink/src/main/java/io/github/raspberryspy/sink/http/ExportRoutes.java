package io.github.raspberryspy.sink.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.raspberryspy.segments.Mp4Join;
import io.github.raspberryspy.sink.export.Export;
import io.github.raspberryspy.sink.export.ExportRange;
import io.github.raspberryspy.sink.export.Exporter;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;

/** A camera's footage of any range as one file; and what would be in it. */
final class ExportRoutes {

  private static final String CAMERA = "/api/v1/cameras/{id}";

  /** Each holds a thread while it is sent, and may be large. */
  private static final int MOST_AT_ONCE = 16;

  private final Guard guard;
  private final Exporter exporter;
  private final Semaphore room = new Semaphore(MOST_AT_ONCE);

  ExportRoutes(Guard guard, Exporter exporter) {
    this.guard = guard;
    this.exporter = exporter;
  }

  List<Route> routes() {
    return List.of(
        new Route(HandlerType.GET, CAMERA + "/export", Access.PERSON, this::describe),
        new Route(HandlerType.GET, CAMERA + "/export.mp4", Access.PERSON, this::send));
  }

  private void describe(Context ctx) throws IOException {
    Json.send(ctx, describe(plan(ctx)));
  }

  /** What it will be, in JSON. */
  static ObjectNode describe(Export export) {
    ObjectNode answer =
        Views.object()
            .put("start", export.start().toString())
            .put("end", export.end().toString())
            .put("bytes", export.file().bytes())
            .put("segments", export.segments())
            .put("unreadable", export.unreadable())
            .put("fileName", export.fileName());
    ArrayNode missing = answer.putArray("missing");
    export
        .missing()
        .forEach(
            hole ->
                missing
                    .addObject()
                    .put("start", hole.start().toString())
                    .put("end", hole.end().toString()));
    return answer;
  }

  private void send(Context ctx) throws IOException {
    if (!room.tryAcquire()) {
      ctx.header("Retry-After", "10");
      throw new Problem(429, MOST_AT_ONCE + " exports are under way; wait for one of them");
    }
    try {
      Export export = plan(ctx);
      if (!ctx.method().equals(HandlerType.HEAD)) { // first: who breaks off has most of it
        guard.note(
            ctx,
            "export",
            export.range().camera() + " " + export.range().from() + " to " + export.range().to());
      }
      send(ctx, export);
    } finally {
      room.release();
    }
  }

  /** Sends it, or the range of it that is asked for. */
  static void send(Context ctx, Export export) throws IOException {
    ctx.header("Content-Disposition", "attachment; filename=\"" + export.fileName() + "\"");
    Mp4Join file = export.file();
    VideoAnswer.send(ctx, new VideoAnswer.Body(file.bytes(), file::write), export.etag());
  }

  private Export plan(Context ctx) throws IOException {
    Params params = new Params(ctx, "from", "to", "zone");
    ExportRange range;
    try {
      range =
          new ExportRange(
              ctx.pathParam("id"), params.requiredInstant("from"), params.requiredInstant("to"));
    } catch (IllegalArgumentException e) {
      throw new Problem(400, e.getMessage());
    }
    return exporter.plan(range, params.zone());
  }
}
