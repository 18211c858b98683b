package io.github.raspberryspy.sink.alert;

import io.github.raspberryspy.segments.Timers;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.index.Delivery;
import io.github.raspberryspy.sink.index.DeliveryLog;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers by one channel, on a thread of its own, {@code alerts-NAME}: one alert after the other,
 * those first that were to be delivered first. What fails is tried again with growing pauses, so
 * that one that the other side never takes does not hold up the rest.
 */
final class Courier implements AutoCloseable {

  /** The longest pause: a channel that is back has all that waits within a minute. */
  static final Duration LONGEST = Duration.ofSeconds(40);

  private static final Logger log = LoggerFactory.getLogger(Courier.class);
  private static final long LOOK_MILLIS = 1000;
  private static final int MOST_DOUBLINGS = 10;
  private static final int LEAST_ATTEMPTS = 8; // two to three minutes
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Channel channel;
  private final DeliveryLog deliveries;
  private final AlertConfig config;
  private final Clock clock;
  private final ScheduledExecutorService timer;
  private final Map<String, Instant> unlisted = new HashMap<>(); // delivered; of the thread
  private final Map<String, Instant> unnoted = new LinkedHashMap<>(); // delivered; of the thread
  private int failures; // in a row; of the thread
  private Instant notBefore = Instant.MIN; // of the thread

  Courier(Channel channel, DeliveryLog deliveries, AlertConfig config, Clock clock) {
    this.channel = channel;
    this.deliveries = deliveries;
    this.config = config;
    this.clock = clock;
    this.timer = Timers.daemon("alerts-" + channel.name());
  }

  String name() {
    return channel.name();
  }

  void start() {
    channel.start();
    var unused = timer.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Something happened. */
  void onEvent(MasterEvent event) {
    channel.onEvent(event);
  }

  /** Delivers, once, what the database does not hold yet; tried again each time it is called. */
  void deliverUnlisted(Alert alert) {
    run(
        () -> {
          boolean isDelivered = unlisted.containsKey(alert.id()) || unnoted.containsKey(alert.id());
          if (!isDelivered && !rests(clock.instant())) {
            send(alert)
                .ifPresentOrElse(
                    error -> rest(clock.instant()),
                    () -> unlisted.put(alert.id(), clock.instant()));
          }
        });
  }

  /** The database holds it now. */
  void listed(String alert) {
    run(
        () -> {
          Instant delivered = unlisted.remove(alert);
          if (delivered != null) {
            unnoted.put(alert, delivered);
          }
          look();
        });
  }

  private void run(Runnable step) {
    try {
      timer.execute(step);
    } catch (RejectedExecutionException e) {
      log.debug("{} has ended", channel.name(), e);
    }
  }

  private void look() {
    try {
      deliverAll();
    } catch (JdbiException e) {
      log.debug("what is to be delivered is not known now: {}", e.getMessage());
    } catch (RuntimeException e) {
      log.warn("the channel {} failed", channel.name(), e);
    }
  }

  /** Delivers what is due, until something fails. */
  void deliverAll() {
    noteDelivered();
    boolean works = true;
    while (works && !timer.isShutdown()) {
      Instant now = clock.instant();
      Optional<Delivery> next = rests(now) ? Optional.empty() : next(now);
      works = next.isPresent() && deliver(next.get());
    }
  }

  private boolean rests(Instant now) {
    return now.isBefore(notBefore) && notBefore.isBefore(now.plus(LONGEST.plusSeconds(1)));
  }

  private Optional<Delivery> next(Instant now) {
    int done = unnoted.size() + unlisted.size();
    return deliveries.due(channel.name(), now, horizon(), done + 1).stream()
        .filter(delivery -> !unnoted.containsKey(delivery.alert().id()))
        .filter(delivery -> !unlisted.containsKey(delivery.alert().id()))
        .findFirst();
  }

  /** Where the database takes nothing, what was delivered is not sent again for it. */
  private void noteDelivered() {
    try {
      for (Map.Entry<String, Instant> one : List.copyOf(unnoted.entrySet())) {
        deliveries.delivered(one.getKey(), channel.name(), one.getValue());
        unnoted.remove(one.getKey());
      }
    } catch (JdbiException e) {
      log.debug("what was delivered is noted later: {}", e.getMessage());
    }
  }

  private Duration horizon() {
    return config.pause().multipliedBy(2).plus(LONGEST);
  }

  private boolean deliver(Delivery delivery) {
    Optional<String> error = send(delivery.alert());
    if (error.isPresent()) {
      failed(delivery, error.get());
      return false;
    }
    unnoted.put(delivery.alert().id(), clock.instant());
    noteDelivered();
    return true;
  }

  /** Returns what went wrong. */
  private Optional<String> send(Alert alert) {
    try {
      synchronized (channel) {
        channel.send(alert);
      }
    } catch (IOException e) {
      return Optional.of(e.getMessage());
    } catch (RuntimeException e) {
      log.warn("the channel {} failed", channel.name(), e);
      return Optional.of("it failed within: " + e);
    }
    failures = 0;
    return Optional.empty();
  }

  private void rest(Instant now) {
    failures++;
    notBefore = now.plus(pause(failures - 1));
  }

  private void failed(Delivery delivery, String error) {
    Instant now = clock.instant();
    rest(now);
    boolean isOld =
        delivery.attempts() >= LEAST_ATTEMPTS // a clock that was set makes all look old at once
            && delivery.alert().at().plus(config.keepTrying()).isBefore(now);
    Optional<Instant> next =
        isOld ? Optional.empty() : Optional.of(now.plus(pause(delivery.attempts())));
    deliveries.failed(delivery.alert().id(), channel.name(), now, next, error);
    if (failures == 1 || isOld) {
      log.warn(
          "an alert was not delivered by {}, {}: {}",
          channel.name(),
          isOld ? "and is given up" : "which is tried again",
          error);
    }
  }

  /** 1 s, 2 s, 4 s … {@link #LONGEST}. */
  static Duration pause(int before) {
    Duration pause = Duration.ofSeconds(1L << Math.min(before, MOST_DOUBLINGS));
    return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
  }

  /**
   * Tries the channel at once, whatever waits.
   *
   * @throws IOException in one sentence, if it does not work
   */
  String test(Alert alert) throws IOException {
    synchronized (channel) {
      return channel.send(alert);
    }
  }

  /** What is being sent is waited for, for a while; it is sent again where that does not do. */
  @Override
  public void close() {
    timer.shutdown();
    try {
      if (!timer.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        timer.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    channel.close();
  }
}
