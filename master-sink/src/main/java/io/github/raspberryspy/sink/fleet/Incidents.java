package io.github.raspberryspy.sink.fleet;

import io.github.raspberryspy.sink.event.Incident;
import io.github.raspberryspy.sink.event.Incident.Failure;
import io.github.raspberryspy.sink.event.Incident.Flushed;
import io.github.raspberryspy.sink.event.Incident.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The incidents that last. Not thread-safe: the failsafe's thread alone uses it. */
final class Incidents {

  /** Failures and answers in one incident, each; a camera that comes and goes adds no more. */
  private static final int MOST = 200;

  private final Map<String, Incident> open = new LinkedHashMap<>();
  private final Map<String, Long> greetedNanos = new HashMap<>(); // cameras that connected anew
  private final Set<Failure> unrepeated = new LinkedHashSet<>(); // by them, since

  /** Goes on with those that an earlier process left, latest first. */
  Incidents(List<Incident> standing) {
    List<Incident> earliestFirst = new ArrayList<>(standing);
    Collections.reverse(earliestFirst);
    earliestFirst.forEach(incident -> open.put(incident.id(), incident));
  }

  /** The incident of this id. */
  Incident get(String id) {
    Incident incident = open.get(id);
    if (incident == null) {
      throw new NoSuchElementException("no incident " + id);
    }
    return incident;
  }

  /** The incident that began last. */
  String latest() {
    String latest = "";
    for (String id : open.keySet()) {
      latest = id;
    }
    return latest;
  }

  /** Takes note of a failure that lasts already; false where it does not. */
  boolean repeats(Failure failure) {
    unrepeated.removeIf(
        f -> f.camera().equals(failure.camera()) && f.kind().equals(failure.kind()));
    return open.values().stream().anyMatch(i -> i.has(failure.camera(), failure.kind()));
  }

  /** Adds a failure to the latest incident, or to a new one. Returns which. */
  String add(Failure failure, String newId, Instant now) {
    Optional<Incident> joined = Optional.ofNullable(open.get(latest())).filter(i -> joins(i, now));
    Incident incident =
        joined.orElseGet(() -> new Incident(newId, now, Optional.empty(), List.of(), List.of()));
    List<Failure> failures = new ArrayList<>(incident.failures());
    failures.add(failure);
    put(new Incident(incident.id(), incident.start(), incident.end(), failures, incident.others()));
    return incident.id();
  }

  private static boolean joins(Incident incident, Instant now) {
    return incident.failures().size() < MOST
        && Duration.between(incident.start(), now).compareTo(Failsafe.TOGETHER) <= 0;
  }

  /** Whether anything of this camera lasts. */
  boolean isFailed(String camera) {
    return lasting().anyMatch(f -> f.camera().equals(camera));
  }

  /** Whether this camera is not heard. */
  boolean isLost(String camera) {
    return lasting().anyMatch(f -> f.camera().equals(camera) && f.kind().equals(Incident.LOST));
  }

  /** How many cameras are not heard. */
  long lostNow() {
    return lasting().filter(f -> f.kind().equals(Incident.LOST)).count();
  }

  private Stream<Failure> lasting() {
    return open.values().stream()
        .flatMap(i -> i.failures().stream())
        .filter(f -> f.end().isEmpty());
  }

  /** What the network says of a lost camera. Returns its incident, if it still is lost. */
  Optional<Incident> judged(String camera, Verdict verdict, String sentence) {
    change(
        f -> f.camera().equals(camera) && f.kind().equals(Incident.LOST),
        f -> new Failure(f.camera(), f.kind(), f.since(), verdict, sentence, f.end()));
    return open.values().stream()
        .filter(incident -> incident.has(camera, Incident.LOST))
        .reduce((a, b) -> b);
  }

  /** Another camera was told. */
  void told(String id, String camera, Instant at) {
    others(id, list -> list.add(new Flushed(camera, at, Optional.empty(), false, "")));
  }

  /** It answered. */
  void answered(String id, String camera, Instant at, Instant now, Answer answer) {
    others(
        id,
        list ->
            list.replaceAll(
                f ->
                    f.camera().equals(camera) && f.at().equals(at)
                        ? new Flushed(camera, at, Optional.of(now), answer.ok(), answer.sentence())
                        : f));
  }

  boolean areAllAnswered(String id) {
    Incident incident = open.get(id);
    return incident != null && incident.others().stream().allMatch(f -> f.answered().isPresent());
  }

  private void others(String id, Consumer<List<Flushed>> change) {
    Incident incident = open.get(id);
    if (incident == null) {
      return; // it was over before the answer came
    }
    List<Flushed> others = new ArrayList<>(incident.others());
    change.accept(others);
    int most = Math.min(others.size(), MOST);
    put(
        new Incident(
            id,
            incident.start(),
            incident.end(),
            incident.failures(),
            others.subList(others.size() - most, others.size())));
  }

  /** A camera connected: what it does not repeat is over. */
  void greeted(String camera, long nanos) {
    greetedNanos.put(camera, nanos);
    lasting()
        .filter(f -> f.camera().equals(camera) && !f.kind().equals(Incident.LOST))
        .forEach(unrepeated::add);
  }

  /** Ends what was not repeated in time. Returns the incidents that changed. */
  Set<String> unrepeated(long nanos, Duration patience, Instant now) {
    Set<String> changed = new LinkedHashSet<>();
    for (Failure failure : List.copyOf(unrepeated)) {
      if (nanos - greetedNanos.get(failure.camera()) >= patience.toNanos()) {
        unrepeated.remove(failure);
        changed.addAll(change(failure::equals, f -> ended(f, now, "")));
      }
    }
    return changed;
  }

  /** Ends a failure. Returns the incidents that changed. */
  Set<String> over(String camera, String kind, Instant now, String how) {
    return change(f -> f.camera().equals(camera) && f.kind().equals(kind), f -> ended(f, now, how));
  }

  /** Nobody waits for this camera any more. Returns the incidents that changed. */
  Set<String> left(String camera, Instant now) {
    return change(
        f -> f.camera().equals(camera),
        f ->
            f.kind().equals(Incident.LOST)
                ? new Failure(
                    f.camera(),
                    f.kind(),
                    f.since(),
                    Verdict.TAKEN_AWAY,
                    Probe.sentence(Verdict.TAKEN_AWAY),
                    Optional.of(now))
                : ended(f, now, ""));
  }

  private static Failure ended(Failure f, Instant at, String how) {
    return new Failure(
        f.camera(), f.kind(), f.since(), f.verdict(), f.sentence() + how, Optional.of(at));
  }

  private Set<String> change(Predicate<Failure> which, UnaryOperator<Failure> how) {
    Set<String> changed = new LinkedHashSet<>();
    for (Incident incident : List.copyOf(open.values())) {
      List<Failure> failures = new ArrayList<>(incident.failures());
      failures.replaceAll(f -> f.end().isEmpty() && which.test(f) ? how.apply(f) : f);
      if (!failures.equals(incident.failures())) {
        Optional<Instant> end =
            failures.stream().anyMatch(f -> f.end().isEmpty())
                ? Optional.empty()
                : failures.stream().flatMap(f -> f.end().stream()).max(Instant::compareTo);
        put(new Incident(incident.id(), incident.start(), end, failures, incident.others()));
        changed.add(incident.id());
      }
    }
    return changed;
  }

  /** Keeps it no longer where nothing of it lasts. */
  void forget(String id) {
    Incident incident = open.get(id);
    if (incident != null && !incident.isOpen()) {
      open.remove(id);
    }
  }

  private void put(Incident incident) {
    open.put(incident.id(), incident);
  }
}
