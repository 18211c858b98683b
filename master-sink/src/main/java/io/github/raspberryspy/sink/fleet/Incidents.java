package io.github.raspberryspy.sink.fleet;

import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.sink.event.Incident;
import io.github.raspberryspy.sink.event.Incident.Failure;
import io.github.raspberryspy.sink.event.Incident.Flushed;
import io.github.raspberryspy.sink.event.Incident.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The incidents that last. Not thread-safe: the failsafe's thread alone uses it. */
final class Incidents {

  /** Failures and answers in one incident, each; a camera that comes and goes adds no more. */
  private static final int MOST = 200;

  /** Failures of one camera in one incident: of what more is wrong with it, its faults tell. */
  private static final int MOST_OF_A_CAMERA = 8;

  /** So many incidents an hour one camera may begin; what it fails more goes on in its latest. */
  private static final int MOST_AN_HOUR = 12;

  private static final Duration HOUR = Duration.ofHours(1);

  /** Characters of a kind, and of a sentence. */
  private static final int LONGEST_KIND = 64;

  private static final int LONGEST_SENTENCE = 240;

  private final Map<String, Incident> open = new LinkedHashMap<>();
  private final Map<String, Incident> latestOf = new HashMap<>(); // each camera
  private final Map<String, Deque<Instant>> begun = new HashMap<>(); // by each camera, within HOUR
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
    Incident incident =
        Optional.ofNullable(open.get(latest()))
            .filter(i -> joins(i, now))
            .or(() -> mayBegin(failure.camera(), now) ? Optional.empty() : latest(failure.camera()))
            .orElseGet(() -> begin(failure.camera(), newId, now));
    put(
        new Incident(
            incident.id(),
            incident.start(),
            Optional.empty(),
            with(incident.failures(), failure),
            incident.others()));
    return incident.id();
  }

  private boolean mayBegin(String camera, Instant now) {
    Deque<Instant> lately = begun.computeIfAbsent(camera, c -> new ArrayDeque<>());
    lately.removeIf(at -> Duration.between(at, now).abs().compareTo(HOUR) > 0);
    return lately.size() < MOST_AN_HOUR;
  }

  private Optional<Incident> latest(String camera) {
    return Optional.ofNullable(latestOf.get(camera));
  }

  private Incident begin(String camera, String id, Instant now) {
    begun.get(camera).add(now);
    return new Incident(id, now, Optional.empty(), List.of(), List.of());
  }

  /** A camera that comes and goes has one failure of a kind, its latest. */
  private static List<Failure> with(List<Failure> before, Failure failure) {
    List<Failure> failures = new ArrayList<>(before);
    failures.removeIf(f -> isOf(f, failure.camera()) && f.kind().equals(failure.kind()));
    List<Failure> its = failures.stream().filter(f -> isOf(f, failure.camera())).toList();
    if (its.size() >= MOST_OF_A_CAMERA) {
      failures.remove(
          its.stream()
              .filter(f -> f.end().isPresent())
              .findFirst()
              .or(() -> its.stream().filter(f -> !f.kind().equals(Incident.LOST)).findFirst())
              .orElseThrow());
    }
    failures.add(failure);
    return failures;
  }

  private static boolean isOf(Failure failure, String camera) {
    return failure.camera().equals(camera);
  }

  /** As it is kept: not all that a camera may say of itself. */
  static Failure brief(Failure f) {
    return new Failure(
        f.camera(),
        JsonFields.cut(f.kind(), LONGEST_KIND),
        f.since(),
        f.verdict(),
        JsonFields.cut(f.sentence(), LONGEST_SENTENCE),
        f.end());
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

  /** The cameras of which something lasts in an incident, by name. */
  Set<String> failedIn(String id) {
    return get(id).failures().stream()
        .filter(f -> f.end().isEmpty())
        .map(Failure::camera)
        .collect(Collectors.toCollection(TreeSet::new));
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
                        ? new Flushed(
                            camera,
                            at,
                            Optional.of(now),
                            answer.ok(),
                            JsonFields.cut(answer.sentence(), LONGEST_SENTENCE))
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
    String asKept = JsonFields.cut(kind, LONGEST_KIND);
    return change(f -> isOf(f, camera) && f.kind().equals(asKept), f -> ended(f, now, how));
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

  /** Whether this camera was asked in an incident that lasts, and has not said that it does so. */
  boolean isUnanswered(String id, String camera) {
    return Optional.ofNullable(open.get(id)).stream()
        .flatMap(incident -> incident.others().stream())
        .filter(other -> other.camera().equals(camera))
        .reduce((earlier, later) -> later)
        .map(other -> !other.ok())
        .orElse(false);
  }

  private void put(Incident incident) {
    open.put(incident.id(), incident);
    incident.failures().forEach(f -> latestOf.put(f.camera(), incident));
  }
}
