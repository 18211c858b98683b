package io.github.raspberryspy.natives.libc;

import com.sun.jna.Memory;

/**
 * Descriptors that one thread waits for together, an array of {@code struct pollfd}.
 *
 * <pre>
 *   0      4        6         8
 *   +------+--------+---------+---
 *   | fd   | events | revents | next
 *   +------+--------+---------+---
 * </pre>
 *
 * For one thread. Source: poll(2).
 */
public final class PollSet {

  private static final int ENTRY = 8;
  private static final int EVENTS = 4;
  private static final int RESULT = 6;

  private final LibC libc;
  private final String subject;
  private final Memory entries;
  private final int count;

  /** A set of so many descriptors, to be filled in by {@link #watch}. */
  public PollSet(LibC libc, String subject, int count) {
    this.libc = libc;
    this.subject = subject;
    this.count = count;
    this.entries = new Memory((long) count * ENTRY);
    entries.clear();
    for (int i = 0; i < count; i++) {
      entries.setInt((long) i * ENTRY, -1); // which poll(2) leaves out
    }
  }

  /**
   * Waits for this descriptor too.
   *
   * @param place in the set
   * @param events {@link LibC#POLLIN} and its like; 0 leaves it out
   */
  public void watch(int place, Descriptor descriptor, int events) {
    entries.setInt((long) place * ENTRY, events == 0 ? -1 : descriptor.number());
    entries.setShort((long) place * ENTRY + EVENTS, (short) events);
  }

  /**
   * Waits until one has something, for so long at the most.
   *
   * @return whether one has
   * @throws NativeException if that fails
   */
  public boolean await(int timeoutMillis) {
    long ready = Descriptor.untilDone(libc, () -> libc.poll(entries, count, timeoutMillis));
    if (ready < 0) {
      throw new NativeException("poll", subject, libc.lastError());
    }
    return ready > 0;
  }

  /** What the latest wait found at this place, as a sum of {@link LibC#POLLIN} and its like. */
  public int found(int place) {
    return entries.getShort((long) place * ENTRY + RESULT);
  }
}
