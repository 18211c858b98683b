package io.github.raspberryspy.camera.encode;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * A reader's place in a {@link PacketWindow}. For one thread; {@link #close} may come from another.
 */
public final class PacketCursor implements AutoCloseable {

  private final PacketWindow window;

  // All three belong to the window and are guarded by its lock.
  long position;
  long missed;
  boolean closed;

  PacketCursor(PacketWindow window, long position) {
    this.window = window;
    this.position = position;
  }

  /** Waits for the next packet; {@code null} at the end, or once closed. */
  public Packet next() {
    return window.next(this);
  }

  /** Waits so long at the most. Returns whether {@link #next} would return at once. */
  public boolean awaitNext(Duration timeout) {
    return window.awaitNext(this, timeout);
  }

  /**
   * Goes back to the last keyframe shown at this time or earlier, else to the earliest one: among
   * those that were read already, that the window still has, and that are not shown before {@code
   * notBeforeUs}.
   *
   * @return when that keyframe is shown; empty, without a move, where there is none
   */
  public OptionalLong rewind(long ptsUs, long notBeforeUs) {
    return window.rewind(this, ptsUs, notBeforeUs);
  }

  /**
   * Goes back to the latest keyframe that is not later than this decode time, if the window still
   * has it: what could not be written is written again elsewhere.
   *
   * @return whether it did
   */
  public boolean rewindTo(long dtsUs) {
    return window.rewindTo(this, dtsUs);
  }

  /**
   * Jumps to the last keyframe if this reader is further behind the newest packet than this, and
   * that keyframe is ahead of it.
   *
   * @return how many packets it passed over
   */
  public long skipToLastKeyframe(long mostBehindUs) {
    return window.skipToLastKeyframe(this, mostBehindUs);
  }

  /** How many packets the window forgot before they were read, since the last call. */
  public long takeMissed() {
    return window.takeMissed(this);
  }

  /** Ends reading; a waiting {@link #next} returns. */
  @Override
  public void close() {
    window.close(this);
  }
}
