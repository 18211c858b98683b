package io.github.raspberryspy.sink.fleet;

import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.sink.event.CameraStatus;
import java.time.Instant;
import java.util.Optional;

/** What the fleet knows of one camera. Changed under the fleet's lock only. */
final class Link {

  private final String camera;

  /** The connection that speaks for the camera now; null while there is none. */
  private LinkPeer peer;

  private Hello hello;
  private Heartbeat beat;
  private String state;
  private Instant since;
  private Instant lastHeard;
  private long lastHeardNanos;

  Link(String camera, String state) {
    this.camera = camera;
    this.state = state;
  }

  /** A camera that an earlier process knew: lost, until it is heard. */
  static Link remembered(String camera, String software, String source, Instant lastHeard) {
    Link link = new Link(camera, CameraStatus.LOST);
    link.hello = new Hello(camera, "", software, source);
    link.since = lastHeard;
    link.lastHeard = lastHeard;
    return link;
  }

  LinkPeer peer() {
    return peer;
  }

  void attach(LinkPeer connection) {
    peer = connection;
    hello = null;
  }

  void detach(LinkPeer connection) {
    if (connection.equals(peer)) {
      peer = null;
    }
  }

  boolean hasHello() {
    return hello != null;
  }

  void hello(Hello said) {
    hello = said;
  }

  /** Takes a heartbeat. Returns whether the state is another than before. */
  boolean beat(Heartbeat said, Instant now, long nanos) {
    beat = said;
    lastHeard = now;
    lastHeardNanos = nanos;
    return enter(said.state().text(), now);
  }

  /** Whether it should have been heard since, and has not said that it stops. */
  boolean isOverdue(long nanos, long limitNanos) {
    return isHeard() && nanos - lastHeardNanos > limitNanos;
  }

  /** Whether it was heard, is not lost, and has not said that it stops and hung up. */
  boolean isHeard() {
    return beat != null
        && !state.equals(CameraStatus.LOST)
        && !(peer == null && state.equals("stopped"));
  }

  void lose(Instant now) {
    enter(CameraStatus.LOST, now);
  }

  boolean isLost() {
    return state.equals(CameraStatus.LOST);
  }

  Instant lastHeard() {
    return lastHeard;
  }

  CameraStatus status() {
    return new CameraStatus(
        camera,
        state,
        Optional.ofNullable(since),
        Optional.ofNullable(lastHeard),
        hello == null ? "" : hello.source(),
        hello == null ? "" : hello.software(),
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
