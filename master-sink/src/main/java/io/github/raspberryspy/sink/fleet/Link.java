package io.github.raspberryspy.sink.fleet;

import io.github.raspberryspy.segments.wire.BoardFacts;
import io.github.raspberryspy.segments.wire.LinkMessage.CameraState;
import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.sink.event.CameraStatus;
import io.github.raspberryspy.sink.index.KnownCamera;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;

/** What the fleet knows of one camera. Changed under the fleet's lock only. */
final class Link {

  /** So many starts are remembered that another one took over from. */
  private static final int MOST_STARTS = 16;

  /** Where two cameras took turns, that is over once none of them did so for this long. */
  static final Duration TWINS_QUIET = Duration.ofMinutes(10);

  private final String camera;

  /** The connection that speaks for the camera now; null while there is none. */
  private LinkPeer peer;

  private Optional<String> name = Optional.empty(); // that people gave it
  private Hello hello;
  private Heartbeat beat;
  private String state;
  private Instant since;
  private Instant lastHeard;
  private boolean isAwaited; // it has to be heard every now and then
  private long lastHeardNanos;
  private long patienceNanos; // it may be silent for so long after that
  private OptionalLong nothingWaitedNanos = OptionalLong.empty(); // when it last said so
  private String start = ""; // of the process that speaks, where it says
  private String startWhenLost = "";
  private Optional<InetAddress> address = Optional.empty(); // of its last connection
  private boolean hungUp; // it ended that, not the master
  private final ClockOffset clockOffset = new ClockOffset();
  private final Talk talk = new Talk();
  private final Deque<String> earlierStarts = new ArrayDeque<>();
  private OptionalLong twinsNanos = OptionalLong.empty(); // when two last took turns

  Link(String camera, String state) {
    this.camera = camera;
    this.state = state;
  }

  /** A camera that an earlier process knew: away, until it is heard. */
  static Link remembered(KnownCamera known) {
    Link link = new Link(known.camera(), known.state());
    link.hello = new Hello(known.camera(), "", known.software(), known.source(), "");
    link.since = known.lastHeard();
    link.lastHeard = known.lastHeard();
    return link;
  }

  /** It was heard to the last, so it should be again within this time. */
  void await(long nanos, Duration patience) {
    isAwaited = true;
    lastHeardNanos = nanos;
    patienceNanos = patience.toNanos();
  }

  String camera() {
    return camera;
  }

  LinkPeer peer() {
    return peer;
  }

  void attach(LinkPeer connection) {
    peer = connection;
    address = connection.address();
    hello = null;
    hungUp = false;
    clockOffset.forget();
  }

  /**
   * Its connection has ended.
   *
   * @param byCamera whether the camera ended it, and not the master
   * @return whether the camera has left by that
   */
  boolean detach(LinkPeer connection, boolean byCamera) {
    if (!connection.equals(peer)) {
      return false;
    }
    peer = null;
    hungUp = byCamera;
    isAwaited &= !hasLeft();
    return hasLeft();
  }

  /** How much the camera says. */
  Talk talk() {
    return talk;
  }

  void name(Optional<String> given) {
    name = given;
  }

  boolean hasHello() {
    return hello != null;
  }

  /**
   * Takes a hello.
   *
   * @return whether it tells for the first time that there are two of this camera: a process that
   *     another one has taken over from is still there
   */
  boolean hello(Hello said, long nanos) {
    hello = said;
    if (said.start().isEmpty() || said.start().equals(start)) {
      return false;
    }
    boolean isBack = earlierStarts.remove(said.start());
    if (!start.isEmpty()) {
      earlierStarts.addLast(start);
    }
    if (earlierStarts.size() > MOST_STARTS) {
      earlierStarts.removeFirst();
    }
    start = said.start();
    boolean isNew = isBack && twinsNanos.isEmpty();
    twinsNanos = isBack ? OptionalLong.of(nanos) : twinsNanos;
    return isNew;
  }

  /** Whether two of this camera took turns lately. */
  boolean hasTwin() {
    return twinsNanos.isPresent();
  }

  /** Whether they do so no longer, told once. */
  boolean losesTwin(long nanos) {
    boolean isOver =
        twinsNanos.isPresent() && nanos - twinsNanos.getAsLong() > TWINS_QUIET.toNanos();
    twinsNanos = isOver ? OptionalLong.empty() : twinsNanos;
    return isOver;
  }

  /** Takes a heartbeat. Returns whether the state is another than before. */
  boolean beat(Heartbeat said, Instant now, long nanos) {
    beat = said;
    lastHeard = now;
    await(nanos, Fleet.SILENCE);
    said.at().ifPresent(at -> clockOffset.heard(at, now));
    nothingWaitedNanos = said.backlogSegments() == 0 ? OptionalLong.of(nanos) : nothingWaitedNanos;
    return enter(said.state().text(), now);
  }

  /** Whether it should have been heard since. */
  boolean isOverdue(long nanos) {
    return isAwaited && nanos - lastHeardNanos > patienceNanos;
  }

  /** The master itself stood still for so long, and heard nobody; unless it was heard since. */
  void excuse(long stallNanos, long nanos, Duration patience) {
    if (nanos - lastHeardNanos >= stallNanos) {
      lastHeardNanos += stallNanos;
      patienceNanos = Math.max(patienceNanos, patience.toNanos());
    }
  }

  /** Whether it said that it stops, and hung up. */
  boolean hasLeft() {
    return peer == null && state.equals(CameraState.STOPPED.text());
  }

  /** When it last said that nothing of it waits. */
  OptionalLong nothingWaitedNanos() {
    return nothingWaitedNanos;
  }

  /** Whether it was heard, is not lost, and has not left. */
  boolean isHeard() {
    return beat != null && !CameraStatus.isAway(state) && !hasLeft();
  }

  void lose(Instant now) {
    isAwaited = false;
    startWhenLost = start;
    enter(CameraStatus.LOST, now);
  }

  /** Is away from now on, for a reason that is known. Its connection speaks for it no more. */
  void leave(String reason, Instant now) {
    peer = null;
    isAwaited = false;
    enter(reason, now);
  }

  /** How it was lost. */
  FleetWatcher.Loss loss() {
    return new FleetWatcher.Loss(camera, lastHeard, address, hungUp);
  }

  /** Whether another process speaks than when it was lost; empty where that is not said. */
  Optional<Boolean> startedAnew() {
    return start.isEmpty() || startWhenLost.isEmpty()
        ? Optional.empty()
        : Optional.of(!start.equals(startWhenLost));
  }

  /** Whether it was there, and is away. */
  boolean isAway() {
    return CameraStatus.isAway(state) && !state.equals(CameraStatus.NEVER);
  }

  boolean isRemoved() {
    return state.equals(CameraStatus.REMOVED);
  }

  Instant lastHeard() {
    return lastHeard;
  }

  CameraStatus status() {
    return new CameraStatus(
        camera,
        name.orElse(camera),
        state,
        Optional.ofNullable(since),
        Optional.ofNullable(lastHeard),
        hello == null ? "" : hello.source(),
        hello == null ? "" : hello.software(),
        hello == null ? BoardFacts.UNKNOWN : hello.board(),
        clockOffset.value(),
        Optional.ofNullable(beat));
  }

  private boolean enter(String next, Instant now) {
    boolean changed = !next.equals(state);
    if (changed) {
      state = next;
      since = now;
    }
    return changed;
  }
}
