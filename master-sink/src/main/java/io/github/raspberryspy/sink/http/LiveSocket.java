package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.wire.LiveCodec;
import io.github.raspberryspy.sink.index.KnownSession;
import io.github.raspberryspy.sink.live.LiveHub;
import io.github.raspberryspy.sink.live.Screen;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Live pictures: those that cameras send, and those that people see. Thread-safe. */
final class LiveSocket {

  /** Where people see those of a camera. */
  static final String PATH = "/api/v1/cameras/{id}/live";

  private static final Logger log = LoggerFactory.getLogger(LiveSocket.class);
  private static final int POLICY = 1008;
  private static final int NORMAL = 1000;
  private static final int TRY_LATER = 1013;
  private static final long PING_SECONDS = 15;

  private final LiveHub hub;
  private final Map<String, LiveHub.Uplink> uplinks = new ConcurrentHashMap<>();
  private final Seats seats = new Seats(LiveHub.MOST_VIEWERS);
  private final Map<String, Runnable> viewers = new ConcurrentHashMap<>();

  LiveSocket(LiveHub hub) {
    this.hub = hub;
  }

  /** The cameras' end. */
  void fromCameras(WsConfig ws) {
    ws.onConnect(
        ctx -> {
          Session session = ctx.session;
          session.setMaxBinaryMessageSize(LiveCodec.MOST_BYTES);
          ctx.enableAutomaticPings(PING_SECONDS, TimeUnit.SECONDS);
          LiveHub.Uplink uplink = reason -> session.close(NORMAL, reason, Callback.NOOP);
          uplinks.put(ctx.sessionId(), uplink);
          hub.connected(camera(ctx), uplink);
        });
    ws.onBinaryMessage(
        ctx -> {
          LiveHub.Uplink uplink = uplinks.get(ctx.sessionId());
          if (uplink == null) {
            return;
          }
          try {
            hub.received(camera(ctx), uplink, copy(ctx.data()));
          } catch (ManifestException e) {
            log.warn("live pictures of {} end: {}", camera(ctx), e.getMessage());
            ctx.closeSession(POLICY, "what came is no live message");
          }
        });
    ws.onMessage(ctx -> ctx.closeSession(POLICY, "live messages are binary"));
    ws.onClose(this::uplinkGone);
    ws.onError(this::uplinkGone);
  }

  /** The server's own memory is its own again when this returns. */
  private static ByteBuffer copy(ByteBuffer data) {
    return ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip();
  }

  private void uplinkGone(WsContext ctx) {
    LiveHub.Uplink uplink = uplinks.remove(ctx.sessionId());
    if (uplink != null) {
      hub.disconnected(camera(ctx), uplink);
    }
  }

  /** The viewers' end. */
  void toPeople(WsConfig ws) {
    ws.onConnect(
        ctx -> {
          ctx.enableAutomaticPings(PING_SECONDS, TimeUnit.SECONDS);
          KnownSession session = ctx.attribute(Guard.SESSION);
          Runnable leave =
              session != null && seats.take(ctx.sessionId(), session)
                  ? hub.join(ctx.pathParam("id"), new SessionScreen(ctx.session))
                  : null;
          if (leave == null) {
            ctx.closeSession(TRY_LATER, "too many watch already");
          } else {
            viewers.put(ctx.sessionId(), leave);
          }
        });
    ws.onMessage(ctx -> ctx.closeSession(POLICY, "a viewer has nothing to say"));
    ws.onBinaryMessage(ctx -> ctx.closeSession(POLICY, "a viewer has nothing to say"));
    ws.onClose(this::viewerGone);
    ws.onError(this::viewerGone);
  }

  private void viewerGone(WsContext ctx) {
    seats.leave(ctx.sessionId());
    Runnable leave = viewers.remove(ctx.sessionId());
    if (leave != null) {
      leave.run();
    }
  }

  private static String camera(WsContext ctx) {
    return String.valueOf(ctx.<String>attribute(Guard.CAMERA));
  }

  /** A viewer by the connection. */
  private record SessionScreen(Session session) implements Screen {
    @Override
    public void send(String text, Consumer<Boolean> sent) {
      session.sendText(text, told(sent));
    }

    @Override
    public void send(ByteBuffer bytes, Consumer<Boolean> sent) {
      session.sendBinary(bytes, told(sent));
    }

    @Override
    public void close(String reason) {
      session.close(NORMAL, reason, Callback.NOOP);
    }

    private static Callback told(Consumer<Boolean> sent) {
      return Callback.from(() -> sent.accept(true), failure -> sent.accept(false));
    }
  }
}
