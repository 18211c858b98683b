package io.github.raspberryspy.sink.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.Incident;
import io.github.raspberryspy.sink.event.Incident.Failure;
import io.github.raspberryspy.sink.event.Incident.Flushed;
import io.github.raspberryspy.sink.event.Incident.Verdict;
import io.github.raspberryspy.sink.event.MasterEvent.FaultReported;
import io.github.raspberryspy.sink.event.MasterEvent.IncidentChanged;
import io.github.raspberryspy.sink.event.MasterEvent.IncidentChanged.Change;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The database can be read, and takes nothing. */
@Timeout(60)
class FullDiskTest {

  private static final String REFUSE_ALERTS =
      "CREATE TRIGGER full BEFORE INSERT ON alerts BEGIN SELECT RAISE(ABORT, 'f'); END";

  @TempDir Path folder;

  @Test
  void whatWasDeliveredIsNotDeliveredAgainAndOthersHaveTheirTurn() throws Exception {
    run(
        (world, sql) -> {
          sql.execute(
              "CREATE TRIGGER full BEFORE UPDATE ON deliveries"
                  + " BEGIN SELECT RAISE(ABORT, 'full'); END");
          world.events.publish(fault("front"));
          await().until(() -> world.receiver.taken.size() == 1);
          world.events.publish(fault("back"));
          await().until(() -> ids(world.receiver).size() == 2);
          world.events.publish(fault("side"));
          await().until(() -> ids(world.receiver).size() == 3);
          assertThat(world.receiver.taken).as("each once").hasSize(3);
          assertThat(world.alerts.channels().get(0).waiting()).isEqualTo(3);

          sql.execute("DROP TRIGGER full");
          await().until(() -> world.alerts.channels().get(0).waiting() == 0);
          assertThat(world.receiver.taken).hasSize(3);
        });
  }

  @Test
  void whatTheDatabaseDoesNotTakeIsDeliveredOnceAndListedLater() throws Exception {
    Instant now = Instant.now();
    run(
        (world, sql) -> {
          sql.execute(REFUSE_ALERTS);
          world.receiver.mood = Receiver.Mood.REFUSES;
          world.events.publish(fault("front"));
          await().until(() -> world.receiver.refused.get() == 1);
          world.receiver.mood = Receiver.Mood.TAKES;
          await().until(() -> world.receiver.taken.size() == 1);

          Failure lost = lost("back", now);
          Incident incident = incident(now, lost, lost("side", now));
          world.events.publish(new IncidentChanged(incident, Change.BEGAN));
          await().until(() -> world.receiver.taken.size() == 2);
          assertThat(world.receiver.taken.get(1).body()).contains("back", "side", "unreachable");
          world.events.publish(fault("front"));
          world.events.publish(fault("side"));
          await().until(() -> world.receiver.taken.size() == 3);
          assertThat(world.receiver.taken.get(2).body())
              .as("of one kind and camera one within a pause")
              .contains("side");
          assertThat(world.index.alerts().latest(10)).isEmpty();

          sql.execute("DROP TRIGGER full");
          world.index.cameras().incidents().noted(incident, now);
          await().until(() -> world.index.alerts().latest(10).size() == 4);
          await()
              .until(
                  () ->
                      world
                          .index
                          .cameras()
                          .incidents()
                          .untold(Instant.now().plusSeconds(1))
                          .isEmpty());
          await().until(() -> world.alerts.channels().get(0).waiting() <= 1);
          assertThat(world.receiver.taken).as("each once").hasSize(3);
        });
  }

  @Test
  void whatIsNotedOfAnIncidentBeforeTheDatabaseTakesNothingMoreIsTold() throws Exception {
    Instant now = Instant.now();
    run(
        (world, sql) -> {
          Incident incident = incident(now, lost("back", now));
          world.index.cameras().incidents().noted(incident, Instant.now());
          sql.execute(REFUSE_ALERTS);
          world.events.publish(new IncidentChanged(incident, Change.BEGAN));
          await().until(() -> world.receiver.taken.size() == 1);
        });
  }

