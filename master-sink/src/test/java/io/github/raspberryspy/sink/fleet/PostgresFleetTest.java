package io.github.raspberryspy.sink.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.segments.wire.LinkCodec;
import io.github.raspberryspy.segments.wire.LinkMessage;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.sink.TestPostgres;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.index.FaultSpan;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Links of cameras while the server of the index is away. */
class PostgresFleetTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private final LinkPeer peer = new FakePeer();

  @Test
  void whatCamerasSayMeanwhileEndsNoLinkAndIsNotedLater() throws Exception {
    TestPostgres postgres = TestPostgres.create();
    try (SegmentIndex index = SegmentIndex.open(postgres.config(), "a footage folder");
        Events events = new Events();
        Fleet fleet = new Fleet(index.cameras(), events, Clock.systemUTC())) {
      fleet.connected("front", peer);
      postgres.away();
      say(fleet, new Hello("front", "0a1b2c3d", "test 1", "test://", ""));
      say(fleet, new Fault("encoder-stalled", false, true, NOON, "it stands"));
      say(fleet, new Fault("encoder-stalled", true, true, NOON.plusSeconds(9), "it goes"));
      postgres.back();
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(
                          index
                              .cameras()
                              .events(Optional.of("front"), Optional.empty(), Optional.empty()))
                      .singleElement()
                      .satisfies(
                          event -> assertThat(event.fault().flatMap(FaultSpan::end)).isPresent()));
      assertThat(index.cameras().known()).hasSize(1);
    }
  }

  private void say(Fleet fleet, LinkMessage message) throws IOException {
    fleet.received("front", peer, LinkCodec.encode(message));
  }
}
