package io.github.raspberryspy.sink.auth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How often somebody may try a password. From one address, an account may be tried a few times;
 * after that once in a while, with pauses that double. So is an address, whatever accounts it
 * tries. Other addresses are not held up by it: who guesses locks nobody out but themselves.
 * Bounded, and thread-safe.
 */
final class Guesses {

  /** Tries of one account from one address without a pause. */
  static final int FREE = 5;

  /** Tries from one address without a pause. */
  static final int FREE_FROM_ADDRESS = 30;

  private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final Duration FORGOTTEN_AFTER = Duration.ofHours(12);
  private static final int MOST_REMEMBERED = 20_000;

  private final LongSupplier nanos;

  @GuardedBy("this")
  private final Map<String, Tries> tries = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Nobody has tried yet.
   *
   * @param nanos the monotonic clock, as {@link System#nanoTime}
   */
  Guesses(LongSupplier nanos) {
    this.nanos = nanos;
  }

  private static final class Tries {
    private int count;
    private long last;
    private long notBefore;

    Duration left(long now) {
      return count > 0 && notBefore - now > 0 ? Duration.ofNanos(notBefore - now) : Duration.ZERO;
    }

    void another(int free, long now) {
      if (count > 0 && now - last > FORGOTTEN_AFTER.toNanos()) {
        count = 0;
      }
      count++;
      last = now;
      notBefore = now + pause(count - free).toNanos();
    }

    /** The last try was none. */
    void oneLess(int free, long now) {
      count--;
      if (count < free) {
        notBefore = now;
      }
    }

    private static Duration pause(int beyond) {
      if (beyond < 0) {
        return Duration.ZERO;
      }
      Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(beyond, 10));
      return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
  }

  /**
   * Counts a try, if it is allowed now.
   *
   * @return zero; or how long to wait, where it is not allowed, and not counted
   */
  synchronized Duration ask(String account, String address) {
    long now = nanos.getAsLong();
    Tries ofAddress = tries.computeIfAbsent(Household.of(address), n -> new Tries());
    Tries ofBoth = tries.computeIfAbsent(key(account, address), k -> new Tries());
    Duration left = ofBoth.left(now);
    if (left.compareTo(ofAddress.left(now)) < 0) {
      left = ofAddress.left(now);
    }
    if (left.isZero()) {
      ofBoth.another(FREE, now);
      ofAddress.another(FREE_FROM_ADDRESS, now);
    }
    while (tries.size() > MOST_REMEMBERED) {
      tries.remove(tries.keySet().iterator().next());
    }
    return left;
  }

  /**
   * The password was right, and so that was no guess: this account may be tried anew from this
   * address, and the address has as many tries left as before.
   */
  synchronized void right(String account, String address) {
    tries.remove(key(account, address));
    Tries ofAddress = tries.get(Household.of(address));
    if (ofAddress != null) {
      ofAddress.oneLess(FREE_FROM_ADDRESS, nanos.getAsLong());
    }
  }

  /** The password was not looked at, so that this was no try of it: it may come again at once. */
  synchronized void untried(String account, String address) {
    long now = nanos.getAsLong();
    notTried(tries.get(key(account, address)), now);
    notTried(tries.get(Household.of(address)), now);
  }

  private static void notTried(Tries of, long now) {
    if (of != null && of.count > 0) {
      of.oneLess(Integer.MAX_VALUE, now);
    }
  }

  synchronized int remembered() {
    return tries.size();
  }

  private static String key(String account, String address) {
    return Household.of(address) + " " + account;
  }
}
