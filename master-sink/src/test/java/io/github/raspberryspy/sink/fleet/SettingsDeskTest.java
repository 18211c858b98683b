package io.github.raspberryspy.sink.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.wire.CommandCodec;
import io.github.raspberryspy.segments.wire.LinkCodec;
import io.github.raspberryspy.segments.wire.LinkCommand.Configure;
import io.github.raspberryspy.segments.wire.LinkMessage;
import io.github.raspberryspy.segments.wire.LinkMessage.Done;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.segments.wire.LinkMessage.Other;
import io.github.raspberryspy.segments.wire.LinkMessage.Setting;
import io.github.raspberryspy.segments.wire.LinkMessage.Settings;
import io.github.raspberryspy.segments.wire.ValueKind;
import io.github.raspberryspy.sink.ManualClock;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.SettingsChange;
import io.github.raspberryspy.sink.event.SettingsChange.State;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people set, and cameras that come and go. */
class SettingsDeskTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final Map<String, String> VALUES = Map.of("motion.sensitivity", "80");

  @TempDir Path folder;
  private final ManualClock clock = new ManualClock(NOON);
  private final Events events = new Events();
  private SegmentIndex index;
  private Fleet fleet;
  private SettingsDesk desk;
  private FakePeer peer;

  @BeforeEach
  void open() throws IOException {
    index = SegmentIndex.open(folder.resolve("index.db"));
    begin();
  }

  private void begin() {
    fleet = new Fleet(index.cameras(), events, clock, System::nanoTime);
    desk = new SettingsDesk(fleet, index.cameras().settings(), index.notes(), events, clock);
    desk.start();
  }

  @AfterEach
  void close() {
    desk.close();
    fleet.close();
    events.close();
    index.close();
  }

  private void connect(long version) throws IOException {
    peer = new FakePeer();
    fleet.connected("front", peer);
    say(new Hello("front", "0a1b2c3d", "test 1", "test://", "s1"));
    report(version);
  }

  private void report(long version) throws IOException {
    report(version, Optional.empty());
  }

  private void report(long version, Optional<Other> other) throws IOException {
    say(
        new Settings(
            version,
            other,
            List.of(
                new Setting("a", "A.", "a text", ValueKind.TEXT, "", "", true),
                new Setting(
                    "motion.sensitivity",
                    "M.",
                    "1 to 100",
                    ValueKind.within("whole", "1", "100"),
                    "50",
                    "50",
                    true))));
  }

  private void say(LinkMessage message) throws IOException {
    fleet.received("front", peer, LinkCodec.encode(message));
  }

  private List<Configure> sent() throws IOException {
    List<Configure> sent = new ArrayList<>();
    for (String text : peer.sent) {
      sent.add((Configure) CommandCodec.decode(text));
    }
    return sent;
  }

  private State latest() {
    return desk.changes("front", 1).get(0).state();
  }

  @Test
  void aChangeIsSentAndKeptWithWhatBecameOfIt() throws Exception {
    connect(0);
    CompletableFuture<SettingsChange> set = desk.set("front", 0, VALUES, "anna");
    assertThat(sent()).hasSize(1);
    assertThat(sent().get(0).version()).isEqualTo(1);
    assertThat(sent().get(0).values()).isEqualTo(VALUES);
    assertThat(latest()).isEqualTo(State.WAITING);
    say(new Done(sent().get(0).id(), true, ""));
    assertThat(set.get())
        .isEqualTo(new SettingsChange("front", 1, NOON, "anna", State.APPLIED, "", VALUES));
    assertThat(desk.changes("front", 9)).containsExactly(set.get());

    CompletableFuture<SettingsChange> refused = desk.set("front", 1, Map.of("a", "b"), "ben");
    say(new Done(sent().get(1).id(), false, "it went back"));
    assertThat(refused.get().state()).isEqualTo(State.REFUSED);
    assertThat(refused.get().sentence()).isEqualTo("it went back");
    connect(1);
    assertThat(peer.sent).as("what it refused is not sent again").isEmpty();
  }

  @Test
  void whoeverChangesWhatSomebodyElseHasChangedIsRefused() throws Exception {
    connect(0);
    var unused = desk.set("front", 0, VALUES, "anna");
    assertThatThrownBy(() -> desk.set("front", 0, Map.of(), "ben"))
        .isInstanceOf(StaleSettingsException.class)
        .hasMessageContaining("of version 1 by now, not of 0");
    assertThat(sent()).hasSize(1);
  }

  @Test
  void aCameraThatIsAwayGetsItWhenItIsBackAlsoFromANewMaster() throws Exception {
    connect(0);
    fleet.disconnected("front", peer);
    assertThat(desk.set("front", 0, VALUES, "anna").get().state()).isEqualTo(State.WAITING);
    assertThat(desk.set("front", 1, Map.of("a", "b"), "anna").get().version()).isEqualTo(2);
    assertThat(peer.sent).isEmpty();
    assertThat(desk.wanted("front").orElseThrow().values())
        .as("so that the next change is made of it")
        .isEqualTo(Map.of("a", "b"));
    desk.close();
    fleet.close();
    begin();
    assertThat(desk.of("front")).as("what it went by is remembered").isPresent();
    connect(0);
    assertThat(sent()).as("the latest alone").extracting(Configure::version).containsExactly(2L);
    say(new Done(sent().get(0).id(), true, ""));
    assertThat(latest()).isEqualTo(State.APPLIED);
    assertThat(desk.wanted("front")).isEmpty();
  }

  @Test
  void aWrongValueForACameraThatIsAwayIsRefusedAtOnceAndWhatWaitedStillWaits() throws Exception {
    connect(0);
    fleet.disconnected("front", peer);
    assertThat(desk.set("front", 0, VALUES, "anna").get().state()).isEqualTo(State.WAITING);
    SettingsChange wrong = desk.set("front", 1, Map.of("motion.sensitivity", "101"), "anna").get();
    assertThat(wrong.state()).isEqualTo(State.REFUSED);
    assertThat(wrong.sentence())
        .isEqualTo(
            "key \"motion.sensitivity\" in the master's settings is \"101\"; allowed is 1 to 100");
    SettingsChange unknown = desk.set("front", 2, Map.of("spool.folder", "/"), "anna").get();
    assertThat(unknown.state()).isEqualTo(State.REFUSED);
    assertThat(unknown.sentence())
        .isEqualTo(
            "key \"spool.folder\" is not the master's to set;"
                + " allowed are [a, motion.sensitivity]");
    assertThat(desk.wanted("front").orElseThrow().values()).isEqualTo(VALUES);
    connect(0);
    assertThat(sent()).extracting(Configure::version).containsExactly(1L);
  }

  @Test
  void aCameraThatNeverSaidWhatMayBeSetIsItselfTheJudge() throws Exception {
    fleet.name("front", Optional.empty());
    assertThat(desk.set("front", 0, Map.of("x", "y"), "anna").get().state())
        .isEqualTo(State.WAITING);
  }

  @Test
  void aLinkThatBreaksBeforeTheAnswerLosesNothing() throws Exception {
    connect(0);
    CompletableFuture<SettingsChange> set = desk.set("front", 0, VALUES, "anna");
    fleet.disconnected("front", peer);
    assertThat(set.get().state()).isEqualTo(State.WAITING);
    connect(1); // it had obeyed
    assertThat(latest()).isEqualTo(State.APPLIED);
    assertThat(peer.sent).isEmpty();
  }

  @Test
  void aCameraThatCameWithoutItsSettingsGetsThemAgain() throws Exception {
    connect(0);
    CompletableFuture<SettingsChange> set = desk.set("front", 0, VALUES, "anna");
    say(new Done(sent().get(0).id(), true, ""));
    assertThat(set.get().state()).isEqualTo(State.APPLIED);
    var unused = desk.set("front", 1, Map.of("a", "b"), "anna");
    say(new Done(sent().get(1).id(), false, "it went back"));

    connect(0); // with another card
    assertThat(sent()).as("not what it refused").hasSize(1);
    assertThat(sent().get(0).version()).isEqualTo(1);
    assertThat(sent().get(0).values()).isEqualTo(VALUES);
    SettingsChange waits = desk.changes("front", 2).get(1);
    assertThat(waits.state()).isEqualTo(State.WAITING);
    assertThat(waits.sentence()).contains("came without them");
    report(1);
    say(new Done(sent().get(0).id(), true, ""));
    assertThat(desk.changes("front", 2).get(1)).isEqualTo(set.get());
    connect(1);
    assertThat(peer.sent).isEmpty();
  }

  @Test
  void aCameraThatRefusesTheLatestGetsWhatWaitedBeforeIt() throws Exception {
    connect(0);
    fleet.disconnected("front", peer);
    assertThat(desk.set("front", 0, VALUES, "anna").get().state()).isEqualTo(State.WAITING);
    var unused = desk.set("front", 1, Map.of("a", "banana"), "anna");
    connect(0);
    assertThat(sent()).extracting(Configure::version).containsExactly(2L);
    report(0, Optional.of(new Other(2, true, "no banana")));
    say(new Done(sent().get(0).id(), false, "no banana"));
    Awaitility.await().until(() -> sent().size() == 2);
    assertThat(sent().get(1).version()).isEqualTo(1);
    assertThat(sent().get(1).values()).isEqualTo(VALUES);
    report(1);
    say(new Done(sent().get(1).id(), true, ""));
    assertThat(desk.changes("front", 2))
        .extracting(SettingsChange::state)
        .containsExactly(State.REFUSED, State.APPLIED);
  }

  @Test
  void whatACameraKeepsForLaterIsNotApplied() throws Exception {
    connect(0);
    CompletableFuture<SettingsChange> set = desk.set("front", 0, VALUES, "anna");
    report(0, Optional.of(new Other(1, false, "it is stopped")));
    say(new Done(sent().get(0).id(), true, ""));
    assertThat(set.get().state()).isEqualTo(State.WAITING);
    assertThat(set.get().sentence()).isEqualTo("it is stopped");
    report(0, Optional.of(new Other(1, false, "it is stopped")));
    assertThat(sent()).as("it has it").hasSize(1);
    report(0, Optional.of(new Other(1, true, "it went back")));
    assertThat(latest()).isEqualTo(State.REFUSED);
    assertThat(desk.changes("front", 1).get(0).sentence()).isEqualTo("it went back");
    assertThat(sent()).hasSize(1);
    report(1); // after another version of its program came
    assertThat(latest()).isEqualTo(State.APPLIED);
  }

  /** An index that was lost knows no versions; the camera does. */
  @Test
  void aNewVersionIsAboveThatOfTheCamera() throws Exception {
    connect(7);
    assertThat(desk.version("front")).isEqualTo(7);
    var unused = desk.set("front", 7, VALUES, "anna");
    assertThat(sent().get(0).version()).isEqualTo(8);
  }
}
