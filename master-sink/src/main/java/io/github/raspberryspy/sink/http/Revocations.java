package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.segments.Timers;
import io.github.raspberryspy.sink.auth.Sessions;
import io.github.raspberryspy.sink.index.KnownSession;
import io.javalin.http.Context;
import io.javalin.websocket.WsConfig;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what is shown to those who may see it no longer, within seconds: the WebSockets of sessions
 * that have ended, and answers that are on their way, however long they are. Thread-safe.
 */
final class Revocations implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Revocations.class);
  private static final long LOOK_SECONDS = 2;
  private static final int SIGNED_OUT = 4401;

  private final Sessions sessions;
  private final Map<Object, Shown> shown = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer = Timers.daemon("master-revocations");

  Revocations(Sessions sessions) {
    this.sessions = sessions;
    var unused =
        timer.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  private record Shown(BooleanSupplier isMeant, Runnable end) {}

  /** Hears of every socket. */
  void configure(WsConfig ws) {
    ws.onConnect(
        ctx -> {
          KnownSession session = ctx.attribute(Guard.SESSION);
          if (session != null) {
            Runnable end = () -> ctx.closeSession(SIGNED_OUT, "the session has ended");
            shown.put(ctx.sessionId(), new Shown(() -> sessions.isOpen(session.hash()), end));
          }
        });
    ws.onClose(ctx -> shown.remove(ctx.sessionId()));
    ws.onError(ctx -> shown.remove(ctx.sessionId()));
  }

  /** Answers a request, and ends its connection where meanwhile its session does. */
  <E extends Exception> void answer(Context ctx, KnownSession session, Answer<E> answer) throws E {
    answer(ctx, () -> sessions.isOpen(session.hash()), answer);
  }

  /** The same, as long as this holds, which is asked by another thread. */
  <E extends Exception> void answer(Context ctx, BooleanSupplier isMeant, Answer<E> answer)
      throws E {
    EndPoint end =
        ServletContextRequest.getServletContextRequest(ctx.req())
            .getConnectionMetaData()
            .getConnection()
            .getEndPoint();
    Object key = new Object();
    shown.put(key, new Shown(isMeant, () -> TlsDoor.end(end)));
    try {
      answer.give();
    } finally {
      shown.remove(key);
    }
  }

  /** What writes an answer. */
  @FunctionalInterface
  interface Answer<E extends Exception> {
    /** Writes it. */
    void give() throws E;
  }

  private void look() {
    try {
      shown.forEach(
          (key, one) -> {
            if (!one.isMeant.getAsBoolean() && shown.remove(key, one)) {
              one.end.run();
            }
          });
    } catch (JdbiException e) {
      log.debug("it was not asked who may see what is shown: {}", e.getMessage());
    } catch (RuntimeException e) {
      log.warn("what is shown to those who may see it no longer was not all ended", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
