package io.github.raspberryspy.sink.fleet;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.wire.LinkCodec;
import io.github.raspberryspy.segments.wire.LinkCommand;
import io.github.raspberryspy.segments.wire.LinkMessage.Settings;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.MasterEvent.SettingsChanged;
import io.github.raspberryspy.sink.event.SettingsChange;
import io.github.raspberryspy.sink.event.SettingsChange.State;
import io.github.raspberryspy.sink.index.Notes;
import io.github.raspberryspy.sink.index.SettingsLog;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What people set of cameras: each change has a version, is noted before it is sent, and waits for
 * its camera where that is not heard. The camera itself says whether it can. Thread-safe.
 */
public final class SettingsDesk implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SettingsDesk.class);
  private static final String NOTE = "settings.of.";
  private static final String LOST = "the camera came without them, and gets them again";
  private static final String AWAY = "the camera is not heard now; it gets them when it is back";

  private final Fleet fleet;
  private final SettingsLog settings;
  private final Notes notes;
  private final Events events;
  private final Clock clock;
  private final Notebook notebook = new Notebook();

  @GuardedBy("this")
  private final Map<String, Settings> reported = new HashMap<>();

  /** One that is told nothing before {@link #start}. */
  public SettingsDesk(Fleet fleet, SettingsLog settings, Notes notes, Events events, Clock clock) {
    this.fleet = fleet;
    this.settings = settings;
    this.notes = notes;
    this.events = events;
    this.clock = clock;
  }

  /** Begins to hear what cameras go by. */
  public void start() {
    fleet.watch(
        new FleetWatcher() {
          @Override
          public void settings(String camera, Settings now) {
            reported(camera, now);
          }
        });
  }

  /** What a camera goes by, as it last said; empty where it never has. */
  public synchronized Optional<Settings> of(String camera) {
    Settings known = reported.get(camera);
    return known != null ? Optional.of(known) : remembered(camera);
  }

  /** The changes of a camera, latest first. */
  public List<SettingsChange> changes(String camera, int most) {
    return settings.latest(camera, most);
  }

  /** What a camera is to go by as soon as it can, where it does not yet. */
  public Optional<SettingsChange> wanted(String camera) {
    return notRefused(camera).filter(change -> change.state() == State.WAITING);
  }

  private Optional<SettingsChange> notRefused(String camera) {
    return settings.latest(camera, SettingsLog.MOST_KEPT).stream()
        .filter(change -> change.state() != State.REFUSED)
        .findFirst();
  }

  /** The version of a camera's settings that a change is based on; 0 for none. */
  public synchronized long version(String camera) {
    long set = settings.latest(camera, 1).stream().mapToLong(SettingsChange::version).sum();
    return Math.max(set, of(camera).map(Settings::version).orElse(0L));
  }

  /**
   * Sets what a camera goes by, in place of what was set before. What is wrong by all that a camera
   * has said of its settings is refused at once, also while that is not heard.
   *
   * @param base the version that whoever sets it has seen
   * @param values the keys that differ from the camera's own configuration
   * @param who sets it
   * @return what becomes of it once the camera has answered, or of one that is not heard
   * @throws StaleSettingsException if somebody else has set it meanwhile
   */
  public CompletableFuture<SettingsChange> set(
      String camera, long base, Map<String, String> values, String who) {
    Optional<String> objection =
        fleet.hasLink(camera) // then it is asked itself
            ? Optional.empty()
            : of(camera).flatMap(known -> known.objection(values));
    State state = objection.isPresent() ? State.REFUSED : State.WAITING;
    SettingsChange change;
    synchronized (this) {
      long version = version(camera);
      if (version != base) {
        throw new StaleSettingsException(camera, base, version);
      }
      change =
          new SettingsChange(
              camera, version + 1, clock.instant(), who, state, objection.orElse(AWAY), values);
      settings.noted(change);
    }
    events.publish(new SettingsChanged(change));
    return state == State.REFUSED ? CompletableFuture.completedFuture(change) : send(change);
  }

  private CompletableFuture<SettingsChange> send(SettingsChange change) {
    if (!fleet.hasLink(change.camera())) {
      return CompletableFuture.completedFuture(change);
    }
    LinkCommand command =
        new LinkCommand.Configure(LinkCommand.newId(), change.version(), change.values());
    return fleet.send(change.camera(), command).thenApply(answer -> answered(change, answer));
  }

  /** A camera that did not answer has it sent again when it says hello. */
  private SettingsChange answered(SettingsChange change, Answer answer) {
    SettingsChange became;
    if (!answer.isOfCamera()) {
      became = change.became(State.WAITING, answer.sentence());
    } else if (!answer.ok()) {
      became = change.became(State.REFUSED, answer.sentence());
    } else {
      became = said(change).orElse(change.became(State.APPLIED, ""));
    }
    note(became);
    if (became.state() == State.REFUSED) {
      notebook.note(() -> goBack(change.camera()));
    }
    return became;
  }

  /** A camera that refused the latest gets what had waited before it. */
  private void goBack(String camera) {
    wanted(camera)
        .filter(change -> said(change).isEmpty())
        .filter(change -> !fleet.isSet(camera))
        .ifPresent(this::sendAgain);
  }

  /** What a camera says of settings that it does not go by, though it was told. */
  private Optional<SettingsChange> said(SettingsChange change) {
    return of(change.camera())
        .flatMap(Settings::other)
        .filter(other -> other.version() == change.version())
        .map(
            other ->
                change.became(other.refused() ? State.REFUSED : State.WAITING, other.sentence()));
  }

  private void note(SettingsChange change) {
    settings.noted(change);
    events.publish(new SettingsChanged(change));
  }

  private void reported(String camera, Settings now) {
    synchronized (this) {
      reported.put(camera, now);
    }
    notebook.note(
        () -> {
          notes.put(NOTE + camera, LinkCodec.encode(now));
          goOn(camera);
        });
  }

  /**
   * What was set of a camera: it goes by it, refuses it, keeps it for later, or is told, also what
   * it went by already, as after a change of its card. The latest that it does not refuse counts.
   */
  private void goOn(String camera) {
    long goesBy = of(camera).map(Settings::version).orElse(0L);
    for (SettingsChange change : settings.latest(camera, SettingsLog.MOST_KEPT)) {
      if (change.version() <= goesBy) {
        become(change, change.version() == goesBy ? change.became(State.APPLIED, "") : change);
        return;
      }
      Optional<SettingsChange> said = said(change);
      said.ifPresent(became -> become(change, became));
      State state = said.orElse(change).state();
      if (state != State.REFUSED) {
        if (said.isEmpty() && !fleet.isSet(camera)) {
          sendAgain(change);
        }
        return;
      }
    }
  }

  private void become(SettingsChange change, SettingsChange became) {
    if (!became.equals(change)) {
      note(became);
    }
  }

  private void sendAgain(SettingsChange change) {
    SettingsChange waits = change;
    if (change.state() == State.APPLIED) {
      log.warn("camera {} came without settings {}", change.camera(), change.version());
      waits = change.became(State.WAITING, LOST);
      note(waits);
    }
    var unused = send(waits);
  }

  /** Notes what waits to be noted. */
  @Override
  public void close() {
    notebook.close();
  }

  @GuardedBy("this")
  private Optional<Settings> remembered(String camera) {
    Optional<String> note = notes.get(NOTE + camera);
    try {
      if (note.isPresent() && LinkCodec.decode(note.get()) instanceof Settings known) {
        reported.put(camera, known);
        return Optional.of(known);
      }
    } catch (ManifestException e) {
      log.debug("what camera {} went by is not known any more", camera, e);
    }
    return Optional.empty();
  }
}
