package io.github.raspberryspy.sink.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.wire.CommandCodec;
import io.github.raspberryspy.segments.wire.LinkCodec;
import io.github.raspberryspy.segments.wire.LinkCommand.Flush;
import io.github.raspberryspy.segments.wire.LinkMessage.CameraState;
import io.github.raspberryspy.segments.wire.LinkMessage.Done;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.segments.wire.LinkMessage.Goodbye;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.segments.wire.LinkMessage.Motion;
import io.github.raspberryspy.sink.ManualClock;
import io.github.raspberryspy.sink.event.CameraStatus;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.MasterEvent;
import io.github.raspberryspy.sink.index.CameraEvent;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Silence and return, with time in the test's hand. */
class FleetTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private static final Duration LOOK = Duration.ofMillis(100);

  @TempDir Path folder;
  private final ManualClock clock = new ManualClock(NOON);
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L); // wraps soon
  private final Events events = new Events();
  private final FakePeer peer = new FakePeer();
  private SegmentIndex index;
  private Fleet fleet;

  @BeforeEach
  void open() throws IOException {
    index = SegmentIndex.open(folder.resolve("index.db"));
    fleet = new Fleet(index.cameras(), events, clock, nanos::get);
  }

  @AfterEach
  void close() {
    fleet.close();
    events.close();
    index.close();
  }

  @Test
  void cameraIsLostAfterFiveSecondsOfSilenceAndNotBefore() throws Exception {
    connect();
    beat(CameraState.RECORDING);
    pass(Fleet.SILENCE.minusMillis(1));
    assertThat(state()).isEqualTo("recording");

    pass(Duration.ofMillis(2));

    assertThat(state()).isEqualTo(CameraStatus.LOST);
    assertThat(fleet.cameras().get(0).since()).contains(NOON.plus(Fleet.SILENCE).plusMillis(1));
    assertThat(fleet.cameras().get(0).lastHeartbeat()).contains(NOON);
    pass(Duration.ofSeconds(60));
    assertThat(happened()).containsExactly("lost");
  }

  /** Its heartbeats lie in sockets meanwhile. */
  @Test
  void aMasterThatStoodStillLosesNobodyForThat() throws Exception {
    connect();
    beat(CameraState.RECORDING);
    pass(Duration.ofSeconds(2));
    stall(Duration.ofSeconds(4));
    pass(Duration.ofMillis(2500));
    assertThat(state()).as("2 s and 2.5 s of silence").isEqualTo("recording");
    pass(Duration.ofMillis(500));
    assertThat(state()).isEqualTo(CameraStatus.LOST);
    beat(CameraState.RECORDING);
    stall(Duration.ofMinutes(10));
    pass(Fleet.RETURN.minusSeconds(1));
    assertThat(state()).as("it may have hung up, and connects again").isEqualTo("recording");
    beat(CameraState.RECORDING);
    pass(Duration.ofSeconds(5));
    assertThat(state()).as("and from then on as ever").isEqualTo(CameraStatus.LOST);
  }

  @Test
  void clockOfTheDayLosesNobody() throws Exception {
    connect();
    beat(CameraState.RECORDING);
    clock.advance(Duration.ofDays(3650));
    fleet.look();
    assertThat(state()).isEqualTo("recording");
    clock.advance(Duration.ofDays(-7300));
    fleet.look();
    assertThat(state()).isEqualTo("recording");
  }

  @Test
  void cutLinkThatIsMendedInTimeIsNoLoss() throws Exception {
    connect();
    beat(CameraState.RECORDING);
    fleet.disconnected("front", peer);
    pass(Duration.ofSeconds(3));
    connect();
    beat(CameraState.RECORDING);
    pass(Duration.ofSeconds(3));

    assertThat(state()).isEqualTo("recording");
    assertThat(happened()).isEmpty();
  }

  @Test
  void cameraThatStoppedAndLeftIsNotLostButOneThatFellSilentIs() throws Exception {
    connect();
    beat(CameraState.STOPPED);
    fleet.disconnected("front", peer);
    pass(Duration.ofSeconds(60));
    assertThat(state()).isEqualTo("stopped");

    connect();
    fleet.look();
    assertThat(state()).as("nobody waited for it").isEqualTo("stopped");
    beat(CameraState.STOPPED);
    pass(Duration.ofSeconds(6));
    assertThat(state()).isEqualTo(CameraStatus.LOST);
  }

  @Test
  void aCameraThatSaysGoodbyeIsOffAndNotLost() throws Exception {
    connect();
    beat(CameraState.RECORDING);
    fleet.received("front", peer, LinkCodec.encode(new Goodbye()));
    assertThat(state()).isEqualTo(CameraStatus.OFF);
    assertThat(fleet.heard()).isEmpty();
    assertThat(peer.closed).hasSize(1);
    fleet.disconnected("front", peer);
    pass(Duration.ofSeconds(60));
    assertThat(state()).isEqualTo(CameraStatus.OFF);
    fleet.close();
    fleet = new Fleet(index.cameras(), events, clock, nanos::get);
    pass(Fleet.RETURN.plusSeconds(1));
    assertThat(state()).as("for the next process too").isEqualTo(CameraStatus.OFF);
    connect();
    fleet.look();
    assertThat(state()).as("until it is heard").isEqualTo(CameraStatus.OFF);
    beat(CameraState.RECORDING);
    assertThat(happened()).containsExactly("off", "back");
    pass(Duration.ofSeconds(1));
    beat(CameraState.RECORDING);
    pass(Duration.ofSeconds(6));
    assertThat(state()).isEqualTo(CameraStatus.LOST);
    connect();
    pass(Duration.ofSeconds(1));
    beat(CameraState.RECORDING);
    assertThat(happened()).containsExactly("off", "back", "lost", "back");
  }

  @Test
  void goodbyeOfAConnectionThatWasReplacedDoesNotCount() throws Exception {
    connect();
    beat(CameraState.RECORDING);
    fleet.connected("front", new FakePeer());
    fleet.received("front", peer, LinkCodec.encode(new Goodbye()));
    assertThat(state()).isEqualTo("recording");
  }

  @Test
  void anUnpairedCameraIsNotLostAndOneThatIsRemovedIsShownNoMoreUntilItIsHeard() throws Exception {
    fleet.unpaired("nobody");
    assertThat(fleet.cameras()).isEmpty();
    connect();
    beat(CameraState.RECORDING);
    fault("picture-dark", false, NOON);
    fleet.unpaired("front");
    beat(CameraState.RECORDING); // was on its way
    pass(Duration.ofSeconds(60));
    assertThat(state()).isEqualTo(CameraStatus.UNPAIRED);
    assertThat(peer.closed).hasSize(1);
    assertThat(happened()).containsExactly("unpaired");
    assertThat(index.cameras().faults().standing()).isEmpty();

    fleet.removed("front");
    fleet.removed("only-footage");
    assertThat(fleet.cameras()).isEmpty();
    assertThat(fleet.knows("front")).isFalse();
    fleet.close();
    fleet = new Fleet(index.cameras(), events, clock, nanos::get);
    assertThat(fleet.cameras()).isEmpty();
    assertThat(fleet.removed())
        .extracting(CameraStatus::camera)
        .containsExactly("front", "only-footage");
    connect();
    beat(CameraState.RECORDING);
    assertThat(state()).isEqualTo("recording");
    assertThat(happened()).containsExactly("unpaired", "back");
  }

  @Test
  void lossAndReturnAreRememberedByTheNextProcess() throws Exception {
    connect();
    beat(CameraState.RECORDING);
    pass(Duration.ofSeconds(6));
    fleet.close();

    fleet = new Fleet(index.cameras(), events, clock, nanos::get);
    assertThat(state()).isEqualTo(CameraStatus.LOST);
    assertThat(fleet.cameras().get(0).source()).isEqualTo("test://");
    connect();
    beat(CameraState.RECORDING);

    assertThat(happened()).containsExactly("lost", "back");
  }

  @Test
  void replacedConnectionCountsNoMore() throws Exception {
    connect();
    beat(CameraState.RECORDING);
    LinkPeer other = new FakePeer();
    fleet.connected("front", other);
    assertThat(peer.closed).hasSize(1);

    beat(CameraState.RETRYING); // by the first, which was replaced
    assertThat(state()).isEqualTo("recording");
    fleet.disconnected("front", peer);
    assertThatThrownBy(
            () -> fleet.received("front", other, LinkCodec.encode(Beats.of(CameraState.STARTING))))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("hello");
  }

  @Test
  void whatIsWrongWithACameraIsRememberedFromItsBeginningToItsEnd() throws Exception {
    connect();
    beat(CameraState.RECORDING);
    fault("picture-frozen", false, NOON);
    fault("picture-frozen", false, NOON.plusSeconds(1)); // told twice is one fault
    fault("capture-stalled", false, NOON.plusSeconds(2));
    assertThat(faults())
        .containsExactly(
            "picture-frozen 2026-11-23T12:00:00Z …", "capture-stalled 2026-11-23T12:00:02Z …");
    fault("picture-frozen", true, NOON.plusSeconds(9));
    assertThat(faults())
        .containsExactly(
            "picture-frozen 2026-11-23T12:00:00Z 2026-11-23T12:00:09Z",
            "capture-stalled 2026-11-23T12:00:02Z …");
    assertThat(index.cameras().events(Optional.of("back"), Optional.empty(), Optional.empty()))
        .isEmpty();
    assertThat(between(NOON.plusSeconds(10), NOON.plusSeconds(20)))
        .as("what lasts reaches into every later interval")
        .singleElement()
        .satisfies(event -> assertThat(event.fault().orElseThrow().alert()).isTrue());
  }

  @Test
  void whatACameraDoesNotSayAgainWhenItConnectsIsOver() throws Exception {
    connect();
    beat(CameraState.RECORDING);
    fault("picture-dark", false, NOON);
    fault("lens-covered", false, NOON);
    pass(Duration.ofSeconds(3));
    connect();
    fault("picture-dark", false, NOON);

    assertThat(faults())
        .containsExactlyInAnyOrder(
            "lens-covered 2026-11-23T12:00:00Z 2026-11-23T12:00:00Z",
            "picture-dark 2026-11-23T12:00:00Z …");
    pass(Duration.ofSeconds(1));
    beat(CameraState.STOPPED);
    assertThat(faults()).contains("picture-dark 2026-11-23T12:00:00Z 2026-11-23T12:00:04Z");
  }

  @Test
  void aFaultOfACameraWithoutAClockIsDatedByTheMasters() throws Exception {
    connect();
    fault("encoder-stalled", false, Instant.EPOCH);
    assertThat(faults()).containsExactly("encoder-stalled 2026-11-23T12:00:00Z …");
  }

  @Test
  void motionThatWasToldIsListedWithoutItsSegmentAfterARestartToo() throws Exception {
    connect();
    motion(false, NOON, NOON.plusMillis(100));
    Awaitility.await().until(() -> moved().size() == 1);
    for (int second = 1; second < 10; second++) {
      pass(Duration.ofSeconds(1));
      beat(CameraState.RECORDING);
      motion(false, NOON.plusNanos(1000), NOON.plusSeconds(second)); // less than ten seconds on
    }
    motion(false, Instant.EPOCH, Instant.EPOCH.plusSeconds(1)); // its clock is not set
    fleet.disconnected("front", peer);
    Awaitility.await()
        .untilAsserted(() -> assertThat(moved()).containsExactly(NOON.plusSeconds(9)));

    connect();
    motion(true, NOON, NOON.plusSeconds(10));
    motion(true, NOON.plusSeconds(20), NOON.plusSeconds(21));
    fleet.close();
    assertThat(moved()).containsExactly(NOON.plusSeconds(10), NOON.plusSeconds(21));
  }

  private void motion(boolean isEnded, Instant start, Instant end) throws IOException {
    EventSpan span = new EventSpan(start, end, 0.5, List.of("door"), List.of());
    fleet.received("front", peer, LinkCodec.encode(new Motion(isEnded, span)));
  }

  /** Ends of the motion that is listed. */
  private List<Instant> moved() {
    return index.cameras().events(Optional.of("front"), Optional.empty(), Optional.empty()).stream()
        .flatMap(event -> event.span().stream())
        .map(json -> Instant.parse(json.replaceAll(".*\"end\":\"([^\"]+)\".*", "$1")))
        .toList();
  }

  private void fault(String kind, boolean ended, Instant at) throws IOException {
    fleet.received("front", peer, LinkCodec.encode(new Fault(kind, ended, true, at, "words")));
  }

  private List<CameraEvent> between(Instant from, Instant to) {
    return index.cameras().events(Optional.of("front"), Optional.of(from), Optional.of(to));
  }

  private List<String> faults() {
    return index.cameras().events(Optional.of("front"), Optional.empty(), Optional.empty()).stream()
        .filter(event -> event.fault().isPresent())
        .map(
            event ->
                event.fault().get().kind()
                    + " "
                    + event.at()
                    + " "
                    + event.fault().get().end().map(Instant::toString).orElse("…"))
        .toList();
  }

  private void connect() throws IOException {
    connect(peer, "");
  }

  private void connect(LinkPeer connection, String start) throws IOException {
    fleet.connected("front", connection);
    fleet.received(
        "front",
        connection,
        LinkCodec.encode(new Hello("front", "0a1b2c3d", "test 1", "test://", start)));
  }

  @Test
  void aCommandIsAnsweredByTheConnectionThatItWentTo() throws Exception {
    connect();
    CompletableFuture<Answer> answer = fleet.send("front", new Flush("c1", true, "test"));
    assertThat(CommandCodec.decode(peer.sent.get(0))).isEqualTo(new Flush("c1", true, "test"));
    fleet.received("front", peer, LinkCodec.encode(new Done("another", true, "")));
    assertThat(answer).isNotDone();
    fleet.received("front", peer, LinkCodec.encode(new Done("c1", false, "it films nothing")));
    assertThat(answer).isCompletedWithValue(new Answer(true, false, "it films nothing"));
    fleet.received("front", peer, LinkCodec.encode(new Done("c1", true, ""))); // once more: nothing
  }

  @Test
  void withoutALinkACommandIsAnsweredAtOnce() throws Exception {
    assertThat(fleet.send("front", new Flush("c1", true, "")).get().sentence())
        .isEqualTo("camera front has no link now");
    connect();
    CompletableFuture<Answer> answer = fleet.send("front", new Flush("c2", true, ""));
    fleet.disconnected("front", peer);
    assertThat(answer.get().sentence()).contains("broke before it answered");
    assertThat(fleet.send("front", new Flush("c3", true, "")).get().ok()).isFalse();
  }

  /** A card that was copied: both say that they are this camera, and close each other's link. */
  @Test
  void twoCamerasOfOneIdentityAreToldOnceUntilOneIsLeft() throws Exception {
    List<MasterEvent> heard = Collections.synchronizedList(new ArrayList<>());
    events.listen(heard::add);
    LinkPeer other = new FakePeer();
    connect(peer, "a");
    connect(other, "b");
    assertThat(faults()).as("it may have started anew").isEmpty();
    for (int turn = 0; turn < 20; turn++) {
      connect(peer, "a");
      pass(Duration.ofSeconds(1));
      connect(other, "b");
      pass(Duration.ofSeconds(1));
    }
    assertThat(faults()).containsExactly("duplicate-identity " + NOON + " …");
    Awaitility.await().until(() -> heard.stream().anyMatch(FleetTest::isTwin));
    pass(Link.TWINS_QUIET.plusSeconds(2));
    assertThat(faults()).singleElement().asString().doesNotEndWith("…");
    Awaitility.await().until(() -> heard.stream().filter(FleetTest::isTwin).count() == 2);
    connect(peer, "a");
    assertThat(faults()).as("and again").hasSize(2);
  }

  /** A key that was stolen, or a program gone wild. */
  @Test
  void whatACameraSaysTooMuchIsPassedOverAndThatIsToldOnce() throws Exception {
    List<MasterEvent> heard = Collections.synchronizedList(new ArrayList<>());
    events.listen(heard::add);
    connect();
    for (int i = 0; i < 90; i++) {
      fault("kind-" + i, false, NOON);
    }
    assertThat(faults()).as("of so many kinds").hasSize(Talk.MOST_KINDS + 1);
    for (int i = 0; i < 1000; i++) {
      fault("kind-0", i % 2 == 0, NOON);
      beat(CameraState.RECORDING);
    }
    Awaitility.await()
        .until(() -> heard.stream().anyMatch(e -> e instanceof MasterEvent.CameraReported));
    events.close(); // all that was to be told has been
    assertThat(heard.stream().filter(FleetTest::isFault)).hasSizeLessThan(110);
    assertThat(heard.stream().filter(e -> !isFault(e))).hasSizeLessThan(210);
    assertThat(faults()).filteredOn(fault -> fault.startsWith("says-too-much")).hasSize(1);
    connect();
    assertThat(faults()).contains("says-too-much " + NOON + " …");
    assertThat(state()).isEqualTo("recording");

    pass(Duration.ofSeconds(2));
    fault("kind-1", true, NOON.plusSeconds(1));
    assertThat(faults()).as("it is heard again").contains("kind-1 " + NOON + " " + at(1));
    pass(Talk.QUIET);
    assertThat(faults()).filteredOn(fault -> fault.endsWith("…")).noneMatch(FleetTest::isTooMuch);
  }

  private static boolean isTooMuch(String fault) {
    return fault.startsWith("says-too-much");
  }

  private static String at(int second) {
    return NOON.plusSeconds(second).toString();
  }

  private static boolean isFault(MasterEvent event) {
    return event instanceof MasterEvent.FaultReported;
  }

  private static boolean isTwin(MasterEvent event) {
    return event instanceof MasterEvent.FaultReported r
        && r.fault().kind().equals("duplicate-identity");
  }

  @Test
  void aCameraThatStartsAndConnectsAgainAndAgainIsOne() throws Exception {
    for (int start = 0; start < 100; start++) {
      connect(peer, "start " + start);
      beat(CameraState.RECORDING);
      connect(peer, "start " + start);
    }
    connect();
    connect();
    assertThat(faults()).isEmpty();
  }

  private void beat(CameraState state) throws IOException {
    fleet.received("front", peer, LinkCodec.encode(Beats.of(state)));
  }

  /** The fleet looks all the while. */
  private void pass(Duration time) {
    Duration left = time;
    while (left.compareTo(Duration.ZERO) > 0) {
      Duration step = left.compareTo(LOOK) < 0 ? left : LOOK;
      stall(step);
      left = left.minus(step);
    }
  }

  /** It does not look before the end of it. */
  private void stall(Duration time) {
    clock.advance(time);
    nanos.addAndGet(time.toNanos());
    fleet.look();
  }

  private String state() {
    return fleet.cameras().get(0).state();
  }

  private List<String> happened() {
    return index.cameras().events(Optional.of("front"), Optional.empty(), Optional.empty()).stream()
        .map(CameraEvent::state)
        .flatMap(Optional::stream)
        .toList();
  }
}
