package io.github.raspberryspy.sink.alert;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.sink.ManualClock;
import io.github.raspberryspy.sink.alert.AlertConfig.Targets;
import io.github.raspberryspy.sink.alert.Receiver.Got;
import io.github.raspberryspy.sink.alert.Receiver.Mood;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.Incident;
import io.github.raspberryspy.sink.event.Incident.Failure;
import io.github.raspberryspy.sink.event.Incident.Flushed;
import io.github.raspberryspy.sink.event.Incident.Verdict;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.event.MasterEvent.FaultReported;
import io.github.raspberryspy.sink.event.MasterEvent.IncidentChanged;
import io.github.raspberryspy.sink.event.MasterEvent.IncidentChanged.Change;
import io.github.raspberryspy.sink.event.MasterEvent.MasterTrouble;
import io.github.raspberryspy.sink.event.MasterEvent.MotionReported;
import io.github.raspberryspy.sink.event.MasterEvent.StorageChanged;
import io.github.raspberryspy.sink.index.AlertLog;
import io.github.raspberryspy.sink.index.IncidentLog;
import io.github.raspberryspy.sink.index.Role;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From an event to a receiver, over real HTTP and a real database. */
@Timeout(60)
class AlertsTest {

  static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir Path folder;
  private final ManualClock clock = new ManualClock(NOON);
  private SegmentIndex index;
  private Events events;
  private Receiver receiver;
  private Alerts alerts;

  /** A new index, or the same again. */
  SegmentIndex open() throws IOException {
    return SegmentIndex.open(folder.resolve("index.db"));
  }

  @BeforeEach
  void start() throws IOException {
    index = open();
    events = new Events();
    receiver = new Receiver();
  }

  @AfterEach
  void stop() {
    if (alerts != null) {
      alerts.close();
    }
    events.close();
    receiver.close();
    index.close();
  }

