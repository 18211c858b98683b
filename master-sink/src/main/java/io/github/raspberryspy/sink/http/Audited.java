package io.github.raspberryspy.sink.http;

import io.javalin.http.Context;
import java.util.Map;

/** What of people's requests is noted in the audit log, and under which word. */
final class Audited {

  private static final String LOOK = "PUT /api/v1/alerts/seen"; // changes nothing of the master's
  private static final String SEGMENT = "/api/v1/segments/{id}";

  /** Whatever else changes something is a "change", with its method and path. */
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("PUT " + SEGMENT + "/saved", "save"),
          Map.entry("DELETE " + SEGMENT + "/saved", "un-save"),
          Map.entry("DELETE " + SEGMENT, "delete"),
          Map.entry("DELETE /api/v1/trash", "empty-trash"),
          Map.entry("DELETE /api/v1/trash/{id}", "purge"),
          Map.entry("POST /api/v1/trash/{id}/restore", "restore"),
          Map.entry("POST /api/v1/storage/clock", "confirm-clock"),
          Map.entry("POST /api/v1/troubles/outside/meant", "mean-outside"),
          Map.entry("POST /api/v1/alerts/test", "test-alert"),
          Map.entry("POST /api/v1/cameras/{id}/commands", "command"),
          Map.entry("PUT /api/v1/cameras/{id}/settings", "set-camera"),
          Map.entry("PUT /api/v1/cameras/{id}/name", "name-camera"),
          Map.entry("DELETE /api/v1/cameras/{id}", "remove-camera"),
          Map.entry("PUT /api/v1/me/password", "change-password"),
          Map.entry("DELETE /api/v1/sessions", "end-other-sessions"),
          Map.entry("DELETE /api/v1/sessions/{id}", "end-session"),
          Map.entry("DELETE /api/v1/people/{id}", "remove-person"),
          Map.entry("POST /api/v1/pairings", "pairing-code"),
          Map.entry("DELETE /api/v1/pairings/codes/{id}", "spend-code"),
          Map.entry("DELETE /api/v1/pairings/{id}", "unpair"),
          Map.entry("POST /api/v1/shares", "share"),
          Map.entry("DELETE /api/v1/shares/{id}", "un-share"),
          Map.entry("POST /api/v1/invitations", "invite"),
          Map.entry("DELETE /api/v1/invitations/{id}", "un-invite"));

  private Audited() {}

  /** Whether it is noted that a person used this route. */
  static boolean isNoted(Route route) {
    boolean isOfPeople = route.access() == Access.PERSON || route.access() == Access.OWNER;
    return isOfPeople && !key(route).equals(LOOK) && Guard.changes(route.method().name());
  }

  /** In one word. */
  static String word(Route route) {
    return WORDS.getOrDefault(key(route), "change");
  }

  /** To what. */
  static String object(Route route, Context ctx) {
    if (!WORDS.containsKey(key(route))) {
      return route.method().name() + " " + ctx.path();
    }
    return route.path().contains("{id}") ? ctx.pathParam("id") : "";
  }

  private static String key(Route route) {
    return route.method().name() + " " + route.path();
  }
}
