package io.github.raspberryspy.sink.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.raspberryspy.segments.Timers;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.event.MasterEvent.StorageChanged;
import io.github.raspberryspy.sink.index.KnownSession;
import io.javalin.websocket.WsConfig;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes what happens to every open page, and a heartbeat, so that a page knows soon that nobody is
 * there any more. A page that reads too slowly is disconnected; it connects again and asks for what
 * it missed. Thread-safe.
 */
final class EventSocket implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(EventSocket.class);
  private static final int MOST_PAGES = 200;
  private static final long HEARTBEAT_SECONDS = 2;
  private static final String HEARTBEAT = "{\"type\":\"heartbeat\"}";

  private final Events events;
  private final StorageRoutes storage;
  private final Seats seats = new Seats(MOST_PAGES);
  private final Map<String, Session> pages = new ConcurrentHashMap<>();
  private final Consumer<MasterEvent> listener = this::push;
  private final ScheduledExecutorService heart = Timers.daemon("master-heartbeat");

  EventSocket(Events events, StorageRoutes storage) {
    this.events = events;
    this.storage = storage;
    events.listen(listener);
    var unused =
        heart.scheduleAtFixedRate(
            () -> tell(HEARTBEAT), HEARTBEAT_SECONDS, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
  }

  void configure(WsConfig ws) {
    ws.onConnect(
        ctx -> {
          KnownSession session = ctx.attribute(Guard.SESSION);
          if (session == null || !seats.take(ctx.sessionId(), session)) {
            ctx.closeSession(1013, "too many pages are open");
            return;
          }
          pages.put(ctx.sessionId(), ctx.session);
        });
    ws.onClose(ctx -> gone(ctx.sessionId()));
    ws.onError(ctx -> gone(ctx.sessionId()));
  }

  private void gone(String id) {
    pages.remove(id);
    seats.leave(id);
  }

  @Override
  public void close() {
    heart.shutdownNow();
    events.forget(listener);
    pages.values().forEach(s -> s.close(1001, "the master is stopping", Callback.NOOP));
  }

  private void push(MasterEvent event) {
    if (pages.isEmpty()) {
      return;
    }
    try {
      ObjectNode node =
          event instanceof StorageChanged
              ? storage.storage().put("type", "storage")
              : Views.push(event);
      if (node != null) {
        tell(node.toString());
      }
    } catch (IOException e) {
      log.warn("the pages were not told of the storage: {}", e.getMessage());
    }
  }

  private void tell(String text) {
    pages.forEach((id, page) -> send(id, page, text));
  }

  private void send(String id, Session page, String text) {
    page.sendText(
        text,
        Callback.from(
            () -> {},
            failure -> {
              gone(id);
              page.disconnect();
            }));
  }
}
