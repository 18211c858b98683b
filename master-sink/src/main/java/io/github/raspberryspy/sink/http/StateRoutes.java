package io.github.raspberryspy.sink.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.raspberryspy.sink.event.CameraStatus;
import io.github.raspberryspy.sink.event.Troubles;
import io.github.raspberryspy.sink.fleet.Fleet;
import io.github.raspberryspy.sink.index.CameraEvent;
import io.github.raspberryspy.sink.index.CameraTotals;
import io.github.raspberryspy.sink.index.FaultSpan;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How things stand, for people: cameras, days, events, troubles; and for monitors: health. */
final class StateRoutes {

  private static final Logger log = LoggerFactory.getLogger(StateRoutes.class);
  private static final String CAMERAS = "/api/v1/cameras";

  private final SegmentIndex index;
  private final Fleet fleet;
  private final Troubles troubles;
  private final LargeAnswers answers = new LargeAnswers();

  StateRoutes(SegmentIndex index, Fleet fleet, Troubles troubles) {
    this.index = index;
    this.fleet = fleet;
    this.troubles = troubles;
  }

  List<Route> routes() {
    return List.of(
        new Route(HandlerType.GET, "/health", Access.PUBLIC, this::health),
        new Route(HandlerType.GET, CAMERAS, Access.PERSON, this::cameras),
        new Route(HandlerType.GET, CAMERAS + "/{id}", Access.PERSON, this::camera),
        new Route(HandlerType.GET, "/api/v1/days", Access.PERSON, this::days),
        new Route(HandlerType.GET, "/api/v1/events", Access.PERSON, this::events),
        new Route(HandlerType.GET, "/api/v1/incidents", Access.PERSON, this::incidents),
        new Route(HandlerType.GET, "/api/v1/troubles", Access.PERSON, this::troubles));
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

  private void events(Context ctx) throws IOException {
    Params params = new Params(ctx, "camera", "from", "to");
    Optional<String> camera = params.camera();
    Optional<Instant> from = params.instant("from");
    Optional<Instant> to = params.instant("to");
    answers.send(ctx, out -> EventViews.write(index.cameras().events(camera, from, to), out));
  }

  /** Cameras that failed, and what the others did; latest first. */
  private void incidents(Context ctx) throws IOException {
    Params params = new Params(ctx, "from", "to");
    Optional<Instant> from = params.instant("from");
    Optional<Instant> to = params.instant("to");
    answers.send(
        ctx,
        out -> EventViews.writeIncidents(index.cameras().incidents().incidents(from, to), out));
  }

  /** Of the master, and of cameras where somebody should be told at once. */
  private void troubles(Context ctx) {
    ArrayNode array = Views.array();
    troubles.standing().forEach(trouble -> array.add(Views.trouble(trouble)));
    try {
      for (CameraEvent event : index.cameras().faults().standing()) {
        event
            .fault()
            .filter(FaultSpan::alert)
            .ifPresent(fault -> array.add(Views.trouble(event, fault)));
      }
    } catch (JdbiException e) {
      log.debug("what is wrong with cameras is not known now: {}", e.getMessage());
    }
    Json.send(ctx, array);
  }

  /** Cameras with a link, with footage, or with both. */
  private Map<String, ObjectNode> all() {
    Map<String, CameraTotals> totals = new TreeMap<>();
    index.cameraTotals().forEach(t -> totals.put(t.camera(), t));
    Map<String, CameraStatus> statuses = new TreeMap<>();
    totals.keySet().forEach(camera -> statuses.put(camera, CameraStatus.never(camera)));
    fleet.removed().forEach(status -> statuses.replace(status.camera(), status));
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
