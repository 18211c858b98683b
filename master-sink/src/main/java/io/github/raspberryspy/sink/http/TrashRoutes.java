package io.github.raspberryspy.sink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.Trash;
import io.github.raspberryspy.sink.index.TrashedSegment;
import io.github.raspberryspy.sink.store.SegmentStore;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** What a person deletes, and what of it can still be had back. */
final class TrashRoutes {

  private static final String ALL = "/api/v1/trash";
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
        new Route(HandlerType.DELETE, "/api/v1/segments/{id}", Access.OWNER, this::delete),
        new Route(HandlerType.GET, ALL, Access.PERSON, this::list),
        new Route(HandlerType.DELETE, ALL, Access.OWNER, this::empty),
        new Route(HandlerType.DELETE, ALL + "/{id}", Access.OWNER, this::purge),
        new Route(HandlerType.POST, ALL + "/{id}/restore", Access.OWNER, this::restore));
  }

  private void delete(Context ctx) throws IOException {
    store.trash(SegmentRoutes.id(ctx));
    ctx.status(204);
  }

  private void list(Context ctx) throws IOException {
    new Params(ctx);
    List<SegmentId> listed = listed().map(Trash.Entry::id).toList();
    Json.sendEach(ctx, listed, id -> index.trash().find(id).map(this::view));
  }

  private Stream<Trash.Entry> listed() {
    return index.trash().newest(MOST).stream();
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

  private void purge(Context ctx) throws IOException {
    if (store.purge(List.of(SegmentRoutes.id(ctx))) == 0) {
      throw new Problem(404, "there is no such segment in the trash");
    }
    ctx.status(204);
  }

  /**
   * What the listing showed, so that nobody loses what they could not see: at most as much as it
   * shows, and of that nothing that was deleted after {@code until}.
   */
  private void empty(Context ctx) throws IOException {
    Instant until =
        new Params(ctx, "until")
            .instant("until")
            .orElseThrow(
                () ->
                    new Problem(
                        400, "parameter until is missing: the latest deletedAt that was shown"));
    store.purge(listed().filter(e -> !e.deletedAt().isAfter(until)).map(Trash.Entry::id).toList());
    ctx.status(204);
  }
}
