package io.github.raspberryspy.sink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StorageTotals;
import io.github.raspberryspy.sink.retention.Rule;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.util.List;

/** How much footage there is, and how much room; and whether the clock is right. */
final class StorageRoutes {

  private static final String STORAGE = "/api/v1/storage";

  private final SegmentIndex index;
  private final Upkeep upkeep;

  StorageRoutes(SegmentIndex index, Upkeep upkeep) {
    this.index = index;
    this.upkeep = upkeep;
  }

  List<Route> routes() {
    return List.of(
        new Route(HandlerType.GET, STORAGE, Access.PERSON, ctx -> Json.send(ctx, storage())),
        new Route(HandlerType.POST, STORAGE + "/clock", Access.PERSON, this::confirmClock));
  }

  /** Used, saved, free. */
  ObjectNode storage() throws IOException {
    StorageTotals totals = index.totals();
    Rule rule = upkeep.policy().standard();
    return Views.object()
        .put("usedBytes", totals.bytes())
        .put("savedBytes", totals.savedBytes())
        .put("segments", totals.segments())
        .put("saved", totals.saved())
        .put("trashBytes", index.trash().bytes())
        .put("trashGraceSeconds", upkeep.trashGrace().toSeconds())
        .put("damaged", index.damage().count())
        .put("freeBytes", upkeep.space().freeBytes())
        .put("reserveBytes", upkeep.space().reserveBytes())
        .put("totalBytes", upkeep.space().totalBytes())
        .put("limitBytes", upkeep.policy().maxBytes())
        .put("maxAgeSeconds", rule.maxAge().toSeconds())
        .put("motionMaxAgeSeconds", rule.age(true).toSeconds());
  }

  private void confirmClock(Context ctx) {
    upkeep.clock().confirm();
    ctx.status(204);
  }
}
