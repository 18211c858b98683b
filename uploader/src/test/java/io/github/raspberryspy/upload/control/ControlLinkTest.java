package io.github.raspberryspy.upload.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.faults.FaultProxy;
import io.github.raspberryspy.segments.faults.Toxic;
import io.github.raspberryspy.segments.wire.BoardHealth;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.segments.wire.CommandCodec;
import io.github.raspberryspy.segments.wire.LinkCommand;
import io.github.raspberryspy.segments.wire.LinkCommand.Flush;
import io.github.raspberryspy.segments.wire.LinkMessage;
import io.github.raspberryspy.segments.wire.LinkMessage.CameraState;
import io.github.raspberryspy.segments.wire.LinkMessage.Done;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.segments.wire.LinkMessage.Goodbye;
import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.segments.wire.LinkMessage.Motion;
import io.github.raspberryspy.segments.wire.Tus;
import io.github.raspberryspy.upload.UploaderConfig;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlLinkTest {

  private static final CameraCredential CREDENTIAL = CameraCredential.derive(new byte[32], "front");
  private static final Hello HELLO = new Hello("front", "3f9a1c22", "test 1", "test://", "s1");
  private static final Instant START = Instant.parse("2026-11-23T14:00:00Z");

  private final AtomicLong beats = new AtomicLong();
  private final List<LinkCommand> commands = new CopyOnWriteArrayList<>();
  private FakeLink master;
  private ControlLink link;
  private LongConsumer crash = n -> {};

  @BeforeEach
  void setUp() throws IOException {
    master = new FakeLink();
  }

  @AfterEach
  void tearDown() throws IOException {
    if (link != null) {
      link.close();
    }
    master.close();
  }

  private void start(Duration heartbeat, Duration connectTimeout) {
    start(master.uri(), heartbeat, connectTimeout);
  }

  private void start(URI uri, Duration heartbeat, Duration connectTimeout) {
    UploaderConfig config =
        UploaderConfig.builder(uri, CREDENTIAL)
            .heartbeat(heartbeat)
            .connectTimeout(connectTimeout)
            .retry(Duration.ofMillis(1), Duration.ofMillis(10))
            .random(() -> 0.5)
            .build();
    link = new ControlLink(config, () -> HELLO, this::beat, this::obey);
    link.start();
  }

  private void start() {
    start(Duration.ofMillis(20), Duration.ofSeconds(5));
  }

  private Heartbeat beat() {
    long n = beats.incrementAndGet();
    crash.accept(n);
    return new Heartbeat(
        CameraState.RECORDING,
        "",
        1280,
        720,
        30,
        n,
        0,
        0,
        0,
        0,
        OptionalLong.empty(),
        0,
        OptionalLong.empty(),
        false,
        Optional.empty(),
        BoardHealth.UNKNOWN);
  }

  private void obey(LinkCommand command) {
    commands.add(command);
    if (command instanceof LinkCommand.Flush flush && flush.reason().equals("crash")) {
      throw new IllegalStateException("a bug");
    }
    link.offer(new Done(command.id(), true, ""));
  }

  private static Motion motion(int i) {
    return new Motion(false, new EventSpan(START, START.plusSeconds(i), 0.5, List.of(), List.of()));
  }

  private static void eventually(ThrowingRunnable condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(2))
        .untilAsserted(condition);
  }

  @Test
  void saysHelloOnceThenBeats() {
    start(Duration.ofMillis(100), Duration.ofSeconds(5)); // a dead link is one of a second
    eventually(() -> assertThat(master.heard(Heartbeat.class)).hasSizeGreaterThan(5));
    assertThat(master.messages.get(0)).isEqualTo(HELLO);
    assertThat(master.heard(Hello.class)).hasSize(1);
    assertThat(master.heard(Heartbeat.class))
        .map(Heartbeat::framesCaptured)
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(link.isConnected()).isTrue();
    assertThat(master.heads.get(0))
        .startsWith("GET " + Tus.LINK_PATH + " HTTP/1.1\r\n")
        .contains("Bearer " + CREDENTIAL.token());
  }

  @Test
  void aCameraThatIsToldToEndSaysGoodbyeAndOneThatBreaksDoesNot() {
    start();
    eventually(() -> assertThat(master.heard(Heartbeat.class)).isNotEmpty());
    link.close();
    assertThat(master.heard(Goodbye.class)).isEmpty();
    start();
    eventually(() -> assertThat(link.isConnected()).isTrue());
    link.leaving();
    link.close();
    eventually(() -> assertThat(master.heard(Goodbye.class)).hasSize(1));
    List<LinkMessage> said = master.messages;
    assertThat(said.get(said.size() - 1)).isInstanceOf(Goodbye.class);
    assertThat(said.get(said.size() - 2)).isInstanceOf(Heartbeat.class);
  }

  @Test
  void motionIsSentAtOnceAndInOrder() {
    start(Duration.ofHours(1), Duration.ofSeconds(5));
    eventually(() -> assertThat(master.heard(Heartbeat.class)).hasSize(1));
    List<Motion> sent = IntStream.range(0, 50).mapToObj(ControlLinkTest::motion).toList();
    sent.forEach(link::offer);
    eventually(() -> assertThat(master.heard(Motion.class)).isEqualTo(sent));
    assertThat(link.dropped()).isZero();
  }

  @Test
  void aFaultIsSentBetweenMotionInTheOrderOfBoth() {
    start(Duration.ofHours(1), Duration.ofSeconds(5));
    Fault frozen = new Fault("picture-frozen", false, true, START, "the picture stands still");
    link.offer(motion(1));
    link.offer(frozen);
    link.offer(motion(2));
    eventually(
        () ->
            assertThat(master.messages)
                .filteredOn(message -> !(message instanceof Heartbeat))
                .containsExactly(HELLO, motion(1), frozen, motion(2)));
  }

  /** Whoever is asked for the heartbeat may crash as often as it likes. */
  @Test
  void aHeartbeatThatCrashesAThousandTimesEndsNoLink() {
    List<Supplier<Throwable>> failures =
        List.of(
            () -> new IllegalStateException("a bug"),
            () -> new StackOverflowError("too deep"),
            () -> new OutOfMemoryError("too much"));
    crash =
        n -> {
          if (n <= 1000) {
            ControlLinkTest.<RuntimeException>raise(failures.get((int) (n % 3)).get());
          }
        };
    start(Duration.ofMillis(1), Duration.ofSeconds(5));
    eventually(() -> assertThat(master.heard(Heartbeat.class)).isNotEmpty());
    assertThat(beats.get()).isGreaterThan(1000);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> void raise(Throwable failure) throws T {
    throw (T) failure;
  }

  @Test
  void withoutAConnectionTheNewestMotionIsKept() {
    master.status = 503;
    start();
    for (int i = 0; i < Outbox.CAPACITY + 10; i++) {
      link.offer(motion(i));
    }
    assertThat(link.dropped()).isEqualTo(10);
    assertThat(link.isConnected()).isFalse();
    master.status = 101;
    eventually(() -> assertThat(master.heard(Motion.class)).hasSize(Outbox.CAPACITY));
    assertThat(master.heard(Motion.class).get(0)).isEqualTo(motion(10));
    assertThat(master.messages.get(0)).isEqualTo(HELLO);
  }

  @Test
  void closingSaysGoodbye() {
    start();
    eventually(() -> assertThat(link.isConnected()).isTrue());
    link.offer(motion(1));
    link.close();
    eventually(() -> assertThat(master.closes).containsExactly(1000));
    assertThat(master.heard(Motion.class)).containsExactly(motion(1));
    assertThat(link.isConnected()).isFalse();
    eventually(() -> assertThat(master.openConnections()).isZero());
  }

  @Test
  void aCutConnectionIsMadeAnew() throws IOException {
    start();
    for (int i = 1; i <= 5; i++) {
      int hellos = i;
      eventually(() -> assertThat(master.heard(Hello.class)).hasSizeGreaterThanOrEqualTo(hellos));
      master.cutAll();
    }
    eventually(() -> assertThat(link.isConnected()).isTrue());
  }

  @Test
  void hundredsOfConnectionsLeaveNoThreadsAndNoSocketsBehind() {
    master.mostMessages = 2;
    start();
    eventually(() -> assertThat(master.connections.get()).isGreaterThan(20));
    int threads = Thread.activeCount();
    eventually(() -> assertThat(master.connections.get()).isGreaterThan(300));
    assertThat(Thread.activeCount()).isLessThan(threads + 10);
    assertThat(master.openConnections()).isLessThan(5);
    link.close();
    eventually(
        () ->
            assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(t -> t.getName().equals("control")));
  }

  /** F15: whichever of these a network does, the link beats again once it works. */
  static Stream<Toxic> toxics() {
    return Stream.of(
        new Toxic.Latency(Duration.ofMillis(100), Duration.ofMillis(80)),
        new Toxic.Bandwidth(100),
        new Toxic.SlowClose(Duration.ofSeconds(1)),
        new Toxic.Timeout(Duration.ofMillis(100)),
        new Toxic.Timeout(Duration.ZERO),
        new Toxic.Slicer(3, 2, Duration.ofMillis(1)),
        new Toxic.LimitData(800));
  }

  @ParameterizedTest
  @MethodSource("toxics")
  void aBadNetworkEndsNoLinkForGood(Toxic toxic) throws IOException {
    try (FaultProxy network = new FaultProxy(master.uri().getPort(), 5)) {
      URI through = URI.create("http://127.0.0.1:" + network.port());
      start(through, Duration.ofMillis(100), Duration.ofSeconds(1));
      eventually(() -> assertThat(master.heard(Heartbeat.class)).isNotEmpty());
      network.upstream(toxic);
      network.downstream(toxic);
      network.cut();
      long tried = network.connections();
      eventually(() -> assertThat(network.connections()).isGreaterThan(tried));
      network.heal();
      int heard = master.heard(Heartbeat.class).size();
      eventually(() -> assertThat(master.heard(Heartbeat.class)).hasSizeGreaterThan(heard + 3));
      assertThat(link.isConnected()).isTrue();
    }
  }

  @Test
  void aMasterThatAnswersNoPingIsLeft() {
    master.answersPings = false;
    start(Duration.ofMillis(100), Duration.ofSeconds(5)); // a dead link is one of a second
    eventually(() -> assertThat(master.connections.get()).isGreaterThan(2));
    assertThat(master.pings.get()).isGreaterThan(2);
    master.answersPings = true;
    eventually(() -> assertThat(link.isConnected()).isTrue());
    int connections = master.connections.get();
    long seen = beats.get();
    eventually(() -> assertThat(beats.get()).isGreaterThan(seen + 15));
    assertThat(master.connections.get()).isLessThanOrEqualTo(connections + 1);
  }

  @Test
  void aMasterThatReadsNothingIsLeft() {
    master.reads = false;
    start();
    eventually(() -> assertThat(master.connections.get()).isGreaterThan(1));
    assertThat(master.messages).isEmpty();
  }

  @Test
  void aHandshakeThatIsNeverAnsweredIsGivenUp() {
    master.status = 0;
    start(Duration.ofMillis(20), Duration.ofMillis(200));
    eventually(() -> assertThat(master.heads).hasSizeGreaterThan(2));
    master.status = 101;
    eventually(() -> assertThat(link.isConnected()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 301, 401, 403, 404, 500})
  void aHandshakeThatIsRefusedIsTriedAgain(int status) {
    master.status = status;
    start();
    eventually(() -> assertThat(master.connections.get()).isGreaterThan(2));
    master.status = 101;
    eventually(() -> assertThat(link.isConnected()).isTrue());
  }

  @Test
  void whatTheMasterSaysIsHeardAndHarmsNothing() throws IOException {
    start(Duration.ofMillis(100), Duration.ofSeconds(5)); // a dead link is one of a second
    eventually(() -> assertThat(master.heard(Heartbeat.class)).isNotEmpty());
    master.chatter();
    long seen = beats.get();
    eventually(() -> assertThat(beats.get()).isGreaterThan(seen + 5));
    assertThat(master.connections.get()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 65_000})
  void aCommandIsHandedOnAndAnswered(int bytesAFrame) throws IOException {
    start();
    eventually(() -> assertThat(master.heard(Heartbeat.class)).isNotEmpty());
    Flush flush = new Flush("c1", true, "camera \"door\" is lost \u2026");
    master.say(CommandCodec.encode(flush), bytesAFrame);
    eventually(
        () -> assertThat(master.heard(Done.class)).containsExactly(new Done("c1", true, "")));
    assertThat(commands).containsExactly(flush);
  }

  @Test
  void whatCannotBeObeyedEndsNoLink() throws IOException {
    start();
    eventually(() -> assertThat(master.heard(Heartbeat.class)).isNotEmpty());
    master.say("{\"type\":\"dance\",\"id\":\"c1\"}", 100);
    master.say("{\"type\":\"flush\",\"id\":\"../c\"}", 100);
    master.say(CommandCodec.encode(new Flush("c2", true, "crash")), 100);
    master.say(CommandCodec.encode(new Flush("c3", true, "")), 100);
    eventually(() -> assertThat(master.heard(Done.class)).hasSize(2));
    assertThat(master.heard(Done.class).get(0).sentence()).contains("does not know");
    assertThat(master.heard(Done.class).get(1).id()).isEqualTo("c3");
    assertThat(master.connections.get()).isEqualTo(1);
  }

  @Test
  void aTextThatIsTooLongEndsTheConnectionAndNotTheProgram() throws IOException {
    start();
    eventually(() -> assertThat(master.heard(Heartbeat.class)).isNotEmpty());
    master.say("x".repeat(LinkSocket.MOST_TEXT + 1), 1000);
    eventually(() -> assertThat(master.connections.get()).isGreaterThan(1));
    assertThat(commands).isEmpty();
  }

  /** I8: a full heap ends the whole program, recording included. */
  @ParameterizedTest
  @EnumSource(names = "NOTHING", mode = EnumSource.Mode.EXCLUDE)
  void whatNeverEndsIsNotReadAndTheLinkIsTriedAgain(FakeLink.Pour pour) {
    master.pour = pour;
    start();
    eventually(() -> assertThat(master.fled.get()).isGreaterThan(2));
    assertThat(master.poured.get()).isLessThan(FakeLink.MOST_POURED / 4);
    master.pour = FakeLink.Pour.NOTHING;
    eventually(() -> assertThat(link.isConnected()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-A: b",
        "Upgrade: websocket\r\nConnection: Upgrade",
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA",
      })
  void whatConsentsToAnotherHandshakeIsNoLink(String answer) {
    master.handshake = answer;
    start();
    eventually(() -> assertThat(master.connections.get()).isGreaterThan(2));
    assertThat(link.isConnected()).isFalse();
    assertThat(master.messages).isEmpty();
    master.handshake = "";
    eventually(() -> assertThat(link.isConnected()).isTrue());
  }

  @Test
  void aPingIsAnsweredAndSoIsAGoodbye() throws IOException {
    start(Duration.ofHours(1), Duration.ofSeconds(5));
    eventually(() -> assertThat(master.heard(Heartbeat.class)).hasSize(1));
    master.chatter();
    eventually(() -> assertThat(master.pongs.get()).isEqualTo(1));
    master.goAway();
    eventually(() -> assertThat(master.closes).containsExactly(1000));
    eventually(() -> assertThat(master.connections.get()).isGreaterThan(1));
  }

  @Test
  void aMessageOfAnyLengthComesWhole() {
    start(Duration.ofHours(1), Duration.ofSeconds(5));
    for (int zones : new int[] {0, 40, 8_000}) {
      List<String> names = IntStream.range(0, zones).mapToObj(i -> "zone" + i).toList();
      link.offer(new Motion(false, new EventSpan(START, START, 0.5, names, List.of())));
    }
    eventually(() -> assertThat(master.lengths).anyMatch(length -> length < 126));
    eventually(
        () -> assertThat(master.lengths).anyMatch(length -> length > 126 && length < 65_536));
    eventually(() -> assertThat(master.lengths).anyMatch(length -> length > 65_536));
  }

  @Test
  void closingEndsSoonWhateverTheMasterDoes() {
    master.status = 0;
    start(Duration.ofMillis(20), Duration.ofSeconds(2));
    eventually(() -> assertThat(master.heads).isNotEmpty());
    Assertions.assertTimeout(Duration.ofSeconds(8), link::close);
  }

  @Test
  void startsOnce() {
    start();
    assertThatThrownBy(link::start).isInstanceOf(IllegalStateException.class);
  }
}
