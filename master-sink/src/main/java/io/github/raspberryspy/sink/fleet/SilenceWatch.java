package io.github.raspberryspy.sink.fleet;

import io.github.raspberryspy.segments.Timers;
import io.github.raspberryspy.sink.event.CameraStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the cameras that are silent too long, and what else ends by itself, by looks at all links
 * on a thread of its own.
 */
final class SilenceWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SilenceWatch.class);
  private static final long LOOK_MILLIS = 100;
  private static final Duration STALL = Duration.ofMillis(500);
  private static final Duration NOTED_EACH = Duration.ofMinutes(1);

  private final Links links;
  private final FleetNews news;
  private final Suspicions suspicions;
  private final Clock clock;
  private final LongSupplier nanos;
  private final ScheduledExecutorService timer = Timers.daemon("master-fleet");
  private long lookedNanos; // when the last look ended; of the timer, as the next
  private long notedNanos; // when it was last noted who is heard

  SilenceWatch(
      Links links, FleetNews news, Suspicions suspicions, Clock clock, LongSupplier nanos) {
    this.links = links;
    this.news = news;
    this.suspicions = suspicions;
    this.clock = clock;
    this.nanos = nanos;
    this.lookedNanos = nanos.getAsLong();
    this.notedNanos = lookedNanos;
  }

  /** Begins to look. */
  void start() {
    excuse(nanos.getAsLong() - lookedNanos, Fleet.SILENCE);
    lookedNanos = nanos.getAsLong();
    var unused =
        timer.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Looks once. */
  void look() {
    try {
      forgiveStall();
      findSilent();
      noteHeard();
    } catch (RuntimeException e) { // a timer would not come again
      log.warn("the search for silent cameras did not come to its end and goes on", e);
    }
    lookedNanos = nanos.getAsLong();
  }

  /** Looks no more. */
  @Override
  public void close() {
    timer.shutdown();
  }

  /** While the master stood still, what cameras said lay unread: none was silent for that. */
  private void forgiveStall() {
    long stall = nanos.getAsLong() - lookedNanos - TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
    if (stall <= STALL.toNanos()) {
      return;
    }
    log.warn("the master stood still for {} ms; no camera is lost for that", stall / 1_000_000);
    boolean isLong = stall >= Fleet.SILENCE.toNanos(); // then they may have hung up
    excuse(stall, isLong ? Fleet.RETURN : Fleet.SILENCE);
  }

  private void excuse(long stallNanos, Duration patience) {
    synchronized (links) {
      links.all().forEach(link -> link.excuse(stallNanos, nanos.getAsLong(), patience));
    }
  }

  private void findSilent() {
    Instant now = clock.instant();
    List<CameraStatus> lost = new ArrayList<>();
    List<FleetWatcher.Loss> losses = new ArrayList<>();
    List<String> single = new ArrayList<>();
    Map<String, OptionalLong> calm = new TreeMap<>();
    synchronized (links) {
      for (Link link : links.all()) {
        OptionalLong passedOver = link.talk().ends(nanos.getAsLong());
        if (passedOver.isPresent()) {
          calm.put(link.camera(), passedOver);
        }
        if (link.losesTwin(nanos.getAsLong())) {
          single.add(link.camera());
        }
        if (link.isOverdue(nanos.getAsLong())) {
          link.lose(now);
          lost.add(link.status());
          losses.add(link.loss());
        }
      }
    }
    news.lost(losses);
    single.forEach(camera -> suspicions.twins(camera, true, now));
    calm.forEach((camera, passedOver) -> suspicions.tooMuch(camera, passedOver, now));
    lost.forEach(status -> news.lost(status, now));
  }

  /** So that a later process knows when a camera was heard last. */
  private void noteHeard() {
    if (nanos.getAsLong() - notedNanos < NOTED_EACH.toNanos()) {
      return;
    }
    notedNanos = nanos.getAsLong();
    Map<String, Instant> heard = new TreeMap<>();
    synchronized (links) {
      links.all().stream()
          .filter(Link::isHeard)
          .forEach(link -> heard.put(link.camera(), link.lastHeard()));
    }
    news.heard(heard);
  }
}
