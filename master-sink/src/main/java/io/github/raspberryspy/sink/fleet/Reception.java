package io.github.raspberryspy.sink.fleet;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.wire.LinkCodec;
import io.github.raspberryspy.segments.wire.LinkMessage;
import io.github.raspberryspy.segments.wire.LinkMessage.CameraState;
import io.github.raspberryspy.segments.wire.LinkMessage.Done;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.segments.wire.LinkMessage.Goodbye;
import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.segments.wire.LinkMessage.Motion;
import io.github.raspberryspy.segments.wire.LinkMessage.Settings;
import io.github.raspberryspy.sink.event.CameraStatus;
import io.github.raspberryspy.sink.event.MasterEvent.MotionReported;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what cameras say: each message changes its camera's link under the fleet's lock, and what
 * follows from it is told once that is given back. Thread-safe.
 */
final class Reception {

  private static final Logger log = LoggerFactory.getLogger(Reception.class);

  /** Is told that a camera is away, and over which connection it said so. */
  interface Farewell {
    void left(CameraStatus status, Optional<LinkPeer> peer, Instant now);
  }

  /** What a message comes with. */
  private record Arrival(String camera, LinkPeer peer, Instant now) {}

  private final Links links;
  private final Orders orders;
  private final FleetNews news;
  private final Suspicions suspicions;
  private final Farewell farewell;
  private final Clock clock;
  private final LongSupplier nanos;

  Reception(
      Links links,
      Orders orders,
      FleetNews news,
      Suspicions suspicions,
      Farewell farewell,
      Clock clock,
      LongSupplier nanos) {
    this.links = links;
    this.orders = orders;
    this.news = news;
    this.suspicions = suspicions;
    this.farewell = farewell;
    this.clock = clock;
    this.nanos = nanos;
  }

  /**
   * Takes a message.
   *
   * @throws ManifestException in one sentence, if it is none, or comes at the wrong time
   */
  void received(String camera, LinkPeer peer, String text) throws ManifestException {
    LinkMessage message = LinkCodec.decode(text);
    Arrival arrival = new Arrival(camera, peer, clock.instant());
    boolean saysTooMuch;
    Runnable rest = () -> {};
    synchronized (links) {
      Optional<Link> speaking = links.find(camera).filter(link -> peer.equals(link.peer()));
      if (speaking.isEmpty()) {
        return; // replaced: what it still says does not count
      }
      Link link = speaking.get();
      if (!link.hasHello() && !(message instanceof Hello)) {
        throw new ManifestException("the first message of a link is hello");
      }
      boolean isTaken = !link.hasHello() || link.talk().takes(message, nanos.getAsLong());
      saysTooMuch = link.talk().begins();
      if (isTaken) {
        rest = take(message, link, arrival);
      } else {
        log.debug("a message of camera {} is passed over", camera);
      }
    }
    if (saysTooMuch) {
      suspicions.tooMuch(camera, OptionalLong.empty(), arrival.now());
    }
    rest.run();
  }

  /** Changes the link by a message. Returns what is left to do without the lock. */
  @GuardedBy("links")
  private Runnable take(LinkMessage message, Link link, Arrival arrival) throws ManifestException {
    String camera = arrival.camera();
    Instant now = arrival.now();
    if (message instanceof Hello hello) {
      return hello(hello, link, arrival);
    }
    if (message instanceof Heartbeat beat) {
      return beat(beat, link, arrival);
    }
    if (message instanceof Goodbye) {
      link.leave(CameraStatus.OFF, now);
      CameraStatus off = link.status();
      return () -> farewell.left(off, Optional.of(arrival.peer()), now);
    }
    if (message instanceof Motion motion) {
      MotionReported reported = new MotionReported(camera, motion.ended(), motion.span());
      return () -> news.moved(reported, now, nanos.getAsLong());
    }
    if (message instanceof Fault fault) {
      return () -> news.fault(camera, fault, now);
    }
    if (message instanceof Settings said) {
      return () -> news.settings(camera, said);
    }
    return message instanceof Done done ? () -> orders.answered(arrival.peer(), done) : () -> {};
  }

  @GuardedBy("links")
  private Runnable hello(Hello hello, Link link, Arrival arrival) throws ManifestException {
    String camera = arrival.camera();
    Instant now = arrival.now();
    if (!hello.camera().equals(camera)) {
      throw new ManifestException("camera " + camera + " may not say hello as " + hello.camera());
    }
    Instant lastHeard = link.status().lastHeartbeat().orElse(now);
    boolean tellsTwin = link.hello(hello, nanos.getAsLong());
    boolean hasFault = link.hasTwin() || link.talk().isTooMuch();
    return () -> {
      news.greeted(hello, now);
      if (tellsTwin) {
        suspicions.twins(camera, false, now);
      } else if (!hasFault) { // it says again what is still wrong
        news.faultsOver(camera, lastHeard);
      }
    };
  }

  @GuardedBy("links")
  private Runnable beat(Heartbeat beat, Link link, Arrival arrival) {
    String camera = arrival.camera();
    Instant now = arrival.now();
    boolean isBack = link.isAway();
    Optional<Boolean> startedAnew = link.startedAnew();
    boolean changed = link.beat(beat, now, nanos.getAsLong());
    boolean hasStopped = changed && beat.state() == CameraState.STOPPED;
    CameraStatus status = link.status();
    return () -> {
      if (hasStopped) {
        news.faultsOver(camera, now);
      }
      if (isBack) {
        news.back(camera, startedAnew, now);
      }
      news.reported(status, changed);
    };
  }
}
