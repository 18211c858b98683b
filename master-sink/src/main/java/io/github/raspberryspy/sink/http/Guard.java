package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.sink.auth.Accounts;
import io.github.raspberryspy.sink.auth.Audit;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.auth.Sessions;
import io.github.raspberryspy.sink.index.KnownSession;
import io.github.raspberryspy.sink.index.Role;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Lets a request through to its route, or not. What is not declared public needs a person's session
 * or a camera's credential; a person's request that changes something must also come from our own
 * page. Thread-safe.
 */
final class Guard {

  /** Where the name of the camera that asks is found in a request. */
  static final String CAMERA = "camera";

  /** Where the session of the person that asks is found in a request. */
  static final String SESSION = "session";

  private static final String ACTION = "audit.action";
  private static final String DETAIL = "audit.detail";
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
  private static final String BEARER = "Bearer ";

  private final MasterSecret secret;
  private final Sessions sessions;
  private final Audit audit;
  private final Doorkeeper doorkeeper;
  private final PairedCameras cameras;
  private final Revocations revocations;
  private final Share share = new Share();

  Guard(
      MasterSecret secret,
      Accounts accounts,
      Doorkeeper doorkeeper,
      PairedCameras cameras,
      Revocations revocations) {
    this.secret = secret;
    this.sessions = accounts.sessions();
    this.audit = accounts.audit();
    this.doorkeeper = doorkeeper;
    this.cameras = cameras;
    this.revocations = revocations;
  }

  /** The handler behind its rule. */
  Handler wrap(Route route) {
    return ctx -> {
      check(route.access(), ctx);
      Share.Place place = place(route.access(), ctx);
      try {
        if (route.access() != Access.CAMERA && changes(ctx.method().name())) {
          SmallBody.read(ctx, doorkeeper);
        }
        answer(route, ctx);
      } finally {
        place.close();
      }
    };
  }

  private Share.Place place(Access access, Context ctx) {
    if (access == Access.CAMERA) {
      return share.ofCamera(String.valueOf(ctx.<String>attribute(CAMERA)));
    }
    Optional<KnownSession> session = session(ctx);
    if (session.isPresent()) {
      return share.of(session.get());
    }
    String whose = doorkeeper.whose(ctx.req());
    return whose.isEmpty() ? () -> {} : share.ofKnown(whose); // strangers have their own bounds
  }

  private void answer(Route route, Context ctx) throws Exception {
    if (route.access() == Access.CAMERA || route.access() == Access.PUBLIC) {
      route.handler().handle(ctx);
    } else if (changes(ctx.method().name())) {
      route.handler().handle(ctx);
      note(route, ctx);
    } else {
      revocations.answer(ctx, required(ctx), () -> route.handler().handle(ctx));
    }
  }

  /**
   * Answers whoever has a link, as long as this holds: no stranger to its footage, they may take as
   * long as that plays.
   */
  void answerGuest(
      Context ctx, String link, BooleanSupplier isMeant, Revocations.Answer<IOException> answer)
      throws IOException {
    doorkeeper.letIn(ctx.req(), "share " + link);
    Share.Place place = share.ofLink(link);
    try {
      revocations.answer(ctx, isMeant, answer);
    } finally {
      place.close();
    }
  }

  /** Says more of what was done than its address does. */
  void detail(Context ctx, String detail) {
    ctx.attribute(DETAIL, detail);
  }

  /** Likewise, and what was done in a word of its own. */
  void did(Context ctx, String action, String detail) {
    ctx.attribute(ACTION, action);
    detail(ctx, detail);
  }

  private void note(Route route, Context ctx) {
    if (Audited.isNoted(route) && ctx.statusCode() < 400) {
      String action = ctx.attribute(ACTION);
      String detail = ctx.attribute(DETAIL);
      note(
          ctx,
          action == null ? Audited.word(route) : action,
          detail == null ? Audited.object(route, ctx) : detail);
    }
  }

  /** Notes now what a person does, where that changes nothing. */
  void note(Context ctx, String action, String detail) {
    audit.note(required(ctx).who(), Cookies.address(ctx), action, detail);
  }

  /** The rule alone, for upgrades to WebSocket too. */
  void check(Access access, Context ctx) {
    switch (access) {
      case PUBLIC -> admit(ctx);
      case PERSON -> requirePerson(ctx);
      case OWNER -> requireOwner(ctx);
      case CAMERA -> ctx.attribute(CAMERA, requireCamera(ctx));
    }
  }

