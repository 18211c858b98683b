package io.github.raspberryspy.camera.live;

import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.encode.PacketCursor;
import io.github.raspberryspy.camera.encode.PacketWindow;
import io.github.raspberryspy.camera.record.RunClock;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.segments.wire.LiveMessage;
import java.time.Duration;
import java.util.Optional;

/**
 * A reader of one run for live view: joins at the last keyframe, and yields an init segment and
 * then a fragment for each picture, without encoding anything anew. Whoever reads too slowly goes
 * on at the last keyframe, and is told how many pictures that cost; nobody else is held up, the
 * recorder of a source that waits included.
 *
 * <p>For one thread; {@link #close} may come from another.
 */
public final class FragmentTap implements AutoCloseable {

  /** How far a reader may be behind the newest picture before it jumps. */
  public static final Duration MOST_BEHIND = Duration.ofMillis(500);

  private final PacketCursor cursor;
  private final Fragmenter fragments;
  private boolean ended;
  private long skipped;

  /**
   * Opens one.
   *
   * @param window the run's packets
   * @param info the run's stream
   * @param clock the run's
   */
  public FragmentTap(PacketWindow window, StreamInfo info, RunClock clock) {
    this.cursor = window.openObserver();
    this.fragments = new Fragmenter(info.width(), info.height(), clock);
  }

  /** Waits for the next message; empty where none comes in this time, or {@link #isEnded}. */
  public Optional<LiveMessage> next(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    Optional<LiveMessage> message = fragments.poll();
    while (message.isEmpty() && !ended) {
      long left = deadline - System.nanoTime();
      if (!cursor.awaitNext(Duration.ofNanos(Math.max(0, left)))) {
        return Optional.empty();
      }
      read();
      message = fragments.poll();
    }
    return message;
  }

  private void read() {
    skipped += cursor.skipToLastKeyframe(MOST_BEHIND.toNanos() / 1000);
    Packet packet = cursor.next();
    skipped += cursor.takeMissed();
    if (packet == null) {
      ended = true;
    } else {
      fragments.put(packet);
    }
  }

  /** Whether the run is over, or this tap was closed: nothing more comes. */
  public boolean isEnded() {
    return ended;
  }

  /** How many pictures were passed over because they were not read in time. */
  public long skipped() {
    return skipped;
  }

  /** Ends reading; a waiting {@link #next} returns. */
  @Override
  public void close() {
    cursor.close();
  }
}
