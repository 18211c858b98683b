package io.github.raspberryspy.sink.auth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.sink.index.AuditEntry;
import io.github.raspberryspy.sink.index.AuditLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes who did what. Of failed sign-ins the first from each address is noted at once and those
 * after it as a number, so that guessing does not fill the disk. Thread-safe.
 */
public final class Audit implements AutoCloseable {

  /** Failures from one address within this time are counted together. */
  static final Duration WINDOW = Duration.ofMinutes(10);

  /** Addresses whose failures are counted apart; those of others are counted together. */
  static final int MOST_ADDRESSES = 20;

  private static final String FAILED = "failed-sign-in";
  private static final String OTHERS = "other addresses";
  private static final Logger log = LoggerFactory.getLogger(Audit.class);

  private final AuditLog entries;
  private final Clock clock;

  @GuardedBy("this")
  private final Map<String, Failures> failures = new LinkedHashMap<>();

  Audit(AuditLog entries, Clock clock) {
    this.entries = entries;
    this.clock = clock;
  }

  private static final class Failures {
    private final Instant since;
    private int more;

    Failures(Instant since) {
      this.since = since;
    }
  }

  /**
   * Notes what somebody did.
   *
   * @param who name; empty by the sign-in link
   * @param address from where
   * @param action in one word
   * @param detail to what; may be empty
   */
  public void note(String who, String address, String action, String detail) {
    entries.add(clock.instant(), who, address, action, detail);
  }

  /**
   * Notes that somebody was not let in.
   *
   * @param who whose name was given; empty where there is none of it
   */
  void failed(String who, String address) {
    flush(false);
    boolean isFirst;
    String counted;
    synchronized (this) {
      boolean isApart = failures.containsKey(address) || failures.size() < MOST_ADDRESSES;
      counted = isApart ? address : OTHERS;
      isFirst = !failures.containsKey(counted);
      Failures some = failures.computeIfAbsent(counted, a -> new Failures(clock.instant()));
      some.more += isFirst ? 0 : 1;
    }
    if (isFirst) {
      tryNote(who, counted, FAILED, "");
    }
  }

  /** Entries, latest first; see {@link AuditLog#entries}. */
  public List<AuditEntry> entries(long before, int most) {
    flush(true);
    return entries.entries(before, most);
  }

  @Override
  public void close() {
    flush(true);
  }

  /** Notes the numbers; of windows that have ended, or of all. */
  private void flush(boolean all) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    synchronized (this) {
      Instant now = clock.instant();
      for (Iterator<Map.Entry<String, Failures>> each = failures.entrySet().iterator();
          each.hasNext(); ) {
        Map.Entry<String, Failures> one = each.next();
        boolean isOver = Duration.between(one.getValue().since, now).abs().compareTo(WINDOW) >= 0;
        if ((all || isOver) && one.getValue().more > 0) {
          counts.put(one.getKey(), one.getValue().more);
          one.getValue().more = 0;
        }
        if (isOver) {
          each.remove();
        }
      }
    }
    counts.forEach((address, more) -> tryNote("", address, FAILED, more + " more"));
  }

  /** As {@link #note}, of what is done whether or not the database takes the note. */
  void tryNote(String who, String address, String action, String detail) {
    try {
      note(who, address, action, detail);
    } catch (JdbiException e) {
      log.warn(
          "not noted, for the database takes nothing: {} of {} from {}: {}",
          action,
          who.isEmpty() ? "nobody that is known" : who,
          address,
          e.getMessage());
    }
  }
}
