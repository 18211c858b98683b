package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.segments.Timers;
import io.github.raspberryspy.sink.auth.Sessions;
import io.github.raspberryspy.sink.index.KnownSession;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes the WebSockets of people whose session has ended, within seconds. Thread-safe. */
final class SignedInSockets implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SignedInSockets.class);
  private static final long LOOK_SECONDS = 2;
  private static final int SIGNED_OUT = 4401;

  private final Sessions sessions;
  private final Map<String, Open> sockets = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer = Timers.daemon("master-sockets");

  SignedInSockets(Sessions sessions) {
    this.sessions = sessions;
    var unused =
        timer.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  private record Open(WsContext socket, String session) {}

  /** Hears of every socket. */
  void configure(WsConfig ws) {
    ws.onConnect(
        ctx -> {
          KnownSession session = ctx.attribute(Guard.SESSION);
          if (session != null) {
            sockets.put(ctx.sessionId(), new Open(ctx, session.hash()));
          }
        });
    ws.onClose(ctx -> sockets.remove(ctx.sessionId()));
    ws.onError(ctx -> sockets.remove(ctx.sessionId()));
  }

  private void look() {
    try {
      sockets.forEach(
          (id, open) -> {
            if (!sessions.isOpen(open.session())) {
              sockets.remove(id);
              open.socket().closeSession(SIGNED_OUT, "the session has ended");
            }
          });
    } catch (JdbiException e) {
      log.debug("sessions were not asked for: {}", e.getMessage());
    } catch (RuntimeException e) {
      log.warn("the sockets of ended sessions were not all closed", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