  private Targets webhook() {
    WebhookConfig hook = new WebhookConfig(receiver.url("/hook"), Optional.of("secret"));
    return new Targets(Optional.of(hook), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private AlertConfig config(AlertRules rules, Targets targets) {
    return new AlertConfig(
        rules,
        Duration.ofMinutes(1),
        Duration.ofDays(7),
        Optional.of(URI.create("https://spy.example/")),
        List.of(),
        targets);
  }

  private static AlertRules all() {
    return new AlertRules(
        List.of(rule(EnumSet.allOf(AlertKind.class))), List.of(), Set.of(), ZoneOffset.UTC);
  }

  private static AlertRule rule(Set<AlertKind> kinds) {
    return new AlertRule(kinds, Set.of(), Set.of(), Optional.empty(), Set.of());
  }

  private void begin(AlertConfig config) {
    begin(config, Channels.of(config, AlertPicture.NONE, clock));
  }

  private void begin(AlertConfig config, List<Channel> channels) {
    alerts = new Alerts(new Alerts.Parts(index, events, clock), config, channels);
    alerts.start(List.of(), this::name);
  }

  private String name(String camera) {
    return index.cameras().settings().names().getOrDefault(camera, camera);
  }

  /** Of an incident that was noted a moment ago. */
  private void tell(IncidentChanged changed) {
    Instant before = clock.instant().minus(IncidentLog.MOMENT);
    index.cameras().incidents().noted(changed.incident(), before);
    events.publish(changed);
  }

  /** Of one that is noted now. */
  private void tellNow(IncidentChanged changed) {
    index.cameras().incidents().noted(changed.incident(), clock.instant());
    events.publish(changed);
  }

  private static IncidentChanged lost(String camera, Instant since, Optional<Instant> end) {
    Failure failure =
        new Failure(camera, Incident.LOST, since, Verdict.UNREACHABLE, "it is unreachable", end);
    return new IncidentChanged(
        new Incident("i1", since, end, List.of(failure), List.of()),
        end.isPresent() ? Change.ENDED : Change.BEGAN);
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for what comes while the alerts' clock goes on, by so much at each look. */
  private void untilTimeBrings(Callable<Boolean> what, Duration step, Duration limit) {
    await()
        .atMost(limit)
        .until(
            () -> {
              clock.advance(step);
              return what.call();
            });
  }

  private static MasterEvent fault(String camera, Instant at) {
    return new FaultReported(
        camera, new Fault("lens-covered", false, true, at, "the lens is covered"));
  }

  private static MasterEvent motion(Instant at, String... zones) {
    return new MotionReported(
        "front", false, new EventSpan(at, at.plusSeconds(1), 0.25, List.of(zones), List.of()));
  }

  @Test
  void aLostCameraThatIsUnpairedIsNotBackAndToldOfNoMore() {
    Failure gone =
        new Failure("front", Incident.LOST, NOON, Verdict.TAKEN_AWAY, "", Optional.of(NOON));
    Incident over = new Incident("i1", NOON, Optional.of(NOON), List.of(gone), List.of());
    assertThat(new AlertText(name -> name).of(over, NOON)).isEmpty();
  }

  @Test
  void aLostCameraIsListedAndDeliveredOnceHoweverOftenItIsTold() throws Exception {
    begin(config(all(), webhook()));
    for (int i = 0; i < 3; i++) {
      tell(lost("front", NOON, Optional.empty()));
    }
    tell(lost("front", NOON, Optional.of(NOON.plusSeconds(30))));

    await().until(() -> receiver.taken.size() == 2);
    assertThat(index.alerts().latest(10))
        .extracting(Alert::kind)
        .containsExactlyInAnyOrder(AlertKind.LOST, AlertKind.BACK);
    Got got = receiver.taken.get(0);
    assertThat(got.path()).isEqualTo("/hook");
    assertThat(got.json().get("sentence").asText()).isEqualTo("Camera front: it is unreachable.");
    assertThat(got.json().get("link").asText())
        .isEqualTo("https://spy.example/#camera=front&at=" + NOON);
    assertThat(got.header("X-raspberryspy-id")).isEqualTo(got.json().get("id").asText());
    assertThat(got.header("X-raspberryspy-signature"))
        .isEqualTo(
            "sha256="
                + WebhookChannel.sign(
                    "secret", got.header("X-raspberryspy-time"), got.body().getBytes(UTF_8)));
    await().until(() -> alerts.channels().get(0).waiting() == 0);
    assertThat(alerts.channels().get(0).lastSuccess()).contains(NOON);
  }

  @Test
  void aChannelThatWasAwayHasEverythingWithinAMinuteOfItsReturn() throws Exception {
    receiver.mood = Mood.REFUSES;
    begin(config(all(), webhook()));
    events.publish(fault("front", NOON));
    events.publish(fault("back", NOON));
    for (int i = 0; i < 12; i++) { // days would be the same
      int before = receiver.asked.size();
      await()
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> {
                clock.advance(Duration.ofSeconds(5));
                return receiver.asked.size() > before;
              });
    }
    assertThat(alerts.channels().get(0).isFailing()).isTrue();
    assertThat(alerts.channels().get(0).error()).isEqualTo("the server answered 500");
    assertThat(index.alerts().latest(10)).hasSize(2);

    receiver.mood = Mood.TAKES;
    clock.advance(Duration.ofSeconds(60));
    untilTimeBrings(
        () -> alerts.channels().get(0).waiting() == 0,
        Duration.ofMillis(100),
        Duration.ofSeconds(10)); // one may have been refused after that
    assertThat(receiver.taken).hasSize(2);
    assertThat(alerts.channels().get(0).isFailing()).isFalse();
  }

  @Test
  void aServerThatIsSlowCutsOrLeadsElsewhereIsTriedAgain() throws Exception {
    AlertConfig config = config(all(), webhook());
    WebhookChannel impatient =
        new WebhookChannel(
            webhook().webhook().orElseThrow(),
            clock,
            new Outgoing(Optional.empty(), Duration.ofMillis(300), Trust.also(List.of())));
    receiver.mood = Mood.IS_SLOW;
    begin(config, List.of(impatient));
    events.publish(fault("front", NOON));
    await().until(() -> alerts.channels().get(0).error().contains("did not answer within"));
    receiver.mood = Mood.LEADS_ELSEWHERE;
    clock.advance(Duration.ofMinutes(1));
    await().until(() -> alerts.channels().get(0).error().contains("is not followed"));
    receiver.mood = Mood.CUTS;
    clock.advance(Duration.ofMinutes(1));
    await().until(() -> alerts.channels().get(0).error().contains("connection"));
    receiver.mood = Mood.TAKES;
    clock.advance(Duration.ofMinutes(1));
    await().until(() -> receiver.taken.size() == 1);
    assertThat(receiver.asked).extracting(Got::path).containsOnly("/hook");
    assertThat(receiver.asked)
        .extracting(got -> got.header("X-raspberryspy-id"))
        .as("one id, however often")
        .containsOnly(receiver.taken.get(0).header("X-raspberryspy-id"));
  }

  @Test
  void whatWasNotDeliveredIsDeliveredByTheNextProcess() throws Exception {
    receiver.mood = Mood.REFUSES;
    begin(config(all(), webhook()));
    tell(lost("front", NOON, Optional.empty()));
    await().until(() -> !receiver.asked.isEmpty());
    alerts.close();
    index.close();

    receiver.mood = Mood.TAKES;
    index = open();
    clock.advance(Duration.ofSeconds(60));
    begin(config(all(), webhook()));
    await().until(() -> receiver.taken.size() == 1);
    assertThat(index.alerts().latest(10)).hasSize(1);
    assertThat(receiver.taken.get(0).header("X-raspberryspy-id"))
        .isEqualTo(receiver.asked.get(0).header("X-raspberryspy-id"));
  }

  @Test
  void alikeAlertsWithinAMinuteAreOneMore() throws Exception {
    begin(config(all(), webhook()));
    events.publish(motion(NOON));
    await().until(() -> receiver.taken.size() == 1);
    for (int i = 1; i <= 20; i++) {
      events.publish(motion(NOON.plusSeconds(i)));
    }
    await().until(() -> index.alerts().latest(1).get(0).joined() == 19);
    clock.advance(Duration.ofSeconds(59));
    events.publish(fault("front", NOON));
    await().until(() -> receiver.taken.size() == 2);
    clock.advance(Duration.ofSeconds(2));
    await().until(() -> receiver.taken.size() == 3);
    assertThat(receiver.taken.get(2).json().get("joined").asInt()).isEqualTo(19);
    assertThat(index.alerts().latest(10)).hasSize(3);
  }

  @Test
  void whatIsJoinedStillSaysEachThingAndCamerasLostTogetherNeverWait() {
    AlertLog log = index.alerts();
    Duration pause = Duration.ofMinutes(1);
    int each = 0;
    for (String text : List.of("It is frozen.", "Its disk is failing.", "It is covered.")) {
      Alert fault = Alert.of("f" + each++, AlertKind.FAULT, "front", NOON, text);
      log.add(fault, List.of(), List.of("webhook"), pause, NOON.plusSeconds(each));
    }
    assertThat(log.latest(10))
        .extracting(Alert::sentence)
        .containsExactlyInAnyOrder("It is frozen.", "Its disk is failing. It is covered.");

    for (int i = 0; i < 3; i++) {
      String long400 = (i + "x").repeat(200);
      Alert trouble = Alert.of("t" + i, AlertKind.TROUBLE, "", NOON, long400);
      log.add(trouble, List.of(), List.of("webhook"), pause, NOON.plusSeconds(10 + i));
      Alert lost = Alert.of("l" + i, AlertKind.LOST, "", NOON, "Lost are " + i + ".");
      log.add(lost, List.of(), List.of("ntfy"), pause, NOON.plusSeconds(10 + i));
    }
    assertThat(log.latest(10)).filteredOn(a -> a.kind() == AlertKind.TROUBLE).hasSize(3);
    assertThat(index.deliveries().due("ntfy", NOON.plusSeconds(12), pause, 10))
        .extracting(delivery -> delivery.alert().sentence())
        .containsExactlyInAnyOrder("Lost are 0.", "Lost are 1.", "Lost are 2.");
  }

  @Test
  void rulesAreByKindCameraZoneAndTimeAndQuietTimesOnlyList() throws Exception {
    DayTimes afternoon =
        new DayTimes(
            LocalTime.of(13, 0),
            LocalTime.of(14, 0),
            Set.of(NOON.atZone(ZoneOffset.UTC).getDayOfWeek()));
    AlertRule door =
        new AlertRule(
            Set.of(AlertKind.MOTION),
            Set.of("front"),
            Set.of("door"),
            Optional.of(afternoon),
            Set.of());
    DayTimes quiet = new DayTimes(LocalTime.of(13, 30), LocalTime.of(7, 0), afternoon.days());
    AlertRules rules =
        new AlertRules(
            List.of(door, rule(Set.of(AlertKind.LOST))),
            List.of(quiet),
            Set.of(AlertKind.LOST),
            ZoneOffset.UTC);
    begin(config(rules, webhook()));
    events.publish(motion(NOON, "door"));
    events.publish(fault("front", NOON));
    events.publish(new MasterTrouble("clock", false, "the clock is off", NOON));
    events.publish(motion(NOON.plusSeconds(1), "path"));
    tell(lost("back", NOON, Optional.empty()));
    await().until(() -> receiver.taken.size() == 1);
    clock.set(NOON.plus(Duration.ofMinutes(65)));
    events.publish(motion(clock.instant(), "path", "door"));
    await().until(() -> receiver.taken.size() == 2);
    clock.set(NOON.plus(Duration.ofMinutes(100)));
    events.publish(motion(clock.instant(), "door"));
    tell(lost("front", clock.instant(), Optional.empty()));
    await().until(() -> receiver.taken.size() == 3);

    assertThat(receiver.taken.get(2).json().get("kind").asText()).isEqualTo("lost");
    assertThat(index.alerts().latest(10))
        .as("quiet times list what they do not deliver")
        .extracting(Alert::kind)
        .containsExactlyInAnyOrder(
            AlertKind.LOST, AlertKind.MOTION, AlertKind.MOTION, AlertKind.LOST);
  }

  /** It was killed right after the incident was in the database. */
  @Test
  void whatTheLastProcessNotedAndDidNotTellIsToldByTheNextOnce() throws Exception {
    IncidentChanged lost = lost("front", NOON, Optional.empty());
    index.cameras().incidents().noted(lost.incident(), clock.instant());
    clock.advance(Duration.ofMinutes(1));
    begin(config(all(), webhook()));
    await().until(() -> receiver.taken.size() == 1);
    assertThat(receiver.taken.get(0).json().get("title").asText())
        .isEqualTo("Camera front is lost");
    await().until(() -> index.cameras().incidents().untold(clock.instant()).isEmpty());
    alerts.close();
    begin(config(all(), webhook()));
    events.publish(fault("front", NOON));
    await().until(() -> receiver.taken.size() == 2);
    assertThat(index.alerts().latest(10)).hasSize(2);
  }

  @Test
  void aBusThatIsFullDropsNoFault() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    events.listen(event -> waitFor(stuck));
    begin(config(all(), webhook()));
    for (int i = 0; i <= Events.MOST_WAITING; i++) {
      events.publish(new StorageChanged());
    }
    events.publish(fault("front", NOON));
    stuck.countDown();
    await().until(() -> receiver.taken.size() == 1);
  }

  /** One that fails within fails as one that cannot reach anybody, and holds up no other alert. */
  @Test
  void whateverAChannelThrowsIsAFailureThatIsShownAndTriedAgain() throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    Channel odd =
        new Channel() {
          @Override
          public String name() {
            return "webhook";
          }

          @Override
          public String send(Alert alert) {
            asked.add(alert.camera());
            if (alert.camera().equals("front")) {
              throw new IllegalStateException("not this one");
            }
            return "taken";
          }

          @Override
          public void close() {
            // nothing is open
          }
        };
    begin(config(all(), webhook()), List.of(odd));
    events.publish(fault("front", NOON));
    await().until(() -> alerts.channels().get(0).isFailing());
    assertThat(alerts.channels().get(0).error()).contains("not this one");
    events.publish(fault("back", NOON));
    clock.advance(Duration.ofSeconds(2));
    untilTimeBrings(() -> asked.contains("back"), Duration.ofSeconds(1), Duration.ofSeconds(10));
  }

