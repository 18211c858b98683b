package io.github.raspberryspy.sink.fleet;

import io.github.raspberryspy.segments.wire.BoardHealth;
import io.github.raspberryspy.segments.wire.LinkMessage.CameraState;
import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import java.util.Optional;
import java.util.OptionalLong;

/** Heartbeats of a camera of which little matters. */
public final class Beats {

  private Beats() {}

  /** It does this, and nothing waits. */
  public static Heartbeat of(CameraState state) {
    return of(state, 0, BoardHealth.UNKNOWN);
  }

  /**
   * It does this.
   *
   * @param waiting segments of a byte that are not with the master yet
   */
  public static Heartbeat of(CameraState state, long waiting, BoardHealth board) {
    OptionalLong unknown = OptionalLong.empty();
    return new Heartbeat(
        state,
        "",
        640,
        480,
        10,
        1,
        1,
        0,
        waiting,
        waiting,
        unknown,
        0,
        unknown,
        false,
        Optional.empty(),
        board);
  }
}
