package io.github.raspberryspy.sink.event;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.sink.event.MasterEvent.MasterTrouble;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with the master itself at this time, one sentence a kind. Each is logged and told
 * to the listeners once, when it begins and when it is over. Thread-safe.
 */
public final class Troubles {

  private static final Logger log = LoggerFactory.getLogger(Troubles.class);

  private final Events events;

  @GuardedBy("this")
  private final Map<String, String> standing = new TreeMap<>();

  /** Nothing is wrong yet. */
  public Troubles(Events events) {
    this.events = events;
  }

  /** Something is wrong: tells of it, unless it has said this very sentence of it before. */
  public void begin(String kind, String sentence) {
    synchronized (this) {
      if (sentence.equals(standing.put(kind, sentence))) {
        return;
      }
    }
    log.error("{}", sentence);
    events.publish(new MasterTrouble(kind, false, sentence));
  }

  /** It is right again, if it was wrong. */
  public void end(String kind) {
    String was;
    synchronized (this) {
      was = standing.remove(kind);
    }
    if (was != null) {
      log.info("this is over: {}", was);
      events.publish(new MasterTrouble(kind, true, was));
    }
  }

  /** Sentences by kind. */
  public synchronized Map<String, String> standing() {
    return new TreeMap<>(standing);
  }
}