  @Test
  void ntfyGetsTitlePriorityTagLinkAndAnId() throws Exception {
    index.cameras().settings().name("front", Optional.of("Front door"));
    NtfyConfig ntfy = new NtfyConfig(receiver.url("/at/home"), Optional.of("tk_1"));
    begin(
        config(
            all(),
            new Targets(Optional.empty(), Optional.of(ntfy), Optional.empty(), Optional.empty())));
    tell(lost("front", NOON, Optional.empty()));
    await().until(() -> receiver.taken.size() == 1);
    Got got = receiver.taken.get(0);
    assertThat(got.path()).isEqualTo("/at/");
    assertThat(got.header("Authorization")).isEqualTo("Bearer tk_1");
    assertThat(got.json().get("topic").asText()).isEqualTo("home");
    assertThat(got.json().get("title").asText()).isEqualTo("Camera Front door is lost");
    assertThat(got.json().get("message").asText())
        .isEqualTo("Camera Front door: it is unreachable.");
    assertThat(got.json().get("priority").asInt()).isEqualTo(5);
    assertThat(got.json().get("tags").get(0).asText()).isEqualTo("warning");
    assertThat(got.json().get("click").asText())
        .isEqualTo("https://spy.example/#camera=front&at=" + NOON);
    assertThat(got.json().get("sequence_id").asText()).hasSize(32);
  }

