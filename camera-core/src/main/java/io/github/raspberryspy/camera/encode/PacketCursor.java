package io.github.raspberryspy.camera.encode;

import java.time.Duration;

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
