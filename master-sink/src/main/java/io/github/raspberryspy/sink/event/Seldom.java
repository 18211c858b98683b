package io.github.raspberryspy.sink.event;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Says the same of a camera once in a while, with how often it was so meanwhile: one that comes and
 * goes without end does not fill the log. Thread-safe.
 */
public final class Seldom {

  /** How long the same is not said again. */
  static final Duration EACH = Duration.ofMinutes(1);

  private final LongSupplier nanos;

  @GuardedBy("this")
  private final Map<String, Said> said = new HashMap<>();

  private record Said(long atNanos, long left) {}

  /**
   * Has said nothing yet.
   *
   * @param nanos the monotonic clock, as {@link System#nanoTime}
   */
  public Seldom(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * Says it, or counts it.
   *
   * @param camera of which
   * @param what it is, the same word each time
   * @param log takes the sentence
   */
  public void say(String camera, String what, String sentence, Consumer<String> log) {
    long left;
    synchronized (this) {
      long now = nanos.getAsLong();
      String key = camera + " " + what;
      Said last = said.get(key);
      if (last != null && now - last.atNanos < EACH.toNanos()) {
        said.put(key, new Said(last.atNanos, last.left + 1));
        return;
      }
      left = last == null ? 0 : last.left;
      said.put(key, new Said(now, 0));
    }
    log.accept(left == 0 ? sentence : sentence + "; so it was " + left + " more times before");
  }
}
