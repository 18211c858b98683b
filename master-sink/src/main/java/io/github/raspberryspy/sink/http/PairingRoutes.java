package io.github.raspberryspy.sink.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.wire.PairingCode;
import io.github.raspberryspy.segments.wire.PairingMessage;
import io.github.raspberryspy.sink.MasterServer;
import io.github.raspberryspy.sink.Qr;
import io.github.raspberryspy.sink.auth.Audit;
import io.github.raspberryspy.sink.auth.MasterSecret;
import io.github.raspberryspy.sink.auth.Tickets;
import io.github.raspberryspy.sink.auth.Tries;
import io.github.raspberryspy.sink.event.CameraStatus;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.MasterEvent.CameraPaired;
import io.github.raspberryspy.sink.fleet.Fleet;
import io.github.raspberryspy.sink.index.CameraKey;
import io.github.raspberryspy.sink.index.CameraKeys;
import io.github.raspberryspy.sink.index.SegmentIndex;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Codes that pair cameras, for people; what cameras do with them; and the end of it. */
final class PairingRoutes {

  private static final String PAIRINGS = "/api/v1/pairings";
  private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
  private static final int MOST_BODY = 4 << 10;
  private static final int MOST_EACH = 5;
  private static final int MOST_ALL = 100;
  private static final String NO_PAIRING = "what the camera said is no pairing";

  private final MasterSecret secret;
  private final SegmentIndex index;
  private final CameraKeys keys;
  private final Fleet fleet;
  private final Events events;
  private final Audit audit;
  private final Clock clock;
  private final Guard guard;
  private final PairedCameras cameras;
  private final Optional<TlsDoor> door;

  /** Who shows a code that is none of ours, by address. */
  private final Tries strangers;

  /** Who shows one of ours once more, by the code. */
  private final Tries holders;

  PairingRoutes(
      HttpServer.Parts parts, Guard guard, PairedCameras cameras, Optional<TlsDoor> door) {
    this.secret = parts.secret();
    this.index = parts.index();
    this.keys = index.cameraKeys();
    this.fleet = parts.fleet();
    this.events = parts.events();
    this.audit = parts.accounts().audit();
    this.clock = parts.upkeep().clock().forward();
    this.guard = guard;
    this.cameras = cameras;
    this.door = door;
    this.strangers = new Tries(MOST_EACH, MOST_ALL, parts.nanos());
    this.holders = new Tries(MOST_EACH, MOST_ALL, parts.nanos());
  }

  List<Route> routes() {
    return List.of(
        new Route(HandlerType.GET, PAIRINGS, Access.OWNER, this::list),
        new Route(HandlerType.POST, PAIRINGS, Access.OWNER, this::code),
        new Route(HandlerType.GET, PAIRINGS + "/codes", Access.OWNER, this::canPair),
        new Route(HandlerType.DELETE, PAIRINGS + "/codes/{id}", Access.OWNER, this::spend),
        new Route(HandlerType.DELETE, PAIRINGS + "/{id}", Access.OWNER, this::revoke),
        new Route(HandlerType.DELETE, "/api/v1/cameras/{id}", Access.OWNER, this::remove),
        new Route(HandlerType.POST, PairingMessage.PATH, Access.PUBLIC, this::pair));
  }

  private void list(Context ctx) {
    Map<String, Instant> heard = new HashMap<>();
    for (CameraStatus status : fleet.cameras()) {
      status.lastHeartbeat().ifPresent(at -> heard.put(status.camera(), at));
    }
    ArrayNode array = Views.array();
    for (CameraKey key : keys.paired()) {
      Instant last = heard.get(key.camera());
      ObjectNode node =
          Views.object()
              .put("camera", key.camera())
              .put("key", key.key())
              .put("pairedAt", key.pairedAt().toString());
      if (last != null && !last.isBefore(key.pairedAt())) {
        node.put("lastHeard", last.toString()); // earlier it was another key's
      }
      array.add(node);
    }
    Json.send(ctx, array);
  }

  /** Whether a code can be made, and where it would lead cameras. */
  private void canPair(Context ctx) {
    ObjectNode node = Views.object().put("possible", door.isPresent());
    ArrayNode addresses = node.putArray("addresses");
    door.ifPresent(tls -> tls.addresses(ctx.req().getLocalPort()).forEach(addresses::add));
    Json.send(ctx, node);
  }

  private void code(Context ctx) throws IOException {
    TlsDoor tls = door.orElseThrow(() -> new Problem(409, MasterServer.NO_TLS));
    Instant expiry = clock.instant().plus(MasterServer.CODE_LIFE);
    PairingCode code = read(ctx, tls, expiry);
    guard.detail(ctx, code.name());
    ctx.status(201);
    Json.send(
        ctx,
        Views.object()
            .put("id", Tickets.id(code.ticket()))
            .put("code", code.text())
            .put("expires", expiry.toString())
            .put("qr", Qr.svg(code.text())));
  }

