package io.github.raspberryspy.sink.alert;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The alerts that the database does not hold yet, in order, some 1000 at the most. Thread-safe. */
final class Backlog {

  private static final Logger log = LoggerFactory.getLogger(Backlog.class);
  private static final int MOST = 1000;

  @GuardedBy("this")
  private final Deque<Entry> entries = new ArrayDeque<>();

  /** The ids of those that people are told though no database holds them. */
  @GuardedBy("this")
  private final Set<String> told = new HashSet<>();

  /** When they were told last, of what. */
  @GuardedBy("this")
  private final Map<List<String>, Instant> toldAt = new HashMap<>();

  /**
   * One of them.
   *
   * @param others the ids of those that are told with it
   * @param channels by which it is to be delivered
   */
  record Entry(Alert alert, List<String> others, Set<String> channels) {

    boolean tells(String id) {
      return alert.id().equals(id) || others.contains(id);
    }
  }

  /** Adds one; false where there are too many. */
  synchronized boolean add(Entry entry) {
    if (entries.size() >= MOST) {
      log.warn("an alert was dropped, since {} wait for the index: {}", MOST, entry.alert);
      return false;
    }
    return entries.add(entry);
  }

  synchronized Optional<Entry> first() {
    return Optional.ofNullable(entries.peek());
  }

  /** The database holds the first. */
  synchronized void removeFirst() {
    told.remove(entries.remove().alert.id());
    if (entries.isEmpty()) {
      toldAt.clear();
    }
  }

  synchronized boolean tells(String id) {
    return entries.stream().anyMatch(entry -> entry.tells(id));
  }

  /**
   * What people are told though no database holds it: of one kind and camera one within a pause, as
   * where there is a database; but each time that several cameras are lost. What was told is among
   * it again.
   */
  synchronized List<Entry> told(Duration pause, Instant now) {
    List<Entry> all = new ArrayList<>();
    for (Entry entry : entries) {
      if (told.contains(entry.alert.id()) || mayTell(entry.alert, pause, now)) {
        told.add(entry.alert.id());
        all.add(entry);
      }
    }
    return all;
  }

  @GuardedBy("this")
  private boolean mayTell(Alert alert, Duration pause, Instant now) {
    boolean isApart = alert.kind() == AlertKind.LOST && alert.camera().isEmpty();
    List<String> what = List.of(alert.kind().text(), alert.camera(), isApart ? alert.id() : "");
    Instant before = toldAt.get(what);
    boolean rests = before != null && Duration.between(before, now).abs().compareTo(pause) < 0;
    if (!rests) {
      toldAt.put(what, now);
    }
    return !rests;
  }
}
