package io.github.raspberryspy.sink.event;

import io.github.raspberryspy.segments.wire.BoardFacts;
import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One camera as the master sees it. Immutable.
 *
 * @param camera its own name
 * @param name what people call it; its own name where they have not said
 * @param state {@code recording}, {@code starting}, {@code retrying} or {@code stopped} as the
 *     camera says; {@code lost} without a heartbeat for 5 s; {@code never} where it has footage
 *     here but never had a link
 * @param since when it came into this state
 * @param lastHeartbeat when it was last heard, if ever
 * @param source what it films; empty while unknown
 * @param software its program and version; empty while unknown
 * @param board what it runs on, as far as it said
 * @param clockOffset by how much its clock is ahead of the master's; less what the way took
 * @param heartbeat what it said last, if it did since this master started
 */
public record CameraStatus(
    String camera,
    String name,
    String state,
    Optional<Instant> since,
    Optional<Instant> lastHeartbeat,
    String source,
    String software,
    BoardFacts board,
    Optional<Duration> clockOffset,
    Optional<Heartbeat> heartbeat) {

  /** State of a camera that is silent. */
  public static final String LOST = "lost";

  /** State of a camera that never had a link. */
  public static final String NEVER = "never";

  /** A camera of which only footage is known. */
  public static CameraStatus never(String camera) {
    return new CameraStatus(
        camera,
        camera,
        NEVER,
        Optional.empty(),
        Optional.empty(),
        "",
        "",
        BoardFacts.UNKNOWN,
        Optional.empty(),
        Optional.empty());
  }
}
