package io.github.raspberryspy.sink.alert;

import io.github.raspberryspy.segments.Timers;
import io.github.raspberryspy.sink.alert.Backlog.Entry;
import io.github.raspberryspy.sink.event.CameraStatus;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.Incident;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.event.MasterEvent.CameraReported;
import io.github.raspberryspy.sink.event.MasterEvent.IncidentChanged;
import io.github.raspberryspy.sink.index.AlertLog;
import io.github.raspberryspy.sink.index.DeliveryLog;
import io.github.raspberryspy.sink.index.IncidentLog;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people what happens. An event that a rule is of becomes an alert, which is in the database
 * before anybody is told; of incidents it is there that they are to be told. So each is listed
 * once, and delivered at least once by each channel, whenever that works again, by whichever
 * process serves then. Where the database takes nothing, people are told all the same, and it is
 * listed later. Thread-safe.
 */
public final class Alerts implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Alerts.class);
  private static final int MOST_KNOWN = 4000;
  private static final long AGAIN_MILLIS = 1000;

  /** An incident that was just noted is due then. */
  private static final long DUE_MILLIS = IncidentLog.MOMENT.toMillis() + 20;

  /** By now it would be noted, if the database took anything. */
  private static final long OVERDUE_MILLIS = DUE_MILLIS + 2000;

  private static final long PATIENCE_MILLIS = 2000;

  private final AlertLog alerts;
  private final IncidentLog incidents;
  private final DeliveryLog deliveries;
  private final Events events;
  private final AlertConfig config;
  private final Clock clock;
  private final Map<String, Courier> couriers = new LinkedHashMap<>();
  private final ScheduledExecutorService timer = Timers.daemon("master-alerts");
  private final Consumer<MasterEvent> listener = this::onEvent;
  private final Set<String> known = Collections.newSetFromMap(new Forgetful()); // of the bus
  private volatile AlertText text = new AlertText(UnaryOperator.identity());

  private final Backlog backlog = new Backlog();
  private final Map<String, Incident> unsure = new HashMap<>(); // as they are; of the timer
  private final Set<String> told = Collections.newSetFromMap(new Forgetful()); // of the timer

  /** The ids that were seen last. */
  private static final class Forgetful extends LinkedHashMap<String, Boolean> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
      return size() > MOST_KNOWN;
    }
  }

  /** Nobody is told before {@link #start}. */
  public Alerts(
      SegmentIndex index, Events events, AlertConfig config, AlertPicture pictures, Clock clock) {
    this(new Parts(index, events, clock), config, Channels.of(config, pictures, clock));
  }

  /** What it works with. */
  record Parts(SegmentIndex index, Events events, Clock clock) {}

  Alerts(Parts parts, AlertConfig config, List<Channel> channels) {
    this.alerts = parts.index.alerts();
    this.incidents = parts.index.cameras().incidents();
    this.deliveries = parts.index.deliveries();
    this.events = parts.events;
    this.clock = parts.clock;
    this.config = config;
    channels.forEach(c -> couriers.put(c.name(), new Courier(c, deliveries, config, clock)));
  }

  /**
   * Begins to listen, and delivers what an earlier process left.
   *
   * @param cameras as they are known now
   * @param names what people call each
   */
  public void start(Collection<CameraStatus> cameras, UnaryOperator<String> names) {
    text = new AlertText(names);
    cameras.forEach(camera -> tell(new CameraReported(camera, true)));
    events.listen(listener);
    timer.execute(this::recall);
    var unused = timer.scheduleWithFixedDelay(this::note, 0, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    couriers.values().forEach(Courier::start);
  }

  /** What an earlier process told of what still lasts is no news, wherever the index is then. */
  private void recall() {
    try {
      for (Incident incident : incidents.standing()) {
        text.of(incident, clock.instant()).stream()
            .map(Alert::id)
            .filter(alerts::isKnown)
            .forEach(told::add);
      }
    } catch (JdbiException e) {
      log.debug("what was told before is not known: {}", e.getMessage());
    }
  }

  private void tell(MasterEvent event) {
    couriers.values().forEach(courier -> courier.onEvent(event));
  }

  private void onEvent(MasterEvent event) {
    tell(event);
    if (event instanceof IncidentChanged changed) {
      run(() -> follow(changed.incident()));
    }
    Instant now = clock.instant();
    for (Alert alert : text.of(event, now)) {
      if (!known.contains(alert.id())) {
        channels(alert, now)
            .ifPresent(
                channels -> {
                  known.add(alert.id());
                  take(new Entry(alert, List.of(), channels));
                });
      }
    }
  }

  private Optional<Set<String>> channels(Alert alert, Instant now) {
    return config.rules().channels(alert, couriers.keySet(), now);
  }

  /** It is in the database, to be told when it is due; else it is told all the same. */
  private void follow(Incident incident) {
    timer.execute(
        () -> {
          if (unsure.put(incident.id(), incident) == null) {
            runAfter(OVERDUE_MILLIS, () -> makeSure(incident.id()));
          }
        });
    runAfter(DUE_MILLIS, this::note);
  }

  private void runAfter(long millis, Runnable step) {
    run(
        () -> {
          var unused = timer.schedule(step, millis, TimeUnit.MILLISECONDS);
        });
  }

  /** Of what is not noted, what was not told waits for the database, and people do not. */
  private void makeSure(String id) {
    Incident incident = unsure.remove(id);
    if (incident != null && !isNoted(incident)) {
      together(incident, this::isTold).forEach(backlog::add);
      note();
    }
  }

  private boolean isNoted(Incident incident) {
    try {
      return incidents.isNoted(incident);
    } catch (JdbiException e) {
      log.debug("an incident is told without the index: {}", e.getMessage());
      return false;
    }
  }

  private boolean isTold(String id) {
    try {
      return backlog.tells(id) || told.contains(id) || alerts.isKnown(id);
    } catch (JdbiException e) {
      log.debug("whether an alert was told is not known: {}", e.getMessage());
      return false;
    }
  }

  /** What an incident is to people. Those of one kind that go the same ways are one alert. */
  private List<Entry> together(Incident incident, Predicate<String> isTold) {
    Instant now = clock.instant();
    Map<List<Object>, List<Alert>> alike = new LinkedHashMap<>();
    for (Alert alert : text.of(incident, now)) {
      if (!isTold.test(alert.id())) {
        channels(alert, now)
            .ifPresent(
                channels ->
                    alike
                        .computeIfAbsent(List.of(alert.kind(), channels), key -> new ArrayList<>())
                        .add(alert));
      }
    }
    List<Entry> entries = new ArrayList<>();
    for (List<Alert> told : alike.values()) {
      List<String> others = told.stream().skip(1).map(Alert::id).toList();
      Set<String> channels = channels(told.get(0), now).orElse(Set.of());
      entries.add(new Entry(text.together(told, incident), others, channels));
    }
    return entries;
  }

  private void take(Entry entry) {
    if (backlog.add(entry)) {
      run(() -> timer.execute(this::note));
    }
  }

  private static void run(Runnable submission) {
    try {
      submission.run();
    } catch (RejectedExecutionException e) {
      log.debug("alerts have ended", e);
    }
  }

  /**
   * Puts what waits, and what incidents have become, into the database; where that is away, it
   * waits on, and people are told what they cannot wait for.
   */
  private void note() {
    try {
      list();
      for (Incident incident : incidents.untold(clock.instant())) {
        together(incident, alerts::isKnown).forEach(backlog::add);
        list();
        incidents.told(incident);
      }
    } catch (JdbiException e) {
      log.debug("alerts wait for the index: {}", e.getMessage());
      tellWithoutIndex();
    } catch (RuntimeException e) {
      log.warn("an alert was not noted and is tried again", e);
    }
  }

  private void list() {
    for (var next = backlog.first(); next.isPresent(); next = backlog.first()) {
      list(next.get());
      backlog.removeFirst();
    }
  }

  private void list(Entry entry) {
    Alert alert = entry.alert();
    alerts.add(alert, entry.others(), entry.channels(), config.pause(), clock.instant());
    told.add(alert.id());
    told.addAll(entry.others());
    entry.channels().forEach(name -> couriers.get(name).listed(alert.id()));
  }

  private void tellWithoutIndex() {
    for (Entry entry : backlog.told(config.pause(), clock.instant())) {
      entry.channels().forEach(name -> couriers.get(name).deliverUnlisted(entry.alert()));
    }
  }

  /** The alerts, and how their delivery goes. */
  public AlertLog log() {
    return alerts;
  }

  /** How each channel fares. */
  public List<ChannelState> channels() {
    return couriers.keySet().stream().map(deliveries::state).toList();
  }

  /**
   * Tries a channel at once.
   *
   * @return what the other side answered, in one sentence
   * @throws NoSuchElementException if there is no such channel
   * @throws IOException in one sentence, if it does not work
   */
  public String test(String channel) throws IOException {
    Courier courier = couriers.get(channel);
    if (courier == null) {
      throw new NoSuchElementException(channel);
    }
    Instant now = clock.instant();
    String event = UUID.randomUUID().toString();
    try {
      String answer =
          courier.test(
              Alert.of(event, AlertKind.TEST, "", now, "Somebody tries whether this arrives."));
      deliveries.worked(channel, clock.instant());
      return answer;
    } catch (IOException e) {
      deliveries.failed(channel, clock.instant(), e.getMessage());
      throw e;
    }
  }

  /** Listens no more; what is not delivered is delivered by the next process. */
  @Override
  public void close() {
    events.forget(listener);
    run(
        () ->
            timer.execute(
                () -> {
                  List.copyOf(unsure.keySet()).forEach(this::makeSure);
                  note();
                }));
    timer.shutdown();
    try {
      if (!timer.awaitTermination(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        log.warn("what waits for the index is not waited for any longer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    couriers.values().forEach(Courier::close);
  }
}