  @Test
  void anIncidentThatGoesOnToChangePutsNothingOff() throws Exception {
    Instant now = Instant.now();
    run(
        (world, sql) -> {
          sql.execute(REFUSE_ALERTS);
          await()
              .pollInterval(Duration.ofMillis(500))
              .atMost(Duration.ofSeconds(30))
              .until(
                  () -> {
                    Flushed told = new Flushed("c", Instant.now(), Optional.empty(), false, "");
                    Incident incident =
                        new Incident(
                            "i", now, Optional.empty(), List.of(lost("back", now)), List.of(told));
                    world.events.publish(new IncidentChanged(incident, Change.UPDATED));
                    return world.receiver.taken.size() == 1;
                  });
        });
  }

  @Test
  void whatWasToldBeforeTheDatabaseWentAwayIsNotToldAgain() throws Exception {
    Instant now = Instant.now();
    run(
        (world, sql) -> {
          Incident incident = incident(now, lost("back", now));
          world.index.cameras().incidents().noted(incident, Instant.now());
          world.events.publish(new IncidentChanged(incident, Change.BEGAN));
          await().until(() -> world.receiver.taken.size() == 1);
          await().until(() -> world.alerts.channels().get(0).waiting() == 0);

          sql.execute("ALTER TABLE alerts RENAME TO alerts_away");
          sql.execute("ALTER TABLE incidents RENAME TO incidents_away");
          Failure over =
              new Failure(
                  "back", Incident.LOST, now, Verdict.UNREACHABLE, "it is back", Optional.of(now));
          world.events.publish(new IncidentChanged(incident(now, over), Change.ENDED));
          await().until(() -> world.receiver.taken.size() == 2);
          assertThat(world.receiver.taken.get(1).json().get("kind").asText()).isEqualTo("back");
        });
  }

  @Test
  void whoClosesRightAfterAnIncidentWaitsForNothing() throws Exception {
    Instant now = Instant.now();
    run(
        (world, sql) -> {
          sql.execute(REFUSE_ALERTS);
          world.events.publish(new IncidentChanged(incident(now, lost("back", now)), Change.BEGAN));
          CountDownLatch heard = new CountDownLatch(1);
          world.events.listen(event -> heard.countDown());
          world.events.publish(fault("side"));
          heard.await();
          await().until(() -> world.receiver.taken.size() == 1);
          world.alerts.close();
          assertThat(Thread.getAllStackTraces().keySet())
              .extracting(Thread::getName)
              .doesNotContain("master-alerts");
          assertThat(world.receiver.taken).as("told on the way out").hasSize(2);
        });
  }

  /** What a test works with. */
  private record World(SegmentIndex index, Events events, Receiver receiver, Alerts alerts) {}

  /** A test. */
  private interface Script {
    void run(World world, Statement sql) throws Exception;
  }

  private void run(Script script) throws Exception {
    Path file = folder.resolve("index.db");
    try (SegmentIndex index = SegmentIndex.open(file);
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = connection.createStatement();
        Receiver receiver = new Receiver();
        Events events = new Events();
        Alerts alerts = alerts(index, events, receiver)) {
      alerts.start(List.of(), camera -> camera);
      script.run(new World(index, events, receiver, alerts), sql);
    }
  }

  private static Incident incident(Instant start, Failure... failures) {
    return new Incident("i", start, Optional.empty(), List.of(failures), List.of());
  }

  private static Failure lost(String camera, Instant since) {
    return new Failure(
        camera, Incident.LOST, since, Verdict.UNREACHABLE, "it is unreachable", Optional.empty());
  }

  private static Set<String> ids(Receiver receiver) {
    Set<String> ids = new HashSet<>();
    receiver.taken.forEach(got -> ids.add(got.header("X-raspberryspy-id")));
    return ids;
  }

  private static Alerts alerts(SegmentIndex index, Events events, Receiver receiver) {
    AlertRule all =
        new AlertRule(
            EnumSet.allOf(AlertKind.class), Set.of(), Set.of(), Optional.empty(), Set.of());
    AlertConfig config =
        new AlertConfig(
            new AlertRules(List.of(all), List.of(), Set.of(), ZoneOffset.UTC),
            Duration.ofMinutes(1),
            Duration.ofDays(7),
            Optional.empty(),
            List.of(),
            new AlertConfig.Targets(
                Optional.of(new WebhookConfig(receiver.url("/hook"), Optional.empty())),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    return new Alerts(index, events, config, AlertPicture.NONE, Clock.systemUTC());
  }

  private static FaultReported fault(String camera) {
    return new FaultReported(
        camera, new Fault("lens-covered", false, true, Instant.now(), "the lens is covered"));
  }
}
