package io.github.raspberryspy.sink.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.raspberryspy.sink.event.CameraStatus;
import io.github.raspberryspy.sink.fleet.Fleet;
import io.github.raspberryspy.sink.index.CameraTotals;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StorageTotals;
import io.github.raspberryspy.sink.retention.Rule;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How things stand, for people: cameras, days, events, storage; and for monitors: health. */
final class StateRoutes {

  private static final String CAMERAS = "/api/v1/cameras";

  private final SegmentIndex index;
  private final Fleet fleet;
  private final Upkeep upkeep;

  StateRoutes(SegmentIndex index, Fleet fleet, Upkeep upkeep) {
    this.index = index;
    this.fleet = fleet;
    this.upkeep = upkeep;
  }

  List<Route> routes() {
    return List.of(
        new Route(HandlerType.GET, "/health", Access.PUBLIC, this::health),
        new Route(HandlerType.GET, CAMERAS, Access.PERSON, this::cameras),
        new Route(HandlerType.GET, CAMERAS + "/{id}", Access.PERSON, this::camera),
        new Route(HandlerType.GET, "/api/v1/days", Access.PERSON, this::days),
        new Route(HandlerType.GET, "/api/v1/events", Access.PERSON, this::events),
        new Route(HandlerType.GET, "/api/v1/storage", Access.PERSON, this::storage),
        new Route(HandlerType.POST, "/api/v1/storage/clock", Access.PERSON, this::confirmClock));
  }

  private void health(Context ctx) {
    index.isComplete(); // fails where the index cannot be read
    Json.send(ctx, Views.object().put("status", "ok"));
  }

  private void cameras(Context ctx) {
    ArrayNode array = Views.array();
    all().values().forEach(array::add);
    Json.send(ctx, array);
  }

  private void camera(Context ctx) {
    ObjectNode camera = all().get(ctx.pathParam("id"));
    if (camera == null) {
      throw new Problem(404, "there is no such camera");
    }
    Json.send(ctx, camera);
  }

  private void days(Context ctx) {
    ArrayNode array = Views.array();
    index.days(new Params(ctx, "camera").camera()).forEach(array::add);
    Json.send(ctx, array);
  }

  private void events(Context ctx) {
    Params params = new Params(ctx, "camera", "from", "to");
    Json.send(
        ctx,
        Views.events(
            index.cameras().events(params.camera(), params.instant("from"), params.instant("to"))));
  }

  private void confirmClock(Context ctx) {
    upkeep.clock().confirm();
    ctx.status(204);
  }

  private void storage(Context ctx) throws IOException {
    Json.send(ctx, storage());
  }

  /** Used, saved, free. */
  ObjectNode storage() throws IOException {
    StorageTotals totals = index.totals();
    Rule rule = upkeep.policy().standard();
    ObjectNode node = Views.object();
    ArrayNode problems = node.putArray("problems");
    upkeep.troubles().standing().values().forEach(problems::add);
    return node.put("usedBytes", totals.bytes())
        .put("savedBytes", totals.savedBytes())
        .put("segments", totals.segments())
        .put("saved", totals.saved())
        .put("trashBytes", index.trash().bytes())
        .put("damaged", index.damage().count())
        .put("freeBytes", upkeep.space().freeBytes())
        .put("totalBytes", upkeep.space().totalBytes())
        .put("limitBytes", upkeep.policy().maxBytes())
        .put("maxAgeSeconds", rule.maxAge().toSeconds())
        .put("motionMaxAgeSeconds", rule.age(true).toSeconds());
  }

  /** Cameras with a link, with footage, or with both. */
  private Map<String, ObjectNode> all() {
    Map<String, CameraTotals> totals = new TreeMap<>();
    index.cameraTotals().forEach(t -> totals.put(t.camera(), t));
    Map<String, CameraStatus> statuses = new TreeMap<>();
    totals.keySet().forEach(camera -> statuses.put(camera, CameraStatus.never(camera)));
    fleet.cameras().forEach(status -> statuses.put(status.camera(), status));
    Map<String, ObjectNode> all = new TreeMap<>();
    statuses.forEach(
        (camera, status) ->
            all.put(
                camera,
                Views.camera(
                    status, totals.getOrDefault(camera, new CameraTotals(camera, 0, 0, null)))));
    return all;
  }
}
