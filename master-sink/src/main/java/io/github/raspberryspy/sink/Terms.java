package io.github.raspberryspy.sink;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.http.StandbyServer;
import io.github.raspberryspy.sink.index.IndexHeldException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The terms in which this process serves. A master without replicas has one, from its start to its
 * end; a replica has one whenever it holds the database that all share, and stands by between them.
 * Thread-safe.
 */
final class Terms implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Terms.class);
  private static final long LOOK_MILLIS = 250;
  private static final long RETRY_MILLIS = 2_000;
  private static final long CLOSE_SECONDS = 90;

  private final MasterConfig config;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "master-terms");

  @GuardedBy("this")
  private final List<Consumer<MasterEvent>> listeners = new ArrayList<>();

  @GuardedBy("this")
  private final List<Runnable> observers = new ArrayList<>();

  /** Written by whoever starts it, and then by its thread. */
  private volatile Optional<Service> service = Optional.empty();

  /** Likewise, and read by nobody else. */
  private Optional<StandbyServer> standby = Optional.empty();

  /** Where it listens, whether it serves or not; written before anybody reads. */
  private int port;

  private Terms(MasterConfig config) {
    this.config = config;
    this.port = config.port();
  }

  /**
   * Begins to serve, or stands by where another replica serves.
   *
   * @throws IOException in one sentence, if it can do neither
   */
  static Terms start(MasterConfig config) throws IOException {
    Terms terms = new Terms(config);
    try {
      terms.serve();
    } catch (IndexHeldException e) {
      if (!config.isReplicated()) {
        throw e;
      }
      terms.standBy();
    }
    if (config.isReplicated()) {
      terms.thread.setDaemon(true);
      terms.thread.start();
    }
    return terms;
  }

  /** The port. */
  int port() {
    return port;
  }

  /** What serves now. */
  Optional<Service> service() {
    return service;
  }

  /** Tells this listener of what happens in this term and in those to come. */
  synchronized void listen(Consumer<MasterEvent> listener) {
    listeners.add(listener);
    service.ifPresent(serving -> serving.listen(listener));
  }

  /** Runs this at the beginning of each term; now, where one has begun. */
  synchronized void whenServing(Runnable action) {
    observers.add(action);
    if (service.isPresent()) {
      action.run();
    }
  }

  private void serve() throws IOException {
    Service fresh = Service.start(config, port, this::stopStandingBy);
    List<Runnable> told;
    synchronized (this) {
      listeners.forEach(fresh::listen);
      port = fresh.port();
      service = Optional.of(fresh);
      told = List.copyOf(observers);
    }
    told.forEach(Runnable::run);
  }

  private void standBy() throws IOException {
    StandbyServer server = new StandbyServer(TlsKeys.ofStandby(config), config.nanos());
    port = server.start(config.host(), port);
    standby = Optional.of(server);
    log.info("another replica serves; this one stands by on port {}", port);
  }

  private void stopStandingBy() {
    standby.ifPresent(StandbyServer::close);
    standby = Optional.empty();
  }

  private void run() {
    try {
      long pause = LOOK_MILLIS;
      while (!closing.await(pause, TimeUnit.MILLISECONDS)) {
        pause = LOOK_MILLIS;
        try {
          look();
        } catch (IOException | RuntimeException e) {
          log.warn("this replica cannot serve now: {}", e.getMessage());
          pause = RETRY_MILLIS;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws IOException {
    if (service.isPresent()) {
      if (service.get().isTaken()) {
        log.error("another replica has taken over: this one stops serving");
        endTerm();
      }
      return;
    }
    if (standby.isEmpty()) {
      standBy();
    }
    try {
      serve();
    } catch (IndexHeldException e) {
      log.trace("another replica serves", e);
    }
  }

  private void endTerm() {
    Optional<Service> ended = service;
    service = Optional.empty();
    ended.ifPresent(Service::close);
  }

  /** Stops serving and standing by; what runs is finished. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    endTerm();
    stopStandingBy();
  }
}
