package io.github.raspberryspy.sink.fleet;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.Timers;
import io.github.raspberryspy.segments.wire.LinkCodec;
import io.github.raspberryspy.segments.wire.LinkCommand;
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
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.event.MasterEvent.CameraReported;
import io.github.raspberryspy.sink.event.MasterEvent.FaultReported;
import io.github.raspberryspy.sink.event.MasterEvent.MotionReported;
import io.github.raspberryspy.sink.index.CameraLog;
import io.github.raspberryspy.sink.index.KnownCamera;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger log = LoggerFactory.getLogger(Fleet.class);
  private static final long LOOK_MILLIS = 100;
  private static final Duration STALL = Duration.ofMillis(500);
  private static final Duration NOTED_EACH = Duration.ofMinutes(1);

  private final CameraLog cameraLog;
  private final Events events;
  private final Clock clock;
  private final LongSupplier nanos;
  private final Notebook notes = new Notebook();
  private final HeardMotion heardMotion;
  private final Orders orders = new Orders();
  private final List<FleetWatcher> watchers = new CopyOnWriteArrayList<>();

  @GuardedBy("this")
  private final Map<String, Link> links = new TreeMap<>();

  private final ScheduledExecutorService timer = Timers.daemon("master-fleet");
  private long lookedNanos; // when the last look ended; of the timer, as the next
  private long notedNanos; // when it was last noted who is heard

  /** Knows the cameras that earlier processes knew. */
  public Fleet(CameraLog cameraLog, Events events, Clock clock) {
    this(cameraLog, events, clock, System::nanoTime);
  }

  Fleet(CameraLog cameraLog, Events events, Clock clock, LongSupplier nanos) {
    this.cameraLog = cameraLog;
    this.events = events;
    this.clock = clock;
    this.nanos = nanos;
    this.heardMotion = new HeardMotion(cameraLog.motion(), notes);
    this.lookedNanos = nanos.getAsLong();
    this.notedNanos = lookedNanos;
    cameraLog.known().forEach(known -> links.put(known.camera(), Link.remembered(known)));
    cameraLog.awaited().forEach(camera -> links.get(camera).await(lookedNanos, RETURN));
    cameraLog.settings().names().forEach((camera, name) -> name(camera, Optional.of(name)));
  }

  /** Tells this one as well, until it is forgotten. */
  public void watch(FleetWatcher watcher) {
    watchers.add(watcher);
  }

  /** Tells this one no more. */
  public void forget(FleetWatcher watcher) {
    watchers.remove(watcher);
  }

  private void tell(Consumer<FleetWatcher> news) {
    watchers.forEach(news);
  }

  /** Starts looking for silent cameras. */
  public void start() {
    excuse(nanos.getAsLong() - lookedNanos, SILENCE);
    lookedNanos = nanos.getAsLong();
    var unused =
        timer.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** A camera has connected: an earlier connection of the same camera is closed. */
  public void connected(String camera, LinkPeer peer) {
    LinkPeer earlier;
    synchronized (this) {
      Link link = links.computeIfAbsent(camera, name -> new Link(name, CameraStatus.NEVER));
      earlier = link.peer();
      link.attach(peer);
    }
    if (earlier != null) {
      log.info("camera {} connected again; its earlier link is closed", camera);
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
    Optional<CameraStatus> stopped = Optional.empty();
    synchronized (this) {
      Link link = links.get(camera);
      if (link != null && link.detach(peer, byCamera)) {
        stopped = Optional.of(link.status());
      }
    }
    heardMotion.over(camera);
    orders.gone(camera, peer);
    Instant now = clock.instant();
    stopped.ifPresent(status -> notes.note(() -> note(status, now)));
  }

  /** A camera is let in no longer, which is no loss. One that is not known stays so. */
  public void unpaired(String camera) {
    leave(camera, CameraStatus.UNPAIRED);
  }

  /** People want to see no more of a camera than its footage, until it is heard again. */
  public void removed(String camera) {
    synchronized (this) {
      links.computeIfAbsent(camera, c -> new Link(c, CameraStatus.NEVER));
    }
    leave(camera, CameraStatus.REMOVED);
  }

  private void leave(String camera, String reason) {
    Instant now = clock.instant();
    LinkPeer peer;
    CameraStatus status;
    synchronized (this) {
      Link link = links.get(camera);
      if (link == null) {
        return;
      }
      peer = link.peer();
      link.leave(reason, now);
      status = link.status();
    }
    left(status, Optional.ofNullable(peer), now);
  }

  private void left(CameraStatus status, Optional<LinkPeer> peer, Instant now) {
    String camera = status.camera();
    log.info("camera {} is {}", camera, status.state());
    peer.ifPresent(
        connection -> {
          orders.gone(camera, connection);
          connection.close("this camera is " + status.state());
        });
    tell(w -> w.left(camera));
    notes.note(() -> note(status, now));
    notes.note(() -> cameraLog.faults().over(camera, now));
    events.publish(new CameraReported(status, true));
  }

  /** Whether this camera has a link now over which it can be asked. */
  public synchronized boolean hasLink(String camera) {
    Link link = links.get(camera);
    return link != null && link.peer() != null && link.hasHello();
  }

  /** Whether this camera has yet to answer what was set of it. */
  boolean isSet(String camera) {
    LinkPeer peer;
    synchronized (this) {
      Link link = links.get(camera);
      peer = link == null ? null : link.peer();
    }
    return peer != null && orders.isSet(peer);
  }

  /** Whether this camera is heard now. */
  public boolean isHeard(String camera) {
    return heard().contains(camera);
  }

  /** Whether there is such a camera, heard or not. */
  public synchronized boolean knows(String camera) {
    Link link = links.get(camera);
    return link != null && !link.isRemoved();
  }

  /** What people call a camera; its own name where they have not said. */
  public synchronized String nameOf(String camera) {
    Link link = links.get(camera);
    return link == null ? camera : link.status().name();
  }

  /** By how much a camera's clock is ahead; nothing where it is not known. */
  synchronized Duration clockOffset(String camera) {
    Link link = links.get(camera);
    return link == null ? Duration.ZERO : link.status().clockOffset().orElse(Duration.ZERO);
  }

  /** Calls a camera so from now on. */
  public synchronized void name(String camera, Optional<String> name) {
    links.computeIfAbsent(camera, c -> new Link(c, CameraStatus.NEVER)).name(name);
  }

  /**
   * Asks something of a camera.
   *
   * @return its answer, within 10 s, or 45 s where it may have to film anew; one that says so where
   *     the camera has no link, or loses it
   */
  public CompletableFuture<Answer> send(String camera, LinkCommand command) {
    LinkPeer peer = null;
    synchronized (this) {
      Link link = links.get(camera);
      if (link != null && link.hasHello()) {
        peer = link.peer();
      }
    }
    return peer == null
        ? CompletableFuture.completedFuture(Answer.none("camera " + camera + " has no link now"))
        : orders.send(camera, peer, command);
  }

  /**
   * Takes a message.
   *
   * @throws ManifestException in one sentence, if it is none, or comes at the wrong time
   */
  public void received(String camera, LinkPeer peer, String text) throws ManifestException {
    LinkMessage message = LinkCodec.decode(text);
    MasterEvent event = null;
    boolean back = false;
    Optional<Boolean> startedAnew = Optional.empty();
    boolean stopped = false;
    boolean isTaken;
    boolean saysTooMuch;
    Greeting greeting = null;
    CameraStatus off = null;
    Instant now = clock.instant();
    synchronized (this) {
      Link link = links.get(camera);
      if (link == null || !peer.equals(link.peer())) {
        return; // replaced: what it still says does not count
      }
      if (!link.hasHello() && !(message instanceof Hello)) {
        throw new ManifestException("the first message of a link is hello");
      }
      isTaken = !link.hasHello() || link.talk().takes(message, nanos.getAsLong());
      saysTooMuch = link.talk().begins();
      if (!isTaken) {
        log.debug("a message of camera {} is passed over", camera);
      } else if (message instanceof Hello hello) {
        requireOwn(camera, hello);
        Instant lastHeard = link.status().lastHeartbeat().orElse(now);
        boolean isTold = link.hello(hello, nanos.getAsLong());
        boolean hasFault = link.hasTwin() || link.talk().isTooMuch();
        greeting = new Greeting(hello, lastHeard, isTold, hasFault);
      } else if (message instanceof Heartbeat beat) {
        back = link.isAway();
        startedAnew = link.startedAnew();
        boolean changed = link.beat(beat, now, nanos.getAsLong());
        stopped = changed && beat.state() == CameraState.STOPPED;
        event = new CameraReported(link.status(), changed);
      } else if (message instanceof Motion motion) {
        event = new MotionReported(camera, motion.ended(), motion.span());
      } else if (message instanceof Fault fault) {
        event = new FaultReported(camera, fault);
      } else if (message instanceof Goodbye) {
        link.leave(CameraStatus.OFF, now);
        off = link.status();
      }
    }
    if (saysTooMuch) {
      tellTooMuch(camera, OptionalLong.empty(), now);
    }
    if (!isTaken) {
      return;
    }
    if (off != null) {
      left(off, Optional.of(peer), now);
    }
    if (message instanceof Done done) {
      orders.answered(peer, done);
    }
    if (message instanceof Settings said) {
      tell(w -> w.settings(camera, said));
    }
    if (greeting != null) {
      greeted(greeting, now);
    }
    if (stopped) {
      notes.note(() -> cameraLog.faults().over(camera, now));
    }
    if (message instanceof Fault fault) {
      tell(w -> w.fault(camera, fault));
      notes.note(() -> cameraLog.faults().noted(camera, fault, now));
    }
    if (back) {
      log.info("camera {} is back", camera);
      Optional<Boolean> anew = startedAnew;
      tell(w -> w.back(camera, anew));
      notes.note(() -> cameraLog.back(camera, now));
    }
    if (event instanceof MotionReported motion) {
      heardMotion.heard(motion, now, nanos.getAsLong());
    }
    if (event instanceof FaultReported reported && !reported.fault().ended()) {
      log.warn("camera {}: {}", camera, reported.fault().sentence());
    }
    if (event != null) {
      events.publish(event);
    }
  }

  /**
   * A hello that was taken.
   *
   * @param lastHeard when the camera was heard before
   * @param tellsTwin whether it tells for the first time that two cameras have this identity
   * @param hasFault whether the master itself has found something wrong with it that lasts
   */
  private record Greeting(Hello hello, Instant lastHeard, boolean tellsTwin, boolean hasFault) {}

  private void greeted(Greeting greeting, Instant now) {
    Hello hello = greeting.hello();
    String camera = hello.camera();
    tell(w -> w.greeted(camera));
    KnownCamera known =
        new KnownCamera(
            camera, hello.key(), hello.software(), hello.source(), now, CameraStatus.LOST);
    notes.note(() -> cameraLog.heard(known));
    if (greeting.tellsTwin()) {
      tellTwins(camera, false, now);
    } else if (!greeting.hasFault()) { // it says again what is still wrong
      notes.note(() -> cameraLog.faults().over(camera, greeting.lastHeard()));
    }
  }

  /** Every camera that has or had a link, by name; not those that people took off the wall. */
  public synchronized List<CameraStatus> cameras() {
    return links.values().stream().filter(l -> !l.isRemoved()).map(Link::status).toList();
  }

  /** Those, by name. */
  public synchronized List<CameraStatus> removed() {
    return links.values().stream().filter(Link::isRemoved).map(Link::status).toList();
  }

  /** The cameras that are heard now; not those that stopped and hung up. */
  public synchronized Set<String> heard() {
    return links.entrySet().stream()
        .filter(link -> link.getValue().isHeard())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /**
   * How long ago a camera last said that none of its sealed segments waits to be verified; empty
   * where it has not said so since this process started.
   */
  public synchronized Optional<Duration> sinceNothingWaited(String camera) {
    Link link = links.get(camera);
    return link == null || link.nothingWaitedNanos().isEmpty()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(nanos.getAsLong() - link.nothingWaitedNanos().getAsLong()));
  }

  /** Closes every link, stops looking, and makes the notes that wait. */
  @Override
  public void close() {
    timer.shutdown();
    List<LinkPeer> peers = new ArrayList<>();
    synchronized (this) {
      for (Link link : links.values()) {
        if (link.peer() != null) {
          peers.add(link.peer());
        }
      }
    }
    peers.forEach(peer -> peer.close("the master is stopping"));
    heardMotion.flush();
    notes.close();
  }

  /** Finds the cameras that were silent too long. */
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

  /** While the master stood still, what cameras said lay unread: none was silent for that. */
  private void forgiveStall() {
    long stall = nanos.getAsLong() - lookedNanos - TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
    if (stall <= STALL.toNanos()) {
      return;
    }
    log.warn("the master stood still for {} ms; no camera is lost for that", stall / 1_000_000);
    boolean isLong = stall >= SILENCE.toNanos(); // then they may have hung up
    excuse(stall, isLong ? RETURN : SILENCE);
  }

  private synchronized void excuse(long stallNanos, Duration patience) {
    links.values().forEach(link -> link.excuse(stallNanos, nanos.getAsLong(), patience));
  }

  /** So that a later process knows when a camera was heard last. */
  private void noteHeard() {
    if (nanos.getAsLong() - notedNanos < NOTED_EACH.toNanos()) {
      return;
    }
    notedNanos = nanos.getAsLong();
    Map<String, Instant> heard = new TreeMap<>();
    synchronized (this) {
      links.values().stream()
          .filter(Link::isHeard)
          .forEach(link -> heard.put(link.status().camera(), link.lastHeard()));
    }
    var unused = notes.later(() -> cameraLog.heard(heard)); // a minute later there are others
  }

  private void findSilent() {
    Instant now = clock.instant();
    List<CameraStatus> lost = new ArrayList<>();
    List<FleetWatcher.Loss> losses = new ArrayList<>();
    List<String> single = new ArrayList<>();
    Map<String, OptionalLong> calm = new TreeMap<>();
    synchronized (this) {
      for (Link link : links.values()) {
        OptionalLong passedOver = link.talk().ends(nanos.getAsLong());
        if (passedOver.isPresent()) {
          calm.put(link.status().camera(), passedOver);
        }
        if (link.losesTwin(nanos.getAsLong())) {
          single.add(link.status().camera());
        }
        if (link.isOverdue(nanos.getAsLong())) {
          link.lose(now);
          lost.add(link.status());
          losses.add(link.loss());
        }
      }
    }
    losses.forEach(loss -> heardMotion.over(loss.camera()));
    losses.forEach(loss -> tell(w -> w.lost(loss))); // first, since footage depends on it
    single.forEach(camera -> tellTwins(camera, true, now));
    calm.forEach((camera, passedOver) -> tellTooMuch(camera, passedOver, now));
    for (CameraStatus status : lost) {
      log.warn(
          "camera {} is lost: it was last heard at {}",
          status.camera(),
          status.lastHeartbeat().map(Instant::toString).orElse("no time"));
      notes.note(() -> note(status, now));
      events.publish(new CameraReported(status, true));
    }
  }

  private void note(CameraStatus status, Instant now) {
    Instant since = status.lastHeartbeat().orElse(now);
    cameraLog.away(status.camera(), status.state(), since);
  }

  /** Footage is told apart by id and content: neither camera's is dropped for the other's. */
  private void tellTwins(String camera, boolean isOver, Instant now) {
    Fault fault =
        new Fault(
            "duplicate-identity",
            isOver,
            !isOver,
            now,
            "two cameras take turns as "
                + camera
                + ", as with a card that was copied; what both film under one id is taken of one,"
                + " and waits on the other: give one of them another name and an empty spool");
    found(camera, fault, isOver ? "one of it is left" : fault.sentence());
  }

  /** Whoever has its key may be somebody else. */
  private void tellTooMuch(String camera, OptionalLong passedOver, Instant now) {
    boolean isOver = passedOver.isPresent();
    Fault fault =
        new Fault(
            "says-too-much",
            isOver,
            !isOver,
            now,
            "camera "
                + camera
                + " says too much, and some of it is passed over: if it is no fault of its program,"
                + " somebody else may have its key; unpair it then");
    found(
        camera,
        fault,
        isOver
            ? "it says no more than it should; "
                + passedOver.getAsLong()
                + " messages were passed over"
            : fault.sentence());
  }

  /** The master itself found something wrong with a camera, or that it is so no longer. */
  private void found(String camera, Fault fault, String sentence) {
    log.warn("camera {}: {}", camera, sentence);
    tell(w -> w.fault(camera, fault));
    notes.note(() -> cameraLog.faults().noted(camera, fault, fault.at()));
    events.publish(new FaultReported(camera, fault));
  }

  private static void requireOwn(String camera, Hello hello) throws ManifestException {
    if (!hello.camera().equals(camera)) {
      throw new ManifestException("camera " + camera + " may not say hello as " + hello.camera());
    }
  }
}
