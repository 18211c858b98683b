package io.github.raspberryspy.sink.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.raspberryspy.sink.auth.Accounts;
import io.github.raspberryspy.sink.index.KnownSession;
import io.github.raspberryspy.sink.index.Role;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What people do with their own account: come in, look, change the password, end sessions. */
final class AccountRoutes {

  private static final String SESSIONS = "/api/v1/sessions";
  private static final String CURRENT = "current";

  private final Guard guard;
  private final Accounts accounts;

  AccountRoutes(Guard guard, Accounts accounts) {
    this.guard = guard;
    this.accounts = accounts;
  }

  List<Route> routes() {
    return List.of(
        new Route(HandlerType.POST, "/sign-in", Access.PUBLIC, this::signIn),
        new Route(HandlerType.POST, "/welcome", Access.PUBLIC, this::welcome),
        new Route(HandlerType.GET, "/api/v1/me", Access.PERSON, this::me),
        new Route(HandlerType.PUT, "/api/v1/me/password", Access.PERSON, this::changePassword),
        new Route(HandlerType.GET, SESSIONS, Access.PERSON, this::sessions),
        new Route(HandlerType.DELETE, SESSIONS, Access.PERSON, this::endOthers),
        new Route(HandlerType.DELETE, SESSIONS + "/{id}", Access.PERSON, this::end));
  }

  private void signIn(Context ctx) throws IOException {
    Body body = new Body(ctx, "name", "password");
    String session = accounts.signIn(body.text("name"), body.text("password"), Cookies.device(ctx));
    letIn(ctx, session);
  }

  private void welcome(Context ctx) throws IOException {
    Body body = new Body(ctx, "token", "name", "password");
    String session =
        accounts.welcome(
            body.text("token"), body.text("name"), body.text("password"), Cookies.device(ctx));
    letIn(ctx, session);
  }

  /** Whoever was signed in here before, is no longer. */
  private void letIn(Context ctx, String session) {
    guard.session(ctx).ifPresent(accounts.sessions()::end);
    Cookies.set(ctx, session);
    ctx.header("Cache-Control", "no-store").status(204);
  }

  private void me(Context ctx) {
    KnownSession session = guard.required(ctx);
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("name", session.who())
        .put("role", name(session.role()))
        .put("hasPassword", session.person().isPresent())
        .put("hasOwner", accounts.hasOwner())
        .put("session", session.id());
    Json.send(ctx, node);
  }

  private void changePassword(Context ctx) throws IOException {
    Body body = new Body(ctx, "current", "password");
    accounts.changePassword(
        guard.required(ctx), body.text("current"), body.text("password"), Cookies.device(ctx));
    ctx.status(204);
  }

  /** Their own; an owner's are everybody's. */
  private void sessions(Context ctx) {
    KnownSession mine = guard.required(ctx);
    var list = JsonNodeFactory.instance.arrayNode();
    for (KnownSession session : visible(mine)) {
      list.addObject()
          .put("id", session.id())
          .put("name", session.who())
          .put("browser", session.browser())
          .put("address", session.address())
          .put("created", session.created().toString())
          .put("used", session.used().toString())
          .put("expires", session.expires().toString())
          .put("isCurrent", session.hash().equals(mine.hash()))
          .put("isMine", session.personId().equals(mine.personId()));
    }
    Json.send(ctx, list);
  }

  private void endOthers(Context ctx) {
    accounts.sessions().endOthers(guard.required(ctx));
    ctx.status(204);
  }

  private void end(Context ctx) {
    KnownSession mine = guard.required(ctx);
    String id = ctx.pathParam("id");
    KnownSession ended =
        id.equals(CURRENT)
            ? mine
            : visible(mine).stream()
                .filter(session -> session.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Problem(404, "there is no such session"));
    accounts.sessions().end(ended);
    if (ended.hash().equals(mine.hash())) {
      Cookies.clear(ctx);
    }
    ctx.status(204);
  }

  private List<KnownSession> visible(KnownSession mine) {
    return accounts.sessions().all().stream()
        .filter(session -> mine.role() == Role.OWNER || session.personId().equals(mine.personId()))
        .toList();
  }

  static String name(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
