package io.github.raspberryspy.sink.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.raspberryspy.sink.auth.Accounts;
import io.github.raspberryspy.sink.index.AuditEntry;
import io.github.raspberryspy.sink.index.Invitation;
import io.github.raspberryspy.sink.index.Person;
import io.github.raspberryspy.sink.index.Role;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.util.List;

/** What an owner does with people: invite, remove, and read what they did. */
final class PeopleRoutes {

  private static final String PEOPLE = "/api/v1/people";
  private static final String INVITATIONS = "/api/v1/invitations";
  private static final int PAGE = 100;
  private static final int LONGEST_PAGE = 1000;

  private final Guard guard;
  private final Accounts accounts;

  PeopleRoutes(Guard guard, Accounts accounts) {
    this.guard = guard;
    this.accounts = accounts;
  }

  List<Route> routes() {
    return List.of(
        new Route(HandlerType.GET, PEOPLE, Access.OWNER, this::people),
        new Route(HandlerType.DELETE, PEOPLE + "/{id}", Access.OWNER, this::remove),
        new Route(HandlerType.GET, INVITATIONS, Access.OWNER, this::invitations),
        new Route(HandlerType.POST, INVITATIONS, Access.OWNER, this::invite),
        new Route(HandlerType.DELETE, INVITATIONS + "/{id}", Access.OWNER, this::uninvite),
        new Route(HandlerType.GET, "/api/v1/audit", Access.OWNER, this::audit));
  }

  private void people(Context ctx) {
    var list = JsonNodeFactory.instance.arrayNode();
    for (Person person : accounts.all()) {
      list.addObject()
          .put("id", person.id())
          .put("name", person.name())
          .put("role", AccountRoutes.name(person.role()))
          .put("created", person.created().toString());
    }
    Json.send(ctx, list);
  }

  private void remove(Context ctx) {
    guard.detail(ctx, accounts.remove(ctx.pathParam("id")));
    ctx.status(204);
  }

  private void invitations(Context ctx) {
    var list = JsonNodeFactory.instance.arrayNode();
    for (Invitation invitation : accounts.invitations()) {
      list.addObject()
          .put("id", invitation.id())
          .put("role", AccountRoutes.name(invitation.role()))
          .put("inviter", invitation.inviter())
          .put("created", invitation.created().toString())
          .put("expires", invitation.expires().toString());
    }
    Json.send(ctx, list);
  }

  private void invite(Context ctx) throws IOException {
    String role = new Body(ctx, "role").text("role");
    if (!role.equals("viewer") && !role.equals("owner")) {
      throw new Problem(400, "role is \"" + role + "\"; allowed is viewer or owner");
    }
    String token =
        accounts.invite(role.equals("owner") ? Role.OWNER : Role.VIEWER, guard.required(ctx).who());
    guard.detail(ctx, role);
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("path", "welcome#token=" + token).put("validSeconds", Accounts.INVITED.toSeconds());
    Json.send(ctx, node);
  }

  private void uninvite(Context ctx) {
    accounts.uninvite(ctx.pathParam("id"));
    ctx.status(204);
  }

  private void audit(Context ctx) {
    Params params = new Params(ctx, "before", "limit");
    int most = params.number("limit", PAGE, 1, LONGEST_PAGE);
    int before = params.number("before", Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
    var list = JsonNodeFactory.instance.arrayNode();
    for (AuditEntry entry : accounts.audit().entries(before, most)) {
      list.addObject()
          .put("number", entry.number())
          .put("at", entry.at().toString())
          .put("who", entry.who())
          .put("address", entry.address())
          .put("action", entry.action())
          .put("detail", entry.detail())
          .put("hash", entry.hash());
    }
    Json.send(ctx, list);
  }
}
