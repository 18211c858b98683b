package io.github.raspberryspy.sink.fleet;

import io.github.raspberryspy.segments.Timers;
import io.github.raspberryspy.segments.wire.LinkCommand;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.Incident;
import io.github.raspberryspy.sink.event.Incident.Failure;
import io.github.raspberryspy.sink.event.Incident.Verdict;
import io.github.raspberryspy.sink.event.MasterEvent.IncidentChanged;
import io.github.raspberryspy.sink.event.MasterEvent.IncidentChanged.Change;
import io.github.raspberryspy.sink.index.CameraLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When one camera fails, the others make durable what they film and send it before all else, at
 * once; then it is found out what the network says of the one that failed, and what it had sent is
 * salvaged. All of that is one incident, which is kept in the index and told on the bus.
 *
 * <p>The others are told at most once in {@link #PAUSE}, however many cameras fail or how often a
 * bad link does: who fails meanwhile has them told again at the end of it, if it has not come back.
 *
 * <p>Works on a thread of its own, {@code master-failsafe}; whoever calls it does not wait.
 */
public final class Failsafe implements AutoCloseable {

  /** The others are told at most so often. */
  public static final Duration PAUSE = Duration.ofMinutes(1);

  /** Who fails so soon after another one belongs to its incident. */
  static final Duration TOGETHER = Duration.ofMinutes(10);

  /** A camera that connects again says within this time what is still wrong with it. */
  static final Duration REPEATS = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(Failsafe.class);
  private static final long LOOK_MILLIS = 200;

  /**
   * What it works with.
   *
   * @param fleet whose cameras it tells
   * @param cameraLog where incidents are kept
   * @param events where they are told
   * @param salvage has what a lost camera had sent made a segment; returns soon
   * @param clock wall time
   */
  public record Parts(
      Fleet fleet, CameraLog cameraLog, Events events, Consumer<String> salvage, Clock clock) {}

  private final Parts parts;
  private final LongSupplier nanos;
  private final Lanes lanes;
  private final Probe probe;
  private final Notebook notes = new Notebook();
  private final FleetWatcher watcher = new Watcher();
  private final Incidents incidents;
  private final Optional<ScheduledExecutorService> timer;

  // these are of the thread
  private final Set<String> untold = new TreeSet<>(); // failed since the others were last told
  private OptionalLong toldNanos = OptionalLong.empty();

  /** One that does nothing before {@link #start}. */
  public static Failsafe of(Parts parts, LongSupplier nanos) {
    ScheduledExecutorService timer = Timers.daemon("master-failsafe");
    return new Failsafe(parts, nanos, Reach.byNetwork(), timer, Optional.of(timer));
  }

  Failsafe(
      Parts parts,
      LongSupplier nanos,
      Reach reach,
      Executor thread,
      Optional<ScheduledExecutorService> timer) {
    this.parts = parts;
    this.nanos = nanos;
    this.lanes = new Lanes(thread);
    this.timer = timer;
    this.probe = new Probe(reach);
    this.incidents = new Incidents(parts.cameraLog().incidents().standing());
  }

  /** Begins to watch the fleet. */
  public void start() {
    parts.fleet().watch(watcher);
    timer.ifPresent(
        t -> {
          var unused =
              t.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        });
  }

  /** Tells the others what has waited for the pause to end, and ends what is over. */
  void look() {
    try {
      untold.removeIf(camera -> !incidents.isFailed(camera));
      if (!untold.isEmpty() && isPauseOver()) {
        tellOthers();
      }
      incidents
          .unrepeated(nanos.getAsLong(), REPEATS, parts.clock().instant())
          .forEach(this::ended);
    } catch (RuntimeException e) {
      log.warn("the failsafe did not come to its end and tries again", e);
    }
  }

  @Override
  public void close() {
    parts.fleet().forget(watcher);
    timer.ifPresent(ScheduledExecutorService::shutdown);
    probe.close();
    notes.close();
  }

  private void failed(Failure asSaid, Consumer<String> next) {
    Failure failure = Incidents.brief(asSaid);
    if (incidents.repeats(failure)) {
      return; // it says so again
    }
    untold.add(failure.camera());
    String id = incidents.add(failure, UUID.randomUUID().toString(), parts.clock().instant());
    if (isPauseOver()) {
      tellOthers();
    }
    log.warn(
        "camera {} failed ({}); the others send what they film", failure.camera(), failure.kind());
    next.accept(id);
  }

  private boolean isPauseOver() {
    return toldNanos.isEmpty() || nanos.getAsLong() - toldNanos.getAsLong() >= PAUSE.toNanos();
  }

  private void tellOthers() {
    String id = incidents.latest();
    String reason = "failed: " + String.join(", ", untold);
    untold.clear();
    toldNanos = OptionalLong.of(nanos.getAsLong());
    for (String other : new TreeSet<>(parts.fleet().heard())) {
      if (incidents.isLost(other)) {
        continue;
      }
      tell(id, other, reason);
    }
  }

  private void tell(String id, String other, String reason) {
    Instant at = parts.clock().instant();
    incidents.told(id, other, at);
    var unused =
        parts
            .fleet()
            .send(other, new LinkCommand.Flush(LinkCommand.newId(), true, reason))
            .thenAccept(
                answer ->
                    lanes.urgently(
                        () -> {
                          incidents.answered(id, other, at, parts.clock().instant(), answer);
                          if (incidents.areAllAnswered(id)) {
                            changed(id, Change.UPDATED);
                          }
                        }));
  }

  /** Whoever could not be told, since its link had just ended, is told now that it has another. */
  private void greeted(String camera) {
    incidents.greeted(camera, nanos.getAsLong());
    String id = incidents.latest();
    if (incidents.isUnanswered(id, camera)) {
      tell(id, camera, "failed: " + String.join(", ", incidents.failedIn(id)));
    }
  }

  private void lost(FleetWatcher.Loss loss) {
    Failure failure =
        new Failure(
            loss.camera(),
            Incident.LOST,
            loss.lastHeard(),
            Verdict.UNKNOWN,
            "it is not heard",
            Optional.empty());
    failed(failure, id -> probe.ask(loss, answers -> lanes.urgently(() -> judged(loss, answers))));
    parts.salvage().accept(loss.camera());
  }

  private void judged(FleetWatcher.Loss loss, Optional<Boolean> answers) {
    boolean isAlone = !parts.fleet().heard().isEmpty() || incidents.lostNow() < 2;
    Verdict verdict = Probe.verdict(loss, answers, isAlone);
    incidents
        .judged(loss.camera(), verdict, Probe.sentence(verdict))
        .ifPresent(incident -> began(incident.id()));
  }

  private void began(String id) {
    changed(id, incidents.get(id).failures().size() == 1 ? Change.BEGAN : Change.GREW);
  }

  private void changed(String id, Change change) {
    Incident incident = incidents.get(id);
    Instant now = parts.clock().instant();
    notes.note(() -> parts.cameraLog().incidents().noted(incident, now));
    parts.events().publish(new IncidentChanged(incident, change));
  }

  private void ended(String id) {
    changed(id, incidents.get(id).isOpen() ? Change.UPDATED : Change.ENDED);
    incidents.forget(id);
  }

  /** Hands on what the fleet says to the failsafe's own thread. */
  private final class Watcher implements FleetWatcher {
    @Override
    public void lost(Loss loss) {
      lanes.urgently(() -> Failsafe.this.lost(loss));
    }

    @Override
    public void left(String camera) {
      lanes.urgently(
          () -> incidents.left(camera, parts.clock().instant()).forEach(Failsafe.this::ended));
    }

    @Override
    public void back(String camera, Optional<Boolean> startedAnew) {
      String since =
          startedAnew.map(anew -> anew ? ", and had started anew" : ", and had run on").orElse("");
      String how = Incident.IS_BACK + since;
      lanes.urgently(
          () ->
              incidents
                  .over(camera, Incident.LOST, parts.clock().instant(), how)
                  .forEach(Failsafe.this::ended));
    }

    @Override
    public void fault(String camera, Fault fault) {
      lanes.inTurn(() -> told(camera, fault));
    }

    private void told(String camera, Fault fault) {
      if (fault.ended()) {
        incidents
            .over(camera, fault.kind(), parts.clock().instant(), "")
            .forEach(Failsafe.this::ended);
      } else if (fault.alert()) {
        Failure failure =
            new Failure(
                camera,
                fault.kind(),
                parts.clock().instant(),
                Verdict.NONE,
                fault.sentence(),
                Optional.empty());
        failed(failure, Failsafe.this::began);
      }
    }

    @Override
    public void greeted(String camera) {
      lanes.inTurn(() -> Failsafe.this.greeted(camera));
    }
  }
}
