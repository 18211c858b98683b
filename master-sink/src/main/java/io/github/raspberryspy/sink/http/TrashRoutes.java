package io.github.raspberryspy.sink.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.TrashedSegment;
import io.github.raspberryspy.sink.store.SegmentStore;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

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

  private void list(Context ctx) {
    new Params(ctx);
    ArrayNode array = Views.array();
    for (TrashedSegment trashed : index.trash().newest(MOST)) {
      ObjectNode node = Views.segment(trashed.segment());
      array.add(
          node.put("deletedAt", trashed.deletedAt().toString())
              .put("until", trashed.deletedAt().plus(grace).toString()));
    }
    Json.send(ctx, array);
  }

  private void restore(Context ctx) throws IOException {
    store.restore(SegmentRoutes.id(ctx));
    ctx.status(204);
  }
}
