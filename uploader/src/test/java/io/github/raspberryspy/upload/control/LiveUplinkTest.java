package io.github.raspberryspy.upload.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.segments.wire.BoardHealth;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.segments.wire.LinkMessage.CameraState;
import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.segments.wire.LiveMessage;
import io.github.raspberryspy.segments.wire.LiveMessage.Fragment;
import io.github.raspberryspy.upload.UploaderConfig;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Live pictures on their way, to a master that hangs up, breaks off, or does not read. */
@Timeout(60)
class LiveUplinkTest {

  private static final int PICTURE_BYTES = 64 << 10;

  /** What two kernels may hold between two programs, and some pictures. */
  private static final long MOST_HELD = 16L << 20;

  private FakeLink master;
  private LiveUplink uplink;
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final AtomicLong taken = new AtomicLong();
  private volatile boolean films = true;
  private volatile long picturesOfRun = Long.MAX_VALUE;

  /** Has the next picture at once, for as long as its run lasts. */
  private final class Camera implements LiveSource {
    private long left = picturesOfRun;

    @Override
    public Optional<LiveMessage> next(Duration timeout) {
      left--;
      byte[] picture = new byte[PICTURE_BYTES];
      taken.addAndGet(PICTURE_BYTES);
      return Optional.of(new Fragment(true, taken.get(), Instant.EPOCH, ByteBuffer.wrap(picture)));
    }

    @Override
    public boolean isEnded() {
      return left <= 0;
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  @BeforeEach
  void start() throws Exception {
    master = new FakeLink();
    uplink = new LiveUplink("front", config(master).build(), this::source);
    uplink.start();
  }

  @AfterEach
  void stop() throws Exception {
    uplink.close();
    master.close();
  }

  private Optional<LiveSource> source() {
    if (!films) {
      return Optional.empty();
    }
    opened.incrementAndGet();
    return Optional.of(new Camera());
  }

  private static UploaderConfig.Builder config(FakeLink to) {
    return UploaderConfig.builder(to.uri(), CameraCredential.derive(new byte[32], "front"))
        .heartbeat(Duration.ofMillis(50))
        .retry(Duration.ofMillis(10), Duration.ofMillis(50));
  }

  private void awaitStandstill() {
    AtomicLong before = new AtomicLong(-1);
    await()
        .pollInterval(Duration.ofMillis(300))
        .until(() -> taken.get() > 0 && before.getAndSet(taken.get()) == taken.get());
  }

  @Test
  void picturesGoWhileSomebodyWatchesAndNoLonger() {
    assertThat(master.connections).hasValue(0);
    uplink.watch(true);
    await().until(() -> master.pictures.size() > 5);
    uplink.watch(false);
    await().until(() -> master.openConnections() == 0 && closed.get() == opened.get());
    long before = taken.get();
    uplink.watch(true);
    await().until(() -> taken.get() > before);
  }

  @Test
  void whoHangsUpInOrderIsCalledAgainUntilTheLinkSaysThatNobodyWatches() throws Exception {
    uplink.watch(true);
    await().until(() -> !master.pictures.isEmpty());
    master.goAway(); // it may have been said before somebody began to watch
    await().until(() -> master.connections.get() == 2);
    uplink.watch(false);
    await().until(() -> master.openConnections() == 0 && closed.get() == opened.get());
  }

  @Test
  void aConnectionThatBreaksIsMadeAnew() throws Exception {
    uplink.watch(true);
    await().until(() -> !master.pictures.isEmpty());
    master.cutAll();
    await().until(() -> master.connections.get() == 2);
    int before = master.pictures.size();
    await().until(() -> master.pictures.size() > before);
  }

  @Test
  void eachRunOfTheCameraGoesOverTheSameConnectionAndNoneIsWaitedFor() {
    films = false;
    picturesOfRun = 3;
    uplink.watch(true);
    await().until(() -> master.connections.get() == 1);
    assertThat(opened).hasValue(0);
    films = true;
    await().until(() -> closed.get() > 3);
    assertThat(master.connections).hasValue(1);
  }

  @Test
  void aMasterThatReadsNothingIsOwedNothingAndHeartbeatsGoOn() throws Exception {
    master.reads = false;
    try (FakeLink other = new FakeLink();
        ControlLink link =
            new ControlLink(
                config(other).build(),
                () -> new Hello("front", "0a1b2c3d", "test 1", "test://", ""),
                LiveUplinkTest::beat,
                command -> {})) {
      link.start();
      uplink.watch(true);
      awaitStandstill();
      assertThat(taken.get()).as("bytes that were taken of the camera").isLessThan(MOST_HELD);
      int before = other.heard(Heartbeat.class).size();
      await().until(() -> other.heard(Heartbeat.class).size() > before + 10);
      assertThat(other.connections).hasValue(1);
    }
    long begin = System.nanoTime();
    uplink.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    assertThat(closed).hasValue(1);
  }

  /** As when its computer lost its power: nothing says that the connection is of no use. */
  @Test
  void whoAsksAnewIsNotKeptWaitingByAConnectionThatStandsStill() {
    master.reads = false;
    uplink.watch(true);
    awaitStandstill();
    master.reads = true; // on the next connection
    uplink.watch(true);
    await().until(() -> master.connections.get() == 2 && !master.pictures.isEmpty());
  }

  /** A master that has started anew asks over its link while this still waits for the next try. */
  @Test
  void whoAsksAnewIsNotKeptWaitingByAPauseAfterFailures() throws Exception {
    uplink.close();
    Duration never = Duration.ofHours(1);
    UploaderConfig config = config(master).retry(never, never).random(() -> 1).build();
    uplink = new LiveUplink("front", config, this::source);
    uplink.start();
    master.status = 503;
    uplink.watch(true);
    await().until(() -> master.connections.get() == 1 && master.openConnections() == 0);
    master.status = 101;
    uplink.watch(true);
    await().until(() -> !master.pictures.isEmpty());
  }

  /** So that a link which breaks now and then is not waited for longer each time. */
  @Test
  void aConnectionThatCameAboutEndsTheGrowthOfPauses() throws Exception {
    uplink.close();
    UploaderConfig config =
        config(master).retry(Duration.ofMillis(10), Duration.ofHours(1)).random(() -> 1).build();
    uplink = new LiveUplink("front", config, this::source);
    uplink.start();
    uplink.watch(true);
    for (int i = 1; i <= 12; i++) { // or the last pause would be 40 s
      int now = i;
      await().until(() -> master.connections.get() == now && master.openConnections() == 1);
      await().until(() -> !master.pictures.isEmpty());
      master.pictures.clear();
      master.cutAll();
    }
  }

  private static Heartbeat beat() {
    return new Heartbeat(
        CameraState.RECORDING,
        "",
        640,
        480,
        30,
        1,
        1,
        0,
        0,
        0,
        OptionalLong.empty(),
        1,
        OptionalLong.empty(),
        false,
        Optional.empty(),
        BoardHealth.UNKNOWN);
  }
}
