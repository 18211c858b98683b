package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.sink.event.Seldom;
import io.github.raspberryspy.sink.fleet.Fleet;
import io.github.raspberryspy.sink.fleet.LinkPeer;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cameras' end of the control link. Thread-safe. */
final class LinkSocket {

  private static final Logger log = LoggerFactory.getLogger(LinkSocket.class);

  /** Close code for what does not keep to the protocol. Source: RFC 6455 section 7.4.1. */
  private static final int POLICY = 1008;

  private static final int GOING_AWAY = 1001;
  private static final int MOST_REASON = 100;

  private final Fleet fleet;
  private final Seldom seldom = new Seldom(System::nanoTime);
  private final Map<String, LinkPeer> peers = new ConcurrentHashMap<>();

  LinkSocket(Fleet fleet) {
    this.fleet = fleet;
  }

  void configure(WsConfig ws) {
    ws.onConnect(
        ctx -> {
          if (ctx.attribute(Guard.CAMERA) == null) {
            ctx.closeSession(POLICY, "a link is for cameras");
            return;
          }
          Session session = ctx.session;
          LinkPeer peer = new SessionPeer(session);
          peers.put(ctx.sessionId(), peer);
          fleet.connected(camera(ctx), peer);
        });
    ws.onMessage(
        ctx -> {
          LinkPeer peer = peers.get(ctx.sessionId());
          if (peer != null) {
            try {
              fleet.received(camera(ctx), peer, ctx.message());
            } catch (ManifestException e) {
              refuse(ctx, e.getMessage());
            }
          }
        });
    ws.onBinaryMessage(ctx -> refuse(ctx, "messages of a link are text"));
    ws.onClose(this::gone);
    ws.onError(this::gone);
  }

  private void refuse(WsContext ctx, String reason) {
    LinkPeer peer = peers.remove(ctx.sessionId());
    if (peer != null) {
      String sentence = "the link of camera " + camera(ctx) + " is closed: " + reason;
      seldom.say(camera(ctx), "refused", sentence, log::warn);
      fleet.refused(camera(ctx), peer);
    }
    ctx.closeSession(POLICY, shortened(reason));
  }

  private void gone(WsContext ctx) {
    LinkPeer peer = peers.remove(ctx.sessionId());
    if (peer != null) {
      fleet.disconnected(camera(ctx), peer);
    }
  }

  private static String camera(WsContext ctx) {
    return String.valueOf(ctx.<String>attribute(Guard.CAMERA));
  }

  /** A camera by its connection. */
  private record SessionPeer(Session session) implements LinkPeer {
    @Override
    public void close(String reason) {
      session.close(GOING_AWAY, reason, Callback.NOOP);
    }

    @Override
    public void send(String text) {
      session.sendText(text, Callback.from(() -> {}, failure -> session.disconnect()));
    }

    @Override
    public Optional<InetAddress> address() {
      return session.getRemoteSocketAddress() instanceof InetSocketAddress remote
          ? Optional.ofNullable(remote.getAddress())
          : Optional.empty();
    }
  }

  private static String shortened(String reason) {
    return reason.length() <= MOST_REASON ? reason : reason.substring(0, MOST_REASON);
  }
}
