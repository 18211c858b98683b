package io.github.raspberryspy.sink.fleet;

import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.wire.LinkCommand;
import io.github.raspberryspy.sink.event.CameraStatus;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.index.CameraLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * The cameras that have a link, or had one. A camera that is not heard for {@link #SILENCE} is
 * lost; silence is measured by the monotonic clock. Thread-safe; listeners are told after locks are
 * given back.
 */
public final class Fleet implements AutoCloseable {

  /** How long a camera may be silent: with the looks between, it is lost within 5 s. */
  public static final Duration SILENCE = Duration.ofMillis(4800);

  /** Cameras take so long at the most to connect to a master that is there again. */
  public static final Duration RETURN = Duration.ofSeconds(20);

  private final Clock clock;
  private final LongSupplier nanos;
  private final Links links;
  private final Orders orders = new Orders();
  private final FleetNews news;
  private final Reception reception;
  private final SilenceWatch silence;

  /** Knows the cameras that earlier processes knew. */
  public Fleet(CameraLog cameraLog, Events events, Clock clock) {
    this(cameraLog, events, clock, System::nanoTime);
  }

  Fleet(CameraLog cameraLog, Events events, Clock clock, LongSupplier nanos) {
    this.clock = clock;
    this.nanos = nanos;
    this.links = new Links(cameraLog, nanos.getAsLong());
    this.news = new FleetNews(cameraLog, events, nanos);
    Suspicions suspicions = new Suspicions(news);
    this.reception = new Reception(links, orders, news, suspicions, this::left, clock, nanos);
    this.silence = new SilenceWatch(links, news, suspicions, clock, nanos);
  }

  /** Tells this one as well, until it is forgotten. */
  public void watch(FleetWatcher watcher) {
    news.watch(watcher);
  }

  /** Tells this one no more. */
  public void forget(FleetWatcher watcher) {
    news.forget(watcher);
  }

  /** Starts looking for silent cameras. */
  public void start() {
    silence.start();
  }

  /** A camera has connected: an earlier connection of the same camera is closed. */
  public void connected(String camera, LinkPeer peer) {
    LinkPeer earlier;
    synchronized (links) {
      Link link = links.get(camera);
      earlier = link.peer();
      link.attach(peer);
    }
    if (earlier != null) {
      news.say(camera, "connected again; its earlier link is closed");
      earlier.close("another connection of this camera took over");
    }
  }

  /** A connection ended. The camera is lost only when its silence lasts. */
  public void disconnected(String camera, LinkPeer peer) {
    ended(camera, peer, true);
  }

  /** The master ends a connection over which a camera said what it may not. */
  public void refused(String camera, LinkPeer peer) {
    ended(camera, peer, false);
  }

  private void ended(String camera, LinkPeer peer, boolean byCamera) {
    Optional<CameraStatus> left;
    synchronized (links) {
      left = links.find(camera).filter(link -> link.detach(peer, byCamera)).map(Link::status);
    }
    orders.gone(camera, peer);
    news.disconnected(camera, left, clock.instant());
  }

  /** A camera is let in no longer, which is no loss. One that is not known stays so. */
  public void unpaired(String camera) {
    leave(camera, CameraStatus.UNPAIRED);
  }

  /** People want to see no more of a camera than its footage, until it is heard again. */
  public void removed(String camera) {
    synchronized (links) {
      links.get(camera);
    }
    leave(camera, CameraStatus.REMOVED);
  }

  private void leave(String camera, String reason) {
    Instant now = clock.instant();
    Optional<LinkPeer> peer;
    CameraStatus status;
    synchronized (links) {
      Optional<Link> link = links.find(camera);
      if (link.isEmpty()) {
        return;
      }
      peer = link.map(Link::peer);
      link.get().leave(reason, now);
      status = link.get().status();
    }
    left(status, peer, now);
  }

  private void left(CameraStatus status, Optional<LinkPeer> peer, Instant now) {
    String camera = status.camera();
    news.say(camera, "is " + status.state());
    peer.ifPresent(
        connection -> {
          orders.gone(camera, connection);
          connection.close("this camera is " + status.state());
        });
    news.left(status, now);
  }

  /** Whether this camera has a link now over which it can be asked. */
  public boolean hasLink(String camera) {
    return links.ask(camera, link -> link.peer() != null && link.hasHello()).orElse(false);
  }

  /** Whether this camera has yet to answer what was set of it. */
  boolean isSet(String camera) {
    return links.ask(camera, Link::peer).map(orders::isSet).orElse(false);
  }

  /** Whether this camera is heard now. */
  public boolean isHeard(String camera) {
    return links.ask(camera, Link::isHeard).orElse(false);
  }

  /** Whether there is such a camera, heard or not. */
  public boolean knows(String camera) {
    return links.ask(camera, link -> !link.isRemoved()).orElse(false);
  }

  /** What people call a camera; its own name where they have not said. */
  public String nameOf(String camera) {
    return links.ask(camera, link -> link.status().name()).orElse(camera);
  }

  /** By how much a camera's clock is ahead; nothing where it is not known. */
  Duration clockOffset(String camera) {
    return links.ask(camera, Link::status).flatMap(CameraStatus::clockOffset).orElse(Duration.ZERO);
  }

  /** Calls a camera so from now on. */
  public void name(String camera, Optional<String> name) {
    synchronized (links) {
      links.get(camera).name(name);
    }
  }

  /**
   * Asks something of a camera.
   *
   * @return its answer, within 10 s, or 45 s where it may have to film anew; one that says so where
   *     the camera has no link, or loses it
   */
  public CompletableFuture<Answer> send(String camera, LinkCommand command) {
    return links
        .ask(camera, link -> link.hasHello() ? link.peer() : null)
        .map(peer -> orders.send(camera, peer, command))
        .orElseGet(
            () ->
                CompletableFuture.completedFuture(
                    Answer.none("camera " + camera + " has no link now")));
  }

  /**
   * Takes a message.
   *
   * @throws ManifestException in one sentence, if it is none, or comes at the wrong time
   */
  public void received(String camera, LinkPeer peer, String text) throws ManifestException {
    reception.received(camera, peer, text);
  }

  /** Every camera that has or had a link, by name; not those that people took off the wall. */
  public List<CameraStatus> cameras() {
    return links.list(link -> !link.isRemoved(), Link::status);
  }

  /** Those, by name. */
  public List<CameraStatus> removed() {
    return links.list(Link::isRemoved, Link::status);
  }

  /** The cameras that are heard now; not those that stopped and hung up. */
  public Set<String> heard() {
    return Set.copyOf(links.list(Link::isHeard, Link::camera));
  }

  /**
   * How long ago a camera last said that none of its sealed segments waits to be verified; empty
   * where it has not said so since this process started.
   */
  public Optional<Duration> sinceNothingWaited(String camera) {
    return links
        .ask(camera, Link::nothingWaitedNanos)
        .filter(OptionalLong::isPresent)
        .map(said -> Duration.ofNanos(nanos.getAsLong() - said.getAsLong()));
  }

  /** Closes every link, stops looking, and makes the notes that wait. */
  @Override
  public void close() {
    silence.close();
    links
        .list(link -> link.peer() != null, Link::peer)
        .forEach(peer -> peer.close("the master is stopping"));
    news.close();
  }

  /** Finds the cameras that were silent too long. */
  void look() {
    silence.look();
  }
}
