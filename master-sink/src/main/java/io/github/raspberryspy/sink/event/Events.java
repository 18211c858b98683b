package io.github.raspberryspy.sink.event;

import io.github.raspberryspy.sink.event.MasterEvent.FaultReported;
import io.github.raspberryspy.sink.event.MasterEvent.IncidentChanged;
import io.github.raspberryspy.sink.event.MasterEvent.MasterTrouble;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bus. Publishing never blocks: listeners are called one event after the other on the bus's own
 * thread. Beyond {@link #MOST_WAITING} events new ones are dropped, with a word in the log; but not
 * those of which people are to know, which are few. Thread-safe.
 */
public final class Events implements AutoCloseable {

  /** How many events may wait for slow listeners. */
  public static final int MOST_WAITING = 10_000;

  private static final Logger log = LoggerFactory.getLogger(Events.class);

  private final List<Consumer<MasterEvent>> listeners = new CopyOnWriteArrayList<>();
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          work -> {
            Thread t = new Thread(work, "master-events");
            t.setDaemon(true);
            return t;
          },
          (work, pool) -> log.debug("the bus has ended"));

  /** Calls this listener, on the bus's thread, for every event from now on. */
  public void listen(Consumer<MasterEvent> listener) {
    listeners.add(listener);
  }

  /** Calls the listener no more. */
  public void forget(Consumer<MasterEvent> listener) {
    listeners.remove(listener);
  }

  /** Hands an event to the listeners. */
  public void publish(MasterEvent event) {
    if (thread.getQueue().size() >= MOST_WAITING && !isNews(event)) {
      log.warn("an event was dropped: {} wait already", MOST_WAITING);
      return;
    }
    thread.execute(() -> listeners.forEach(listener -> deliver(listener, event)));
  }

  private static boolean isNews(MasterEvent event) {
    return event instanceof FaultReported
        || event instanceof MasterTrouble
        || event instanceof IncidentChanged;
  }

  /** Delivers what waits, for at most 5 s, and ends. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        log.warn("a listener is stuck; {} events were not delivered", thread.getQueue().size());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void deliver(Consumer<MasterEvent> listener, MasterEvent event) {
    try {
      listener.accept(event);
    } catch (RuntimeException e) {
      log.warn("a listener failed on {}", event.getClass().getSimpleName(), e);
    }
  }
}
