package io.github.raspberryspy.sink.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.raspberryspy.sink.alert.AlertJson;
import io.github.raspberryspy.sink.alert.Alerts;
import io.github.raspberryspy.sink.alert.ChannelState;
import io.github.raspberryspy.sink.index.KnownSession;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;

/** What people were told, and whether it gets there. */
final class AlertRoutes {

  private static final String ALERTS = "/api/v1/alerts";
  private static final int MOST = 1000;
  private static final int USUAL = 100;

  private final Guard guard;
  private final Alerts alerts;
  private final Clock clock;

  AlertRoutes(Guard guard, Alerts alerts, Clock clock) {
    this.guard = guard;
    this.alerts = alerts;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        new Route(HandlerType.GET, ALERTS, Access.PERSON, this::list),
        new Route(HandlerType.PUT, ALERTS + "/seen", Access.PERSON, this::seen),
        new Route(HandlerType.POST, ALERTS + "/test", Access.OWNER, this::test));
  }

  private void list(Context ctx) {
    int limit = new Params(ctx, "limit").number("limit", USUAL, 1, MOST);
    ObjectNode answer =
        Views.object().put("unseen", alerts.log().unseen(guard.required(ctx).personId()));
    ArrayNode list = answer.putArray("alerts");
    alerts.log().latest(limit).forEach(alert -> list.add(AlertJson.of(alert)));
    ArrayNode channels = answer.putArray("channels");
    alerts.channels().forEach(state -> channels.add(view(state)));
    Json.send(ctx, answer);
  }

  private static ObjectNode view(ChannelState state) {
    return Views.object()
        .put("name", state.name())
        .put("waiting", state.waiting())
        .put("failing", state.isFailing())
        .put("lastSuccess", state.lastSuccess().map(Object::toString).orElse(null))
        .put("lastError", state.lastError().map(Object::toString).orElse(null))
        .put("error", state.error());
  }

  private void seen(Context ctx) {
    KnownSession session = guard.required(ctx);
    Instant upTo = new Params(ctx, "upTo").requiredInstant("upTo");
    alerts.log().seen(session.personId(), session.role(), upTo, clock.instant());
    ctx.status(204);
  }

  /** That a channel does not work is an answer too. */
  private void test(Context ctx) {
    String channel =
        new Params(ctx, "channel")
            .choice("channel", "webhook", "ntfy", "mail", "mqtt")
            .orElseThrow(() -> new Problem(400, "parameter channel is missing"));
    guard.detail(ctx, channel);
    ObjectNode answer = Views.object();
    try {
      answer.put("answer", alerts.test(channel)).put("ok", true);
    } catch (NoSuchElementException e) {
      throw new Problem(404, "the channel " + channel + " is not configured");
    } catch (IOException e) {
      answer.put("answer", e.getMessage()).put("ok", false);
    }
    Json.send(ctx, answer);
  }
}
