package io.github.raspberryspy.sink.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.raspberryspy.segments.wire.CommandCodec;
import io.github.raspberryspy.segments.wire.LinkCodec;
import io.github.raspberryspy.segments.wire.LinkCommand;
import io.github.raspberryspy.segments.wire.LinkCommand.Flush;
import io.github.raspberryspy.segments.wire.LinkMessage;
import io.github.raspberryspy.segments.wire.LinkMessage.CameraState;
import io.github.raspberryspy.segments.wire.LinkMessage.Done;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.segments.wire.LinkMessage.Goodbye;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.sink.ManualClock;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.Incident;
import io.github.raspberryspy.sink.event.Incident.Failure;
import io.github.raspberryspy.sink.event.Incident.Flushed;
import io.github.raspberryspy.sink.event.Incident.Verdict;
import io.github.raspberryspy.sink.event.MasterEvent.IncidentChanged;
import io.github.raspberryspy.sink.event.MasterEvent.IncidentChanged.Change;
import io.github.raspberryspy.sink.index.CameraKey;
import io.github.raspberryspy.sink.index.CameraKeys;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One camera fails, and the others back up; with time in the test's hand. */
class FailsafeTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir Path folder;
  private final ManualClock clock = new ManualClock(NOON);
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L); // wraps soon
  private final Events events = new Events();
  private final List<IncidentChanged> told = new CopyOnWriteArrayList<>();
  private final List<String> salvaged = new CopyOnWriteArrayList<>();
  private final Map<String, FakePeer> peers = new TreeMap<>();
  private final Map<String, String> starts = new TreeMap<>();
  private volatile boolean boardsAnswer = true;
  private SegmentIndex index;
  private Fleet fleet;
  private Failsafe failsafe;

  @BeforeEach
  void open() throws IOException {
    events.listen(
        event -> {
          if (event instanceof IncidentChanged changed) {
            told.add(changed);
          }
        });
    index = SegmentIndex.open(folder.resolve("index.db"));
    begin();
  }

  private void begin() {
    fleet = new Fleet(index.cameras(), events, clock, nanos::get);
    failsafe =
        new Failsafe(
            new Failsafe.Parts(fleet, index.cameras(), events, salvaged::add, clock),
            nanos::get,
            (address, most) -> {
              synchronized (this) { // after the look that asks: all who are lost then are known
                return boardsAnswer;
              }
            },
            work -> {
              synchronized (this) {
                work.run();
              }
            },
            Optional.empty());
    failsafe.start();
  }

  @AfterEach
  void close() {
    failsafe.close();
    fleet.close();
    events.close();
    index.close();
  }

  @Test
  void whenOneCameraFallsSilentTheOthersAreToldAtOnceAndItIsOneIncident() throws Exception {
    connect("door", "garden", "yard");
    silence("door", 5);
    assertThat(flushes("garden")).hasSize(1);
    assertThat(flushes("yard")).hasSize(1);
    assertThat(flushes("garden").get(0).urgent()).isTrue();
    assertThat(flushes("garden").get(0).reason()).isEqualTo("failed: door");
    assertThat(flushes("door")).isEmpty();
    assertThat(salvaged).containsExactly("door");
    answer("garden", true, "");
    answer("yard", false, "it films nothing");
    Incident incident = eventually(1).get(0);
    assertThat(incident.failures())
        .containsExactly(
            new Failure(
                "door",
                "lost",
                NOON,
                Verdict.PROGRAM_SILENT,
                "its board answers, its program does not",
                Optional.empty()));
    assertThat(incident.others())
        .extracting(Flushed::camera, Flushed::ok, Flushed::sentence)
        .containsExactly(tuple("garden", true, ""), tuple("yard", false, "it films nothing"));
    Awaitility.await().until(() -> changes().contains(Change.BEGAN));
    assertThat(index.cameras().incidents().standing()).containsExactly(incident);
  }

  @Test
  void whatTheNetworkSaysIsTold() throws Exception {
    connect("door", "garden");
    fleet.disconnected("door", peers.get("door"));
    silence("door", 5);
    assertThat(verdict()).isEqualTo(Verdict.PROGRAM_ENDED);
    back("door", "another");
    assertThat(eventually(1).get(0).failures().get(0).sentence())
        .isEqualTo(
            "its program has ended, its board still answers; it is back, and had started anew");
    assertThat(index.cameras().incidents().standing()).isEmpty();

    boardsAnswer = false;
    silence("door", 70);
    assertThat(verdict()).isEqualTo(Verdict.UNREACHABLE);
    back("door", "another");
    assertThat(all().get(0).failures().get(0).sentence()).endsWith("it is back, and had run on");

    silence("none is heard", 5);
    assertThat(all().get(0).failures())
        .extracting(Failure::verdict)
        .containsExactly(Verdict.ALL_UNREACHABLE, Verdict.ALL_UNREACHABLE);
    assertThat(told.stream().filter(t -> t.change() == Change.BEGAN))
        .hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void whatTheMasterEndedItselfIsNoProgramThatHasEnded() throws Exception {
    connect("door", "garden");
    fleet.refused("door", peers.get("door"));
    silence("door", 5);
    assertThat(verdict()).isEqualTo(Verdict.PROGRAM_SILENT);
  }

  @Test
  void whoLeavesInOrderIsNobodysEmergency() throws Exception {
    connect("door", "garden", "yard");
    say("door", new Goodbye());
    fleet.unpaired("yard");
    silence(List.of("door", "yard"), 30);
    assertThat(all()).isEmpty();
    assertThat(flushes("garden")).isEmpty();
    assertThat(salvaged).isEmpty();
  }

  @Test
  void theIncidentOfLostCamerasEndsWhenTheyAreUnpairedOrRemoved() throws Exception {
    connect("door", "garden", "yard");
    silence(List.of("door", "yard"), 5);
    fleet.unpaired("door");
    fleet.removed("yard");
    Awaitility.await().until(() -> index.cameras().incidents().standing().isEmpty());
    assertThat(verdict()).isEqualTo(Verdict.TAKEN_AWAY);
    Awaitility.await().until(() -> changes().contains(Change.ENDED));
  }

  /** F31: a bad link may flap as it likes. */
  @Test
  void theOthersAreToldOnceAMinuteHoweverOftenCamerasComeAndGo() throws Exception {
    connect("door", "garden");
    for (int i = 0; i < 20; i++) { // 5 s away, then back: 20 times within 120 s
      silence("door", 5);
      back("door", "s-door");
      pass(Duration.ofSeconds(1), "door", "garden");
    }
    assertThat(flushes("garden")).hasSize(2);
  }

  @Test
  void whoFailsWithinThePauseHasTheOthersToldAtItsEnd() throws Exception {
    connect("door", "garden", "yard");
    silence("door", 5);
    silence(List.of("door", "yard"), 10);
    assertThat(flushes("garden")).hasSize(1);
    silence(List.of("door", "yard"), 50);
    failsafe.look();
    assertThat(flushes("garden")).hasSize(2);
    assertThat(flushes("garden").get(1).reason()).isEqualTo("failed: yard");
    assertThat(all()).as("together they are one").hasSize(1);
    assertThat(all().get(0).failures()).extracting(Failure::camera).containsExactly("door", "yard");
  }

  @Test
  void aFrozenPictureIsAFailureTooUntilItIsNotRepeated() throws Exception {
    connect("door", "garden");
    Fault frozen = new Fault("picture-frozen", false, true, NOON, "the picture stands still");
    say("door", frozen);
    say("door", new Fault("sensor-missing", false, false, NOON, "no alert"));
    assertThat(flushes("garden")).hasSize(1);
    assertThat(flushes("door")).as("its own footage, too").hasSize(1);
    connect("door");
    say("door", frozen);
    pass(Duration.ofSeconds(6), "door", "garden");
    failsafe.look();
    assertThat(all()).hasSize(1);
    assertThat(all().get(0).isOpen()).isTrue();
    connect("door");
    pass(Duration.ofSeconds(6), "door", "garden");
    failsafe.look();
    assertThat(all().get(0).isOpen()).isFalse();
    assertThat(all().get(0).end()).contains(clock.instant().minusSeconds(1));
    assertThat(flushes("garden")).hasSize(1);
  }

  @Test
  void aMasterThatStartsAnewGoesOnWithWhatLasts() throws Exception {
    connect("door", "garden");
    silence("door", 5);
    Incident before = eventually(1).get(0);
    failsafe.close();
    fleet.close();
    begin();
    connect("garden", "door");
    Incident after = eventually(1).get(0);
    assertThat(after.id()).isEqualTo(before.id());
    assertThat(after.isOpen()).isFalse();
    assertThat(after.failures().get(0).sentence()).endsWith("; it is back");
  }

  private void restart(Duration away) {
    failsafe.close();
    fleet.close();
    clock.advance(away);
    nanos.addAndGet(away.toNanos());
    peers.clear();
    begin();
  }

  @Test
  void camerasThatDieWhileTheMasterIsAwayAreOneIncident() throws Exception {
    connect("door", "garden", "yard");
    pass(Duration.ofMinutes(61), "door", "garden", "yard");
    Instant heard = clock.instant();
    restart(Duration.ofMinutes(3));
    connect("garden");
    pass(Fleet.RETURN.minusSeconds(1), "garden");
    assertThat(all()).as("they may take a while").isEmpty();
    pass(Duration.ofSeconds(2), "garden");
    assertThat(flushes("garden")).hasSize(1);
    assertThat(salvaged).containsExactlyInAnyOrder("door", "yard");
    Incident incident = eventually(1).get(0);
    assertThat(incident.failures())
        .extracting(Failure::camera, Failure::kind)
        .containsExactly(tuple("door", "lost"), tuple("yard", "lost"));
    assertThat(Duration.between(incident.failures().get(0).since(), heard))
        .as("when it was heard last, to the minute")
        .isBetween(Duration.ZERO, Duration.ofSeconds(61));
    assertThat(index.cameras().incidents().untold(clock.instant().plusSeconds(1)))
        .as("people are to be told")
        .containsExactly(incident);

    restart(Duration.ofMinutes(3));
    connect("garden");
    pass(Duration.ofMinutes(1), "garden");
    assertThat(all()).as("that is known already").hasSize(1);
    assertThat(all().get(0).failures()).hasSize(2);
  }

  /** The master died between the loss and its incident. */
  @Test
  void whatTheLastMasterKnewAndDidNotTellIsAnIncidentOfTheNext() throws Exception {
    connect("door");
    index.cameras().away("door", "lost", NOON);
    restart(Duration.ofSeconds(3));
    pass(Fleet.RETURN.plusSeconds(1));
    assertThat(eventually(1).get(0).failures()).extracting(Failure::camera).containsExactly("door");
  }

  @Test
  void whoLeftOrIsPairedNoMoreIsNotMissedByTheNextMaster() throws Exception {
    CameraKey key = new CameraKey("garden", "0a".repeat(32), NOON);
    index.cameraKeys().pair(key, new CameraKeys.Ticket("t", NOON.plusSeconds(60), false));
    connect("door", "garden", "yard");
    say("door", Beats.of(CameraState.STOPPED));
    fleet.disconnected("door", peers.get("door"));
    index.cameraKeys().revoke("garden", NOON);
    restart(Duration.ofSeconds(3));
    pass(Duration.ofMinutes(1));
    assertThat(eventually(1).get(0).failures()).extracting(Failure::camera).containsExactly("yard");
  }

  /** A camera that is not trusted may say of itself what it likes. */
  @Test
  void aCameraThatFailsInManyWordsDoesNotSilenceTheLossOfAnother() throws Exception {
    connect("door", "garden", "yard");
    for (int i = 0; i < 300; i++) {
      say("yard", new Fault("kind-" + i, false, true, NOON, "漢".repeat(1000)));
      if (i % 20 == 0) {
        pass(Duration.ofSeconds(1), "door", "garden", "yard");
      }
    }
    silence("door", 5);
    List<Incident> untold = index.cameras().incidents().untold(clock.instant().plusSeconds(1));
    assertThat(untold).anyMatch(incident -> incident.has("door", "lost"));
    assertThat(all())
        .allSatisfy(
            incident ->
                assertThat(incident.failures().stream().filter(f -> f.camera().equals("yard")))
                    .hasSizeLessThanOrEqualTo(8));
  }

  @Test
  void aFaultThatComesAndGoesBeginsTwelveIncidentsAnHourAtTheMost() throws Exception {
    connect("door", "garden", "yard");
    for (int i = 0; i < 30; i++) {
      say("yard", new Fault("picture-dark", false, true, NOON, "dark"));
      say("yard", new Fault("picture-dark", true, false, NOON, "light"));
      pass(Duration.ofSeconds(10), "door", "garden", "yard");
    }
    assertThat(eventually(12).get(0).failures()).hasSize(1);
    assertThat(all()).noneMatch(Incident::isOpen);
    silence("door", 5);
    assertThat(eventually(13).get(0).has("door", "lost")).isTrue();
    silence(List.of("door", "yard"), 5);
    assertThat(all().get(0).has("yard", "lost")).isTrue();
    pass(Duration.ofHours(1), "garden");
    back("yard", "s-yard");
    say("yard", new Fault("picture-dark", false, true, NOON, "dark"));
    assertThat(eventually(14).get(0).has("yard", "picture-dark")).isTrue();
  }

  @Test
  void whoseLinkHadJustEndedWhenTheOthersWereToldIsToldOnceItIsBack() throws Exception {
    connect("door", "garden");
    pass(Duration.ofSeconds(3), "garden");
    fleet.disconnected("garden", peers.get("garden"));
    pass(Duration.ofSeconds(2));
    assertThat(flushes("garden")).isEmpty();
    connect("garden");
    assertThat(flushes("garden")).hasSize(1);
    assertThat(flushes("garden").get(0).reason()).isEqualTo("failed: door");
    answer("garden", true, "");
    connect("garden");
    assertThat(flushes("garden")).hasSize(1);
  }

  private List<Incident> all() {
    return index.cameras().incidents().incidents(Optional.empty(), Optional.empty());
  }

  private List<Incident> eventually(int count) {
    Awaitility.await().untilAsserted(() -> assertThat(all()).hasSize(count));
    return all();
  }

  private List<Change> changes() {
    return told.stream().map(IncidentChanged::change).toList();
  }

  private Verdict verdict() {
    List<Failure> failures = all().get(0).failures();
    return failures.get(failures.size() - 1).verdict();
  }

  private void connect(String... cameras) throws IOException {
    for (String camera : cameras) {
      back(camera, "s-" + camera);
    }
  }

  private void back(String camera, String start) throws IOException {
    FakePeer peer = new FakePeer();
    peer.address = Optional.of(InetAddress.getLoopbackAddress());
    if (peers.containsKey(camera)) {
      peer.sent.addAll(peers.get(camera).sent);
    }
    peers.put(camera, peer);
    starts.put(camera, start);
    fleet.connected(camera, peer);
    say(camera, new Hello(camera, "0a1b2c3d", "test 1", "test://", start));
    say(camera, Beats.of(CameraState.RECORDING));
  }

  private void say(String camera, LinkMessage message) throws IOException {
    fleet.received(camera, peers.get(camera), LinkCodec.encode(message));
  }

  /** All but this one are heard for so many seconds. */
  private void silence(String camera, int seconds) throws Exception {
    silence(List.of(camera), seconds);
  }

  private void silence(List<String> silent, int seconds) throws Exception {
    List<String> heard = new ArrayList<>(peers.keySet());
    heard.removeAll(silent);
    if (silent.contains("none is heard")) {
      heard.clear();
    }
    pass(Duration.ofSeconds(seconds), heard.toArray(String[]::new));
    Awaitility.await()
        .until(
            () ->
                all().stream()
                    .flatMap(i -> i.failures().stream())
                    .noneMatch(f -> f.verdict() == Verdict.UNKNOWN));
  }

  private void pass(Duration time, String... heard) throws IOException {
    for (long second = 0; second < time.toSeconds(); second++) {
      for (int tenth = 0; tenth < 10; tenth++) {
        clock.advance(Duration.ofMillis(100));
        nanos.addAndGet(100_000_000L);
        synchronized (this) {
          fleet.look();
        }
      }
      for (String camera : heard) {
        if (peers.containsKey(camera)) {
          say(camera, Beats.of(CameraState.RECORDING));
        }
      }
      failsafe.look();
    }
  }

  private List<Flush> flushes(String camera) throws IOException {
    List<Flush> flushes = new ArrayList<>();
    for (String text : peers.get(camera).sent) {
      LinkCommand command = CommandCodec.decode(text);
      if (command instanceof Flush flush) {
        flushes.add(flush);
      }
    }
    return flushes;
  }

  private void answer(String camera, boolean ok, String sentence) throws IOException {
    List<Flush> flushes = flushes(camera);
    say(camera, new Done(flushes.get(flushes.size() - 1).id(), ok, sentence));
  }
}
