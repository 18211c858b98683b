package io.github.raspberryspy.sink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.Trash;
import io.github.raspberryspy.sink.index.TrashedSegment;
import io.github.raspberryspy.sink.store.SegmentStore;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a person deletes, and what of it can still be had back. */
final class TrashRoutes {

  private static final int MOST = 1000;

  private final SegmentIndex index;
  private final SegmentStore store;
  private final Duration grace;

  TrashRoutes(SegmentIndex index, SegmentStore store, Duration grace) {
    this.index = index;
    this.store = store;
    this.grace = grace;
  }

  List<Route> routes() {
    return List.of(
        new Route(HandlerType.DELETE, "/api/v1/segments/{id}", Access.PERSON, this::delete),
        new Route(HandlerType.GET, "/api/v1/trash", Access.PERSON, this::list),
        new Route(HandlerType.POST, "/api/v1/trash/{id}/restore", Access.PERSON, this::restore));
  }

  private void delete(Context ctx) throws IOException {
    store.trash(SegmentRoutes.id(ctx));
    ctx.status(204);
  }

  /** One after the other, for their manifests may be large. */
  private void list(Context ctx) throws IOException {
    new Params(ctx);
    ctx.contentType("application/json").header("Cache-Control", "no-store");
    OutputStream out = ctx.outputStream();
    String before = "[";
    for (Trash.Entry entry : index.trash().newest(MOST)) {
      Optional<TrashedSegment> trashed = index.trash().find(entry.id());
      if (trashed.isPresent()) {
        out.write((before + view(trashed.get())).getBytes(StandardCharsets.UTF_8));
        before = ",";
      }
    }
    out.write((before.equals("[") ? "[]" : "]").getBytes(StandardCharsets.UTF_8));
  }

  private ObjectNode view(TrashedSegment trashed) {
    return Views.segment(trashed.segment())
        .put("deletedAt", trashed.deletedAt().toString())
        .put("until", trashed.deletedAt().plus(grace).toString());
  }

  private void restore(Context ctx) throws IOException {
    store.restore(SegmentRoutes.id(ctx));
    ctx.status(204);
  }
}
