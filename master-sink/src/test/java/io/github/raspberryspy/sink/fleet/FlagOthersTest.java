package io.github.raspberryspy.sink.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.wire.CommandCodec;
import io.github.raspberryspy.segments.wire.LinkCodec;
import io.github.raspberryspy.segments.wire.LinkCommand.Flag;
import io.github.raspberryspy.segments.wire.LinkMessage.CameraState;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.segments.wire.LinkMessage.Motion;
import io.github.raspberryspy.sink.ManualClock;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlagOthersTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir Path folder;
  private final ManualClock clock = new ManualClock(NOON);
  private final Map<String, FakePeer> peers = new TreeMap<>();
  private final Events events = new Events();
  private long nanos;
  private final AtomicInteger heard = new AtomicInteger();
  private SegmentIndex index;
  private Fleet fleet;

  @BeforeEach
  void open() throws IOException {
    index = SegmentIndex.open(folder.resolve("index.db"));
    fleet = new Fleet(index.cameras(), events, clock, () -> nanos);
    for (String camera : List.of("door", "garden", "yard")) {
      FakePeer peer = new FakePeer();
      peers.put(camera, peer);
      fleet.connected(camera, peer);
      fleet.received(
          camera, peer, LinkCodec.encode(new Hello(camera, "0a1b2c3d", "t", "test://", "")));
      fleet.received(camera, peer, LinkCodec.encode(Beats.of(CameraState.RECORDING)));
    }
  }

  @AfterEach
  void close() {
    fleet.close();
    events.close();
    index.close();
  }

  private void flagBy(String... cameras) {
    events.listen(new FlagOthers(fleet, Set.of(cameras), () -> nanos, clock));
    events.listen(event -> heard.incrementAndGet());
  }

  private void moves(String camera, boolean ended) throws IOException {
    EventSpan span = new EventSpan(NOON, NOON.plusSeconds(1), 0.2, List.of(), List.of());
    int before = heard.get();
    fleet.received(camera, peers.get(camera), LinkCodec.encode(new Motion(ended, span)));
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .until(() -> heard.get() > before); // the bus has its own thread
  }

  private List<String> flags(String camera) throws IOException {
    List<String> by = new ArrayList<>();
    for (String text : peers.get(camera).sent) {
      if (CommandCodec.decode(text) instanceof Flag flag) {
        by.add(flag.by());
      }
    }
    return by;
  }

  @Test
  void motionAtOneCameraHasTheOthersFlagWhatTheyFilm() throws IOException {
    flagBy("door");
    moves("yard", false);
    moves("door", true);
    assertThat(flags("garden")).isEmpty();
    moves("door", false);
    assertThat(flags("garden")).containsExactly("door");
    assertThat(flags("yard")).containsExactly("door");
    assertThat(flags("door")).isEmpty();
  }

  @Test
  void whatMovedWhileACameraHadNoLinkFlagsNothingThatIsFilmedNow() throws IOException {
    flagBy("door");
    clock.advance(Duration.ofSeconds(30));
    moves("door", false);
    assertThat(flags("garden")).isEmpty();
  }

  @Test
  void howeverMuchMovesEachIsToldOnceInTenSeconds() throws IOException {
    flagBy("*");
    for (int second = 0; second < 60; second++) {
      for (String camera : peers.keySet()) {
        moves(camera, false);
      }
      nanos += Duration.ofSeconds(1).toNanos();
    }
    for (String camera : peers.keySet()) {
      assertThat(flags(camera)).as(camera).hasSize(6);
    }
  }
}