  /** The wish, which may be empty. */
  private PairingCode read(Context ctx, TlsDoor tls, Instant expiry) throws IOException {
    byte[] body = SmallBody.of(ctx, MOST_BODY);
    try {
      return JsonFields.parse(
          body.length == 0 ? new byte[] {'{', '}'} : body,
          "pairing",
          f -> {
            String name = f.has("camera") ? f.text("camera") : "";
            boolean anew = f.has("anew") && f.text("anew").equals("true");
            byte[] ticket = Tickets.draw(secret, name, anew, expiry);
            return new PairingCode(
                tls.pin(), ticket, name, tls.addresses(ctx.req().getLocalPort()));
          });
    } catch (ManifestException e) {
      throw new Problem(400, e.getMessage());
    }
  }

  /** A code that nobody is to use any more. */
  private void spend(Context ctx) {
    String id = ctx.pathParam("id");
    if (!ID.matcher(id).matches()) {
      throw new Problem(404, "there is no such code");
    }
    if (!keys.spend(id, clock.instant().plus(MasterServer.CODE_LIFE))) {
      throw new Problem(410, "this code was used, or taken back before");
    }
    guard.detail(ctx, "");
    ctx.status(204);
  }

  private void revoke(Context ctx) {
    String camera = ctx.pathParam("id");
    boolean had = keys.revoke(camera, clock.instant());
    cameras.turnOut();
    if (!had) {
      throw new Problem(404, "no camera of this name is paired");
    }
    fleet.unpaired(camera);
    ctx.status(204);
  }

  /** Takes a camera off the wall, and its key from it: its footage stays. */
  private void remove(Context ctx) {
    String camera = ctx.pathParam("id");
    if (!fleet.knows(camera)
        && index.cameraTotals().stream().noneMatch(t -> t.camera().equals(camera))) {
      throw new Problem(404, "there is no such camera");
    }
    if (fleet.hasLink(camera)) {
      throw new Problem(
          409, "camera " + camera + " is connected: unpair it or end its program, then remove it");
    }
    keys.revoke(camera, clock.instant());
    cameras.turnOut();
    fleet.removed(camera);
    ctx.status(204);
  }

  private void pair(Context ctx) throws IOException {
    TlsDoor tls =
        door.orElseThrow(() -> new Problem(409, "cameras are paired over TLS, and here is none"));
    String who = ctx.ip();
    PairingMessage.Ask ask;
    Optional<CameraKeys.Ticket> known;
    try {
      ask = PairingMessage.Ask.decode(SmallBody.of(ctx, MOST_BODY));
      known = Tickets.read(secret, ask.ticketBytes(), ask.name());
    } catch (ManifestException | IllegalArgumentException e) {
      throw wrong(ctx, strangers, who, NO_PAIRING);
    }
    CameraKeys.Ticket ticket =
        known.orElseThrow(
            () ->
                wrong(ctx, strangers, who, "this code is not of this master, or for another name"));
    requireFew(ctx, holders, ticket.hash()); // who has a code of ours is held up by no other
    try {
      PublicKey key = ask.provedKey();
      grant(ask, key, ticket);
      audit.note("", who, "pair", ask.name());
      events.publish(new CameraPaired(ask.name(), ticket.hash()));
      byte[] certificate = tls.certify(ask.name(), key).getEncoded();
      Json.send(ctx, PairingMessage.Grant.of(certificate, secret.credential(ask.name())).encode());
    } catch (ManifestException | IllegalArgumentException e) {
      throw wrong(ctx, holders, ticket.hash(), NO_PAIRING);
    } catch (CertificateEncodingException e) {
      throw new IOException("a certificate cannot be made", e);
    }
  }

  private static Problem wrong(Context ctx, Tries tries, String who, String sentence) {
    requireFew(ctx, tries, who);
    tries.wasWrong(who);
    return new Problem(403, sentence);
  }

  private static void requireFew(Context ctx, Tries tries, String who) {
    if (!tries.mayTry(who)) {
      ctx.header("Retry-After", "60");
      throw new Problem(429, "too many codes were wrong: try again in a minute");
    }
  }

  private void grant(PairingMessage.Ask ask, PublicKey key, CameraKeys.Ticket ticket) {
    Instant now = clock.instant();
    if (!now.isBefore(ticket.expiry())) {
      throw new Problem(410, "this code has ended: have the master make another one");
    }
    String print = HexFormat.of().formatHex(DurableFiles.sha256().digest(key.getEncoded()));
    boolean isItsKey = keys.camera(print).equals(Optional.of(ask.name()));
    switch (keys.pair(new CameraKey(ask.name(), print, now), ticket)) {
      case PAIRED -> {
        cameras.turnOut(); // who had the name until now
        if (!isItsKey && fleet.isHeard(ask.name())) {
          fleet.unpaired(ask.name());
        }
      }
      case USED -> {
        holders.wasWrong(ticket.hash());
        throw new Problem(410, "this code was used: have the master make another one");
      }
      case TAKEN ->
          throw new Problem(
              409,
              "another camera is paired as "
                  + ask.name()
                  + ": choose another name, or have a code made that pairs it anew");
    }
  }
}
