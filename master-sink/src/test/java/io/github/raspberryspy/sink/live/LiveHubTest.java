package io.github.raspberryspy.sink.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.wire.CommandCodec;
import io.github.raspberryspy.segments.wire.LinkCodec;
import io.github.raspberryspy.segments.wire.LinkCommand.Live;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.segments.wire.LiveCodec;
import io.github.raspberryspy.segments.wire.LiveMessage;
import io.github.raspberryspy.segments.wire.LiveMessage.Fragment;
import io.github.raspberryspy.segments.wire.LiveMessage.Init;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.fleet.FakePeer;
import io.github.raspberryspy.sink.fleet.Fleet;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Viewers of a camera that come, go, and are slow. */
class LiveHubTest {

  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

  @TempDir Path folder;
  private final Events events = new Events();
  private final FakePeer peer = new FakePeer();
  private final List<String> sentAway = new ArrayList<>();
  private final LiveHub.Uplink uplink = sentAway::add;
  private SegmentIndex index;
  private Fleet fleet;
  private LiveHub hub;

  /** A viewer that takes what is sent when it is told to; each message is its first byte. */
  private static final class Tv implements Screen {
    final List<String> seen = new ArrayList<>();
    final Deque<Consumer<Boolean>> untaken = new ArrayDeque<>();
    boolean isSlow;
    String end = "";

    @Override
    public void send(String text, Consumer<Boolean> sent) {
      seen.add("init");
      took(sent);
    }

    @Override
    public void send(ByteBuffer bytes, Consumer<Boolean> sent) {
      seen.add(String.valueOf(bytes.get()));
      took(sent);
    }

    private void took(Consumer<Boolean> sent) {
      if (isSlow) {
        untaken.add(sent);
      } else {
        sent.accept(true);
      }
    }

    void take() {
      isSlow = false;
      while (!untaken.isEmpty()) {
        untaken.poll().accept(true);
      }
    }

    @Override
    public void close(String reason) {
      end = reason;
    }
  }

  @BeforeEach
  void open() throws IOException {
    index = SegmentIndex.open(folder.resolve("index.db"));
    fleet = new Fleet(index.cameras(), events, Clock.systemUTC());
    hub = new LiveHub(fleet);
    connect();
  }

  private void connect() throws IOException {
    fleet.connected("door", peer);
    Hello hello = new Hello("door", "0a1b2c3d", "test 1", "test://", "s1");
    fleet.received("door", peer, LinkCodec.encode(hello));
  }

  @AfterEach
  void close() {
    hub.close();
    fleet.close();
    events.close();
    index.close();
  }

  private List<Boolean> asked() throws IOException {
    List<Boolean> asked = new ArrayList<>();
    for (String text : peer.sent) {
      asked.add(((Live) CommandCodec.decode(text)).on());
    }
    return asked;
  }

  private void film(LiveMessage message) throws IOException {
    ByteBuffer head = LiveCodec.head(message);
    ByteBuffer payload = message.payload().duplicate();
    hub.received(
        "door",
        uplink,
        ByteBuffer.allocate(head.remaining() + payload.remaining()).put(head).put(payload).flip());
  }

  private void init(int name) throws IOException {
    film(new Init("avc1.64001f", 320, 240, NOON, ByteBuffer.wrap(new byte[] {(byte) name})));
  }

  private void picture(int name, boolean isKeyframe, int bytes) throws IOException {
    byte[] payload = new byte[bytes];
    payload[0] = (byte) name;
    film(new Fragment(isKeyframe, name, NOON, ByteBuffer.wrap(payload)));
  }

  @Test
  void theFirstViewerHasTheCameraSendAndTheLastOneEndsIt() throws Exception {
    Runnable first = hub.join("door", new Tv());
    Runnable second = hub.join("door", new Tv());
    assertThat(asked()).containsExactly(true);
    hub.connected("door", uplink);
    first.run();
    second.run();
    Runnable back = hub.join("door", new Tv()); // within the linger
    assertThat(asked()).containsExactly(true);
    back.run();
    Awaitility.await()
        .atMost(LiveHub.LINGER.plus(Duration.ofSeconds(20)))
        .untilAsserted(() -> assertThat(asked()).containsExactly(true, false));
    Awaitility.await().until(() -> sentAway.contains("nobody watches"));
  }

  @Test
  void whoeverJoinsSeesTheLastGopAndThenEachPicture() throws Exception {
    Tv early = new Tv();
    hub.join("door", early);
    hub.connected("door", uplink);
    init(100);
    picture(1, true, 10);
    picture(2, false, 10);
    picture(3, true, 10);
    picture(4, false, 10);
    Tv late = new Tv();
    hub.join("door", late);
    picture(5, false, 10);
    assertThat(early.seen).containsExactly("init", "100", "1", "2", "3", "4", "5");
    assertThat(late.seen).containsExactly("init", "100", "3", "4", "5");
    init(101);
    picture(6, true, 10);
    assertThat(late.seen).endsWith("init", "101", "6");
  }

  @Test
  void aSlowViewerGoesOnAtAKeyframeAndCostsTheOthersNothing() throws Exception {
    Tv quick = new Tv();
    Tv slow = new Tv();
    hub.join("door", quick);
    hub.join("door", slow);
    hub.connected("door", uplink);
    init(100);
    slow.isSlow = true;
    int part = Viewer.MOST_BYTES / 4 - LiveMessage.HEAD_BYTES;
    for (int i = 1; i <= 12; i++) {
      picture(i, i == 1 || i == 10, part);
    }
    slow.take();
    picture(13, false, part);
    assertThat(quick.seen).hasSize(15);
    assertThat(slow.seen).as("1 was on its way").startsWith("init", "100", "1");
    assertThat(slow.seen).endsWith("10", "11", "12", "13").doesNotContain("6", "7", "8", "9");
  }

