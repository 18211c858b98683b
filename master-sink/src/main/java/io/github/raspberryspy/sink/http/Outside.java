package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.sink.event.Troubles;
import io.github.raspberryspy.sink.index.Notes;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices once when this master can be reached from the internet without a VPN or a proxy: its port
 * may be open by a mistake, or by a router that was asked to. An owner may say that it is meant so.
 * Thread-safe.
 */
final class Outside {

  private static final Logger log = LoggerFactory.getLogger(Outside.class);
  private static final String KIND = "outside";
  private static final String NOTE = "outside.meant";
  private static final String SINCE = "outside.since"; // for ever: it is told of once

  private final Troubles troubles;
  private final Notes notes;
  private final Networks networks;
  private final Clock clock;
  private volatile boolean isSaid; // or need not be

  Outside(Troubles troubles, Notes notes, Networks networks, Clock clock) {
    this.troubles = troubles;
    this.notes = notes;
    this.networks = networks;
    this.clock = clock;
  }

  /** Listens at this host from now on. */
  void listens(String host) {
    try {
      InetAddress at = InetAddress.getByName(host);
      List<InetAddress> open =
          networks.dialled().stream()
              .filter(own -> at.isAnyLocalAddress() || at.equals(own))
              .toList();
      if (!open.isEmpty()) {
        say(
            "this master listens on "
                + open.get(0).getHostAddress()
                + ", an address of the internet");
      }
    } catch (UnknownHostException e) {
      log.debug("{} is no address", host, e);
    }
  }

  /** Somebody asks, whoever that is. A proxy on this machine asks from this machine. */
  void came(Context ctx) {
    if (isSaid) {
      return;
    }
    try {
      InetAddress peer = InetAddress.getByName(bare(ctx.req().getRemoteAddr()));
      InetAddress here = InetAddress.getByName(bare(ctx.req().getLocalAddr()));
      if (networks.isOutside(peer, here)) {
        say("somebody at " + peer.getHostAddress() + " reached this master over the internet");
      }
    } catch (UnknownHostException e) {
      log.debug("who asks has no address", e);
    }
  }

  private static String bare(String address) {
    return address.startsWith("[") ? address.substring(1, address.length() - 1) : address;
  }

  private synchronized void say(String sentence) {
    try {
      if (!isSaid && notes.get(NOTE).isEmpty()) {
        Instant since = Instant.parse(notes.putIfAbsent(SINCE, clock.instant().toString()));
        troubles.begin(KIND, sentence + ", and neither by a VPN nor by a proxy", since);
      }
      isSaid = true;
    } catch (JdbiException e) {
      log.debug("whether that is meant is not known now: {}", e.getMessage());
    }
  }

  List<Route> routes() {
    return List.of(
        new Route(HandlerType.POST, "/api/v1/troubles/outside/meant", Access.OWNER, this::meant));
  }

  /** Nothing is said of it any more, after a restart neither. */
  private synchronized void meant(Context ctx) {
    notes.put(NOTE, "yes");
    isSaid = true;
    troubles.end(KIND);
    ctx.status(204);
  }
}
