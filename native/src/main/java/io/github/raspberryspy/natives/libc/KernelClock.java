package io.github.raspberryspy.natives.libc;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.time.Duration;
import java.util.Optional;

/**
 * What the kernel says of its wall clock.
 *
 * <p>Source: adjtimex(2), {@code struct timex}. The kernel starts with the largest error that it
 * knows, {@link #LARGEST_ERROR}; whoever synchronises the clock lowers that, and from then on it
 * grows by half a millisecond a second. {@link #STA_UNSYNC} alone says less: time daemons set it
 * also to keep the kernel from writing to a hardware clock.
 *
 * @param status bits, {@link #STA_UNSYNC} among them
 * @param maxError by how much it may be wrong
 */
public record KernelClock(int status, Duration maxError) {

  /** Nobody keeps the clock synchronised, or wishes the kernel to behave as if. */
  public static final int STA_UNSYNC = 0x40;

  /** The error of a clock that nobody has synchronised since the start, or for nine hours. */
  public static final Duration LARGEST_ERROR = Duration.ofSeconds(16);

  /** More than the structure has on any system. */
  private static final int BYTES = 256;

  /**
   * Asks; changes nothing, and needs no right.
   *
   * @return empty where there is nobody to ask: on other systems than Linux, or where a sandbox
   *     forbids it
   */
  public static Optional<KernelClock> read() {
    if (!Platform.isLinux()) {
      return Optional.empty();
    }
    Functions.register();
    try (Memory timex = new Memory(BYTES)) {
      timex.clear(); // modes 0: nothing is to be set
      return Functions.adjtimex(timex) < 0 ? Optional.empty() : Optional.of(parse(timex));
    }
  }

  private static KernelClock parse(Memory timex) {
    long maxError =
        Native.LONG_SIZE == 8
            ? timex.getLong(maxErrorAt(8))
            : Integer.toUnsignedLong(timex.getInt(maxErrorAt(4)));
    return new KernelClock(
        timex.getInt(statusAt(Native.LONG_SIZE)), Duration.ofNanos(maxError * 1000));
  }

  /** Offset of {@code maxerror}, behind three fields each as wide as a {@code long}. */
  static int maxErrorAt(int longSize) {
    return 3 * longSize;
  }

  /** Offset of {@code status}. */
  static int statusAt(int longSize) {
    return 5 * longSize;
  }

  /** Whether somebody has synchronised it. */
  public boolean isSynchronised() {
    return maxError.compareTo(LARGEST_ERROR) < 0;
  }

  private static final class Functions {
    private static boolean registered;

    private Functions() {}

    static synchronized void register() {
      if (!registered) {
        Native.register(Functions.class, "c");
        registered = true;
      }
    }

    static native int adjtimex(Pointer timex);
  }
}