  /** What a message takes beside its payload counts: of one byte each there may be millions. */
  @Test
  void picturesOfAByteEachTakeNoMoreMemoryThanLargeOnes() throws Exception {
    Tv slow = new Tv();
    hub.join("door", slow);
    hub.connected("door", uplink);
    init(100);
    slow.isSlow = true;
    picture(1, true, 1);
    int most = LiveHub.MOST_HELD / LiveMessage.HEAD_BYTES;
    for (int i = 0; i < 2 * most; i++) {
      picture(2, false, 1);
    }
    Tv late = new Tv();
    hub.join("door", late);
    assertThat(late.seen.size()).isBetween(most / 2, most + 3);
    slow.take();
    assertThat(slow.seen).as("it waits for a keyframe").containsExactly("init", "100", "1");
  }

  @Test
  void beginningsThatASlowViewerHasNotTakenDoNotGather() throws Exception {
    Tv slow = new Tv();
    hub.join("door", slow);
    hub.connected("door", uplink);
    slow.isSlow = true;
    for (int i = 1; i <= 20; i++) {
      init(i);
    }
    picture(99, true, 10);
    slow.take();
    assertThat(slow.seen)
        .as("the one on its way, and the last")
        .containsExactly("init", "1", "init", "20", "99");
  }

  @Test
  void aViewerThatCannotBeReachedIsSentAway() throws Exception {
    Tv broken = new Tv();
    hub.join("door", broken);
    hub.connected("door", uplink);
    broken.isSlow = true;
    init(100);
    broken.untaken.poll().accept(false);
    picture(1, true, 10);
    assertThat(broken.seen).containsExactly("init");
    assertThat(broken.end).as("so that it comes anew").contains("does not take");
  }

  @Test
  void aCameraThatNobodyWatchesIsSentAway() throws Exception {
    hub.connected("door", uplink);
    assertThat(sentAway).containsExactly("nobody watches this connection");
    assertThat(asked()).as("it may have missed that").containsExactly(false);
    init(100); // passed over
    Tv tv = new Tv();
    hub.join("door", tv);
    assertThat(tv.seen).isEmpty();
  }

  /** Whatever was said to it in which order, or was lost on the way. */
  @Test
  void aCameraThatSendsNothingToItsViewersIsAskedAgain() throws Exception {
    hub.join("door", new Tv());
    Awaitility.await().until(() -> asked().equals(List.of(true, true)));
  }

  @Test
  void whatACameraIsToldLastIsWhatHolds() throws Exception {
    List<Thread> people = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      people.add(
          new Thread(
              () -> {
                for (int n = 0; n < 200; n++) {
                  hub.join("door", new Tv()).run();
                  hub.rest("door");
                }
              }));
    }
    people.forEach(Thread::start);
    for (Thread person : people) {
      person.join();
    }
    assertThat(asked()).endsWith(false);
  }

  @Test
  void aCameraThatConnectsAnewIsAskedAgain() throws Exception {
    hub.join("door", new Tv());
    connect();
    assertThat(asked()).containsExactly(true, true);
  }

  @Test
  void aPlayerOfHlsHasTheCameraSendUntilItHasNotAskedForTenSeconds() throws Exception {
    AtomicLong nanos = new AtomicLong();
    try (Playlists playlists = new Playlists(hub, Clock.systemUTC(), nanos::get)) {
      assertThat(playlists.segment("door", 1)).isEmpty();
      assertThat(asked()).as("a part alone has nobody send").isEmpty();
      assertThat(playlists.text("door", Duration.ZERO)).isEmpty();
      assertThat(asked()).containsExactly(true);
      hub.connected("door", uplink);
      init(100);
      for (int i = 0; i < 4; i++) {
        film(new Fragment(true, i * 1_000_000L, NOON, ByteBuffer.wrap(new byte[] {1, (byte) i})));
      }
      String text = playlists.text("door", Duration.ofSeconds(10)).orElseThrow();
      long first = Long.parseLong(text.replaceAll("(?s).*MEDIA-SEQUENCE:([0-9]+).*", "$1"));
      assertThat(playlists.segment("door", first)).isPresent();
      nanos.addAndGet(Playlists.IDLE.toNanos());
      playlists.look();
      assertThat(playlists.text("door", Duration.ZERO)).isPresent();
      nanos.addAndGet(Playlists.IDLE.toNanos() + 1);
      playlists.look();
      assertThat(playlists.segment("door", first)).as("nobody asked").isEmpty();
    }
    Awaitility.await()
        .atMost(LiveHub.LINGER.plus(Duration.ofSeconds(20)))
        .untilAsserted(() -> assertThat(asked()).containsExactly(true, false));
  }

  /** What stands still is not to look live. */
  @Test
  void nobodyJoinsOldPictures() throws Exception {
    hub.join("door", new Tv());
    hub.connected("door", uplink);
    init(100);
    picture(1, true, 10);
    hub.disconnected("door", uplink);
    Tv late = new Tv();
    hub.join("door", late);
    assertThat(late.seen).isEmpty();
  }

  @Test
  void nonsenseIsRefusedInOneSentence() {
    hub.join("door", new Tv());
    hub.connected("door", uplink);
    assertThatThrownBy(() -> hub.received("door", uplink, ByteBuffer.wrap(new byte[20])))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("kind 0");
  }

  @Test
  void whenTheMasterStopsEverybodyIsSentAway() {
    Tv tv = new Tv();
    hub.join("door", tv);
    hub.connected("door", uplink);
    hub.close();
    assertThat(tv.end).isEqualTo("the master is stopping");
    assertThat(sentAway).containsExactly("the master is stopping");
  }
}
