package io.github.raspberryspy.sink.event;

import io.github.raspberryspy.segments.wire.BoardFacts;
import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * One camera as the master sees it. Immutable.
 *
 * @param camera its own name
 * @param name what people call it; its own name where they have not said
 * @param state {@code recording}, {@code starting}, {@code retrying} or {@code stopped} as the
 *     camera says; {@code lost} without a heartbeat for 5 s; {@code off} where its program was
 *     ended in order; {@code unpaired} where its owner let it in no longer; {@code removed} where
 *     its owner took it off the wall; {@code never} where it has footage here but never had a link
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

  /** State of a camera whose program was ended in order. */
  public static final String OFF = "off";

  /** State of a camera that is let in no longer. */
  public static final String UNPAIRED = "unpaired";

  /** State of a camera of which people want to see no more than its footage. */
  public static final String REMOVED = "removed";

  /** State of a camera that never had a link. */
  public static final String NEVER = "never";

  private static final Set<String> AWAY = Set.of(LOST, OFF, UNPAIRED, REMOVED, NEVER);

  /** Whether a camera in this state is not heard. */
  public static boolean isAway(String state) {
    return AWAY.contains(state);
  }

  /** Whether it is heard now. */
  public boolean isHeard() {
    return !isAway(state);
  }

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
