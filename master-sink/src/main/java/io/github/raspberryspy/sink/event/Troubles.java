package io.github.raspberryspy.sink.event;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.sink.event.MasterEvent.MasterTrouble;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with the master itself at this time, one sentence a kind. Each is logged and told
 * to the listeners when it begins, when its sentence changes, and when it is over. Thread-safe.
 */
public final class Troubles {

  private static final Logger log = LoggerFactory.getLogger(Troubles.class);

  private final Events events;
  private final Clock clock;

  @GuardedBy("this")
  private final Map<String, MasterTrouble> standing = new TreeMap<>();

  /**
   * Nothing is wrong yet.
   *
   * @param clock says since when something is wrong
   */
  public Troubles(Events events, Clock clock) {
    this.events = events;
    this.clock = clock;
  }

  /** Something is wrong: tells of it, unless it has said this very sentence of it before. */
  public void begin(String kind, String sentence) {
    begin(kind, sentence, clock.instant());
  }

  /**
   * Something has been wrong since then, if that is not known already: what an earlier process told
   * of is the same trouble.
   */
  public void begin(String kind, String sentence, Instant since) {
    MasterTrouble trouble;
    synchronized (this) {
      MasterTrouble before = standing.get(kind);
      if (before != null && before.sentence().equals(sentence)) {
        return;
      }
      trouble = new MasterTrouble(kind, false, sentence, before == null ? since : before.since());
      standing.put(kind, trouble);
    }
    log.error("{}", sentence);
    events.publish(trouble);
  }

  /** It is right again, if it was wrong. */
  public void end(String kind) {
    MasterTrouble was;
    synchronized (this) {
      was = standing.remove(kind);
    }
    if (was != null) {
      log.info("this is over: {}", was.sentence());
      events.publish(new MasterTrouble(kind, true, was.sentence(), was.since()));
    }
  }

  /** What is wrong, in the order in which it began. */
  public synchronized List<MasterTrouble> standing() {
    return standing.values().stream().sorted(Comparator.comparing(MasterTrouble::since)).toList();
  }
}