  /** Refuses whoever shows nothing at all, whether there is such a route or not. */
  void refuseStrangers(Context ctx) {
    if (!isPerson(ctx) && camera(ctx).isEmpty()) {
      throw unknown(ctx);
    }
  }

  /** Whether a signed-in person asks. */
  boolean isPerson(Context ctx) {
    return session(ctx).isPresent();
  }

  /** The session in which a person asks. */
  Optional<KnownSession> session(Context ctx) {
    Optional<KnownSession> known = Optional.ofNullable(ctx.attribute(SESSION));
    if (known.isEmpty()) {
      String id = ctx.cookie(Cookies.name(ctx));
      known = id == null ? Optional.empty() : sessions.use(id, Cookies.address(ctx));
      known.ifPresent(session -> ctx.attribute(SESSION, session));
      if (known.isPresent()) {
        doorkeeper.letIn(ctx.req(), "person " + Seats.holder(known.get()));
      }
    }
    return known;
  }

  /** The session in which a person asks, where nobody else can. */
  KnownSession required(Context ctx) {
    return session(ctx).orElseThrow(() -> unknown(ctx));
  }

  /** Whether a request of this method may change something. */
  static boolean changes(String method) {
    return !SAFE.contains(method);
  }

  /** Refuses a page of another origin. */
  static void requireSameOrigin(Context ctx) {
    String site = ctx.header("Sec-Fetch-Site");
    String origin = ctx.header("Origin");
    if ((site != null && !site.equals("same-origin") && !site.equals("none"))
        || (origin != null && !isOurs(origin, ctx))) {
      throw new Problem(403, "this request comes from a page of another origin");
    }
  }

  private void requirePerson(Context ctx) {
    if (!isPerson(ctx)) {
      throw camera(ctx).isPresent()
          ? new Problem(403, "this is for people; a camera may only reach its own uploads and link")
          : unknown(ctx);
    }
    if (changes(ctx.method().name())) {
      requireOwnPage(ctx);
    }
  }

  private void requireOwner(Context ctx) {
    requirePerson(ctx);
    if (required(ctx).role() != Role.OWNER) {
      throw new Problem(403, "only an owner may do this");
    }
  }

  /** Whoever is known is told to the doorkeeper; nobody is signed in by another's page. */
  private void admit(Context ctx) {
    isPerson(ctx);
    if (changes(ctx.method().name())) {
      requireOwnPage(ctx);
    }
  }

  private String requireCamera(Context ctx) {
    return camera(ctx)
        .orElseThrow(() -> isPerson(ctx) ? new Problem(403, "this is for cameras") : unknown(ctx));
  }

  private Optional<String> camera(Context ctx) {
    Optional<String> paired = cameras.camera(ctx.req());
    paired.ifPresent(name -> doorkeeper.letIn(ctx.req(), "camera " + name));
    return paired.isPresent() || ctx.req().isSecure() ? paired : byToken(ctx);
  }

  /** A token counts on this machine alone, and of a camera that was never paired. */
  private Optional<String> byToken(Context ctx) {
    String header = ctx.header("Authorization");
    if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Optional.empty();
    }
    try {
      CameraCredential claimed = CameraCredential.parse(header.substring(BEARER.length()).strip());
      if (!secret.accepts(claimed) || cameras.isKnown(claimed.camera())) {
        return Optional.empty();
      }
      doorkeeper.letIn(ctx.req(), "camera " + claimed.camera());
      return Optional.of(claimed.camera());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static void requireOwnPage(Context ctx) {
    requireSameOrigin(ctx);
    if (ctx.header("Sec-Fetch-Site") == null
        && ctx.header("Origin") == null
        && !"1".equals(ctx.header("X-RaspberrySpy"))) {
      throw new Problem(
          403, "a request that changes something needs the header \"X-RaspberrySpy: 1\"");
    }
  }

  private static boolean isOurs(String origin, Context ctx) {
    try {
      URI page = URI.create(origin);
      String authority = page.getRawAuthority();
      return authority != null
          && (!Cookies.isSecure(ctx) || "https".equalsIgnoreCase(page.getScheme()))
          && authority
              .toLowerCase(Locale.ROOT)
              .equals(String.valueOf(ctx.host()).toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Problem unknown(Context ctx) {
    ctx.header("WWW-Authenticate", "Bearer realm=\"raspberryspy\"");
    return new Problem(401, "sign in first");
  }
}
