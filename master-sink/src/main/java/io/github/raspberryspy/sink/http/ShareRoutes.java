package io.github.raspberryspy.sink.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.github.raspberryspy.sink.auth.Accounts;
import io.github.raspberryspy.sink.auth.Shares;
import io.github.raspberryspy.sink.export.Export;
import io.github.raspberryspy.sink.export.ExportRange;
import io.github.raspberryspy.sink.export.Exporter;
import io.github.raspberryspy.sink.index.Share;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * Links that show a stretch of footage to whoever has them: owners make them, and take them back;
 * who has one sees that footage and nothing else, without signing in.
 */
final class ShareRoutes {

  private static final String SHARES = "/api/v1/shares";
  private static final String ONE = "/shared/{token}";

  private static final Map<String, Duration> LIVES =
      Map.of("hour", Duration.ofHours(1), "day", Duration.ofDays(1), "week", Duration.ofDays(7));

  private final Guard guard;
  private final Accounts accounts;
  private final Shares shares;
  private final Exporter exporter;

  ShareRoutes(Guard guard, Accounts accounts, Shares shares, Exporter exporter) {
    this.guard = guard;
    this.accounts = accounts;
    this.shares = shares;
    this.exporter = exporter;
  }

  List<Route> routes() {
    return List.of(
        new Route(HandlerType.GET, SHARES, Access.OWNER, this::list),
        new Route(HandlerType.POST, SHARES, Access.OWNER, this::make),
        new Route(HandlerType.DELETE, SHARES + "/{id}", Access.OWNER, this::revoke),
        new Route(HandlerType.GET, ONE + "/facts", Access.PUBLIC, this::facts),
        new Route(HandlerType.GET, ONE + "/video.mp4", Access.PUBLIC, this::video));
  }

  private void list(Context ctx) {
    ArrayNode list = Views.array();
    for (Share share : shares.all()) {
      list.addObject()
          .put("id", share.id())
          .put("camera", share.camera())
          .put("from", share.from().toString())
          .put("to", share.to().toString())
          .put("maker", share.maker())
          .put("created", share.created().toString())
          .put("expires", share.expires().toString())
          .put("uses", share.uses());
    }
    Json.send(ctx, list);
  }

  private void make(Context ctx) throws IOException {
    Body body = new Body(ctx, "camera", "from", "to", "life");
    Duration life = LIVES.get(body.text("life"));
    if (life == null) {
      throw new Problem(400, "life is \"" + body.text("life") + "\"; allowed is hour, day or week");
    }
    ExportRange range = range(body);
    exporter.plan(range, ZoneId.systemDefault()); // what cannot be shown is not shared
    String token =
        shares.make(range.camera(), range.from(), range.to(), life, guard.required(ctx).who());
    guard.detail(
        ctx, range.camera() + " " + range.from() + " to " + range.to() + ", " + body.text("life"));
    Json.send(
        ctx, Views.object().put("path", "shared/" + token).put("validSeconds", life.toSeconds()));
  }

  private static ExportRange range(Body body) {
    try {
      return new ExportRange(
          body.text("camera"), Params.moment(body.text("from")), Params.moment(body.text("to")));
    } catch (DateTimeException e) {
      throw new Problem(400, "from and to are each " + Params.MOMENTS);
    } catch (IllegalArgumentException e) {
      throw new Problem(400, e.getMessage());
    }
  }

  private void revoke(Context ctx) {
    shares.revoke(ctx.pathParam("id"));
    ctx.status(204);
  }

  private void facts(Context ctx) throws IOException {
    show(
        ctx,
        (share, export) -> {
          if (share.uses() == 0) {
            accounts.audit().note("", Cookies.address(ctx), "open-share", share.id());
          }
          shares.used(share);
          Json.send(
              ctx,
              ExportRoutes.describe(export)
                  .put("camera", share.camera())
                  .put("expires", share.expires().toString()));
        });
  }

  private void video(Context ctx) throws IOException {
    show(ctx, (share, export) -> ExportRoutes.send(ctx, export));
  }

  /** What is told of a link's footage. */
  private interface Showing {
    void tell(Share share, Export export) throws IOException;
  }

  private void show(Context ctx, Showing showing) throws IOException {
    ctx.header("X-Robots-Tag", "noindex");
    Share share = shares.open(ctx.pathParam("token"), Cookies.address(ctx));
    ExportRange range = new ExportRange(share.camera(), share.from(), share.to());
    guard.answerGuest(
        ctx,
        share.id(),
        () -> shares.isOpen(share),
        () -> showing.tell(share, exporter.plan(range, ZoneId.systemDefault())));
  }
}