  @Test
  void aTestSaysWhatTheServerAnsweredAndIsNotListed() throws Exception {
    begin(config(all(), webhook()));
    assertThat(alerts.test("webhook")).isEqualTo("the server answered 200");
    receiver.mood = Mood.REFUSES;
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> alerts.test("webhook"))
        .withMessage("the server answered 500");
    receiver.close();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> alerts.test("webhook"))
        .withMessageMatching("nobody answers at 127\\.0\\.0\\.1:\\d+");
    assertThat(index.alerts().latest(10)).isEmpty();
  }

  /** A burglary at night, of which the link brings word in the morning. */
  @Test
  void motionThatIsToldLateIsJudgedByWhenItWas() throws Exception {
    DayTimes night =
        new DayTimes(LocalTime.of(11, 0), LocalTime.of(13, 0), EnumSet.allOf(DayOfWeek.class));
    AlertRule rule =
        new AlertRule(Set.of(AlertKind.MOTION), Set.of(), Set.of(), Optional.of(night), Set.of());
    begin(config(new AlertRules(List.of(rule), List.of(), Set.of(), ZoneOffset.UTC), webhook()));
    clock.set(NOON.plus(Duration.ofHours(7)));
    events.publish(motion(clock.instant()));
    events.publish(motion(NOON));
    await().until(() -> receiver.taken.size() == 1);
    assertThat(index.alerts().latest(10)).extracting(Alert::at).containsExactly(NOON);
  }

  @Test
  void whatIsTooOldIsGivenUp() throws Exception {
    receiver.mood = Mood.REFUSES;
    begin(config(all(), webhook()));
    events.publish(fault("front", NOON));
    await().until(() -> !alerts.channels().get(0).error().isEmpty());
    clock.advance(Duration.ofDays(8));
    untilTimeBrings(
        () -> alerts.channels().get(0).waiting() == 0, Courier.LONGEST, Duration.ofSeconds(60));
    assertThat(receiver.taken).isEmpty();
    assertThat(index.alerts().latest(10)).hasSize(1);
  }

  /** As the clock of a board without a battery does once it has a network. */
  @Test
  void aClockThatIsSetForwardThrowsNothingAway() throws Exception {
    receiver.mood = Mood.REFUSES;
    begin(config(all(), webhook()));
    events.publish(fault("front", NOON));
    await().until(() -> !alerts.channels().get(0).error().isEmpty());
    clock.advance(Duration.ofDays(8));
    long refused = receiver.refused.get();
    await().until(() -> receiver.refused.get() > refused);
    receiver.mood = Mood.TAKES;
    untilTimeBrings(() -> receiver.taken.size() == 1, Courier.LONGEST, Duration.ofSeconds(10));
  }

  @Test
  void anAlertIsQueuedWithinTwoSeconds() throws Exception {
    alerts =
        new Alerts(
            index, events, config(all(), Targets.none()), AlertPicture.NONE, Clock.systemUTC());
    alerts.start(List.of(), this::name);
    Instant before = Instant.now();
    IncidentChanged lost = lost("front", NOON, Optional.empty());
    index.cameras().incidents().noted(lost.incident(), before);
    events.publish(lost);
    await().pollInterval(Duration.ofMillis(5)).until(() -> !index.alerts().latest(1).isEmpty());
    assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void eachPersonHasSeenWhatSheHasLookedAt() throws Exception {
    begin(config(all(), Targets.none()));
    events.publish(fault("front", NOON));
    events.publish(fault("back", NOON));
    await().until(() -> index.alerts().unseen("ann") == 2);
    index.alerts().seen("ann", Role.OWNER, NOON, clock.instant());
    assertThat(index.alerts().unseen("ann")).isZero();
    assertThat(index.alerts().unseen("bob")).isEqualTo(2);
    assertThat(index.alerts().unseen()).as("somebody has").isZero();
    clock.advance(Duration.ofSeconds(61));
    events.publish(fault("front", NOON.plusSeconds(61)));
    await().until(() -> index.alerts().unseen("ann") == 1);
    index.alerts().seen("ann", Role.OWNER, NOON, clock.instant());
    assertThat(index.alerts().unseen("ann")).as("no going back").isEqualTo(1);
    assertThat(index.alerts().unseen("bob")).isEqualTo(3);
  }

  @Test
  void aViewerSilencesNobodyElseAndNobodyWhatIsToCome() throws Exception {
    begin(config(all(), Targets.none()));
    events.publish(fault("front", NOON));
    await().until(() -> index.alerts().unseen("vic") == 1);
    Instant far = Instant.parse("9999-01-01T00:00:00Z");
    index.alerts().seen("vic", Role.VIEWER, far, clock.instant());
    assertThat(index.alerts().unseen("vic")).isZero();
    assertThat(index.alerts().unseen()).isEqualTo(1);
    index.alerts().seen("ola", Role.OWNER, far, clock.instant());
    assertThat(index.alerts().unseen()).isZero();
    clock.advance(Duration.ofSeconds(61));
    events.publish(fault("front", NOON.plusSeconds(61)));
    await().until(() -> index.alerts().unseen() == 1);
    assertThat(index.alerts().unseen("vic")).isEqualTo(1);
    assertThat(index.alerts().unseen("ola")).isEqualTo(1);
  }

  private static Failure failure(String camera, Verdict verdict) {
    return new Failure(camera, Incident.LOST, NOON, verdict, "it is lost", Optional.empty());
  }

  private static IncidentChanged incident(List<Failure> failures, Flushed... others) {
    Incident incident = new Incident("i1", NOON, Optional.empty(), failures, List.of(others));
    return new IncidentChanged(incident, Change.GREW);
  }

  @Test
  void camerasThatAreLostTogetherAreOneAlertThatSaysWhoHasBackedUp() throws Exception {
    begin(config(all(), webhook()));
    List<Failure> failures = new ArrayList<>();
    Flushed told = new Flushed("yard", NOON, Optional.empty(), false, "");
    for (String camera : List.of("front", "back", "side", "attic")) {
      Verdict verdict = camera.equals("attic") ? Verdict.PROGRAM_ENDED : Verdict.UNREACHABLE;
      failures.add(failure(camera, verdict));
      tellNow(incident(failures, told));
    }
    Flushed done = new Flushed("yard", NOON, Optional.of(NOON), true, "");
    tellNow(incident(failures, done));
    clock.advance(IncidentLog.MOMENT);

    await().until(() -> receiver.taken.size() == 1);
    assertThat(receiver.taken.get(0).json().get("title").asText())
        .isEqualTo("Several cameras are lost");
    assertThat(receiver.taken.get(0).json().get("sentence").asText())
        .isEqualTo(
            "Cameras not heard: attic (its program has ended, its board still answers);"
                + " back, front and side (unreachable: no power, no network, or destroyed)."
                + " Now backing up: yard.");
    assertThat(receiver.taken.get(0).json().get("link").asText())
        .startsWith("https://spy.example/#at=2026-11-23T12:00:00");

    alerts.close();
    begin(config(all(), webhook())); // another process, which is told all of it again
    tell(incident(failures, done));
    failures.add(failure("cellar", Verdict.UNREACHABLE));
    tell(incident(failures, done));
    await().until(() -> receiver.taken.size() == 2);
    assertThat(receiver.taken.get(1).json().get("title").asText())
        .isEqualTo("Camera cellar is lost");
    assertThat(index.alerts().latest(10)).hasSize(2);
  }

  @Test
  void camerasThatGoDifferentWaysAreToldApart() throws Exception {
    AlertRule front =
        new AlertRule(
            Set.of(AlertKind.LOST), Set.of("front"), Set.of(), Optional.empty(), Set.of("none"));
    AlertRule back =
        new AlertRule(Set.of(AlertKind.LOST), Set.of("back"), Set.of(), Optional.empty(), Set.of());
    AlertRules rules = new AlertRules(List.of(front, back), List.of(), Set.of(), ZoneOffset.UTC);
    index.cameras().settings().name("back", Optional.of("Back door"));
    begin(config(rules, webhook()));
    tell(
        incident(
            List.of(failure("front", Verdict.UNREACHABLE), failure("back", Verdict.UNREACHABLE))));
    await().until(() -> index.alerts().latest(10).size() == 2);
    await().until(() -> receiver.taken.size() == 1);
    assertThat(receiver.taken.get(0).json().get("camera").asText()).isEqualTo("back");
    assertThat(receiver.taken.get(0).json().get("name").asText()).isEqualTo("Back door");
  }
}
