package io.github.raspberryspy.sink.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.Shelf;
import io.github.raspberryspy.sink.index.StorageTotals;
import io.github.raspberryspy.sink.retention.Outlook;
import io.github.raspberryspy.sink.retention.Rule;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.util.List;

/** How much footage there is, how much room, what goes next; and whether the clock is right. */
final class StorageRoutes {

  private static final String STORAGE = "/api/v1/storage";

  private final SegmentIndex index;
  private final Upkeep upkeep;
  private final Outlook outlook;

  StorageRoutes(SegmentIndex index, Upkeep upkeep) {
    this.index = index;
    this.upkeep = upkeep;
    this.outlook = new Outlook(upkeep.policy(), index, upkeep.space(), upkeep.clock().clock());
  }

  List<Route> routes() {
    return List.of(
        new Route(HandlerType.GET, STORAGE, Access.PERSON, ctx -> Json.send(ctx, storage())),
        new Route(HandlerType.GET, STORAGE + "/outlook", Access.PERSON, this::outlook),
        new Route(HandlerType.POST, STORAGE + "/clock", Access.OWNER, this::confirmClock));
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
        .put("onDisk", upkeep.space().holdsFootage())
        .put("freeBytes", upkeep.space().freeBytes())
        .put("reserveBytes", upkeep.space().reserveBytes())
        .put("totalBytes", upkeep.space().totalBytes())
        .put("limitBytes", upkeep.policy().maxBytes())
        .put("maxAgeSeconds", rule.maxAge().toSeconds())
        .put("motionMaxAgeSeconds", rule.age(true).toSeconds());
  }

  private void outlook(Context ctx) throws IOException {
    Outlook.View view = outlook.look();
    ObjectNode node = Views.object();
    node.put("fullAt", view.fullAt().map(Object::toString).orElse(null));
    node.set("next", view.next().map(this::next).orElse(null));
    ArrayNode cameras = node.putArray("cameras");
    view.shelves().forEach(shelf -> cameras.add(camera(shelf, view)));
    Json.send(ctx, node);
  }

  private ObjectNode next(Outlook.Next next) {
    ObjectNode node =
        Views.object()
            .put("id", next.id().toString())
            .put("camera", next.id().camera())
            .put("motion", next.motion())
            .put("at", next.at().toString())
            .put("reason", next.reason());
    index
        .find(next.id())
        .ifPresent(segment -> node.put("start", segment.manifest().start().toString()));
    return node;
  }

  private ObjectNode camera(Shelf shelf, Outlook.View view) {
    Rule rule = upkeep.policy().rule(shelf.camera());
    ObjectNode node =
        Views.object()
            .put("camera", shelf.camera())
            .put("segments", shelf.segments())
            .put("bytes", shelf.bytes())
            .put("saved", shelf.saved())
            .put("savedBytes", shelf.savedBytes())
            .put("oldest", shelf.oldest().toString())
            .put("limitBytes", rule.maxBytes())
            .put("maxAgeSeconds", rule.maxAge().toSeconds())
            .put("motionMaxAgeSeconds", rule.age(true).toSeconds());
    Long pace = view.bytesADay().get(shelf.camera());
    return pace == null ? node : node.put("bytesADay", pace);
  }

  private void confirmClock(Context ctx) {
    upkeep.clock().confirm();
    ctx.status(204);
  }
}
