package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.source.Recording.Shot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(FrameLeakExtension.class)
@Timeout(60)
class TestPatternSourceTest {

  private static final long HALF_SECOND = 500_000_000;

  private final FakeTicker ticker = new FakeTicker();
  private final Recording recording = new Recording();

  @ParameterizedTest
  @ValueSource(doubles = {1, 12.5, 29.97, 60, 240})
  void inRealTimeEachFrameComesWhenItIsDue(double fps) {
    try (CameraSource source = open(fps, true, 0)) {
      while (recording.shots.size() < 100) {
        int before = recording.shots.size();
        long called = ticker.nanoTime();
        assertThat(source.deliver(recording)).isTrue();
        assertThat(ticker.nanoTime() - called).isLessThanOrEqualTo(HALF_SECOND);
        if (recording.shots.size() > before) {
          assertThat(ticker.nanoTime()).isEqualTo(recording.last().captureNanos());
        }
      }
    }
    assertThat(recording.lost).isZero();
    for (int n = 0; n < 100; n++) {
      Shot shot = recording.shots.get(n);
      assertThat(shot.number()).isEqualTo(n);
      assertThat(shot.code()).hasValue(n);
      assertThat(shot.ptsUs()).isEqualTo(Math.round(n * 1e6 / fps));
      assertThat(shot.captureNanos()).isEqualTo(FakeTicker.START + Math.round(n * 1e9 / fps));
    }
  }

  @Test
  void theCodeMayBeTheTimeOfDayAtWhichAFrameWasDue() {
    long before = System.currentTimeMillis();
    try (CameraSource source =
        TestPatternSource.of(
            SourceUri.parse("test://?size=320x240&fps=10&realtime=false&timecode=true"))) {
      source.open();
      for (int n = 0; n < 3; n++) {
        source.deliver(recording);
      }
    }
    long first = recording.shots.get(0).code().orElseThrow();
    assertThat(first - (before & 0xffff_ffffL)).isBetween(0L, 60_000L);
    assertThat(recording.shots)
        .extracting(s -> s.code().orElseThrow() - first)
        .containsExactly(0L, 100L, 200L);
  }

  @Test
  void framesWaitForALateCallerAsInADriversBuffers() {
    try (CameraSource source = open(10, true, 0)) {
      source.deliver(recording);
      ticker.pass(349_999_999);
      source.deliver(recording);
      source.deliver(recording);
      source.deliver(recording);
      assertThat(recording.numbers()).containsExactly(0L, 1L, 2L, 3L);
      assertThat(recording.last().captureNanos()).isEqualTo(FakeTicker.START + 300_000_000);
      assertThat(recording.lost).isZero();
    }
  }

  @Test
  void aCallerThatIsTooLateGetsTheFramesThatStillWaitAndTheCountOfTheOthers() {
    try (CameraSource source = open(10, true, 0)) {
      source.deliver(recording);
      ticker.pass(1_100_000_000);
      source.deliver(recording);
      assertThat(recording.numbers()).containsExactly(0L, 12L - TestPatternSource.WAITING_FRAMES);
      assertThat(recording.lost).isEqualTo(3);
      for (int i = 1; i < TestPatternSource.WAITING_FRAMES; i++) {
        source.deliver(recording);
      }
      assertThat(recording.last().number()).isEqualTo(11);
      assertThat(recording.lost).isEqualTo(3);
    }
  }

  @Test
  void aFrameWithoutAFreeSlotCountsAsLostAndTheNumbersGoOn() {
    List<Frame> held = new ArrayList<>();
    Recording holding = new Recording(frame -> held.add(frame.share("test")));
    try (CameraSource source = open(10, true, 0)) {
      for (int i = 0; i < FramePool.DEFAULT_SLOTS + 3; i++) {
        assertThat(source.deliver(holding)).isTrue();
      }
      assertThat(holding.shots).hasSize(FramePool.DEFAULT_SLOTS);
      assertThat(holding.lost).isEqualTo(3);
      held.forEach(Frame::close);
      source.deliver(holding);
      held.forEach(Frame::close);
      assertThat(holding.last().number()).isEqualTo(FramePool.DEFAULT_SLOTS + 3);
      assertThat(holding.lost).isEqualTo(3);
    }
  }

  @Test
  void itEndsAfterSoManyFramesAlsoWhereTheLastOnesAreLate() {
    int waiting = TestPatternSource.WAITING_FRAMES;
    try (CameraSource source = open(10, true, waiting + 4)) {
      source.deliver(recording);
      ticker.pass(10_000_000_000L);
      for (int i = 1; i < waiting; i++) {
        assertThat(source.deliver(recording)).isTrue();
      }
      assertThat(source.deliver(recording)).isFalse();
      assertThat(source.deliver(recording)).isFalse();
    }
    assertThat(recording.numbers()).hasSize(1 + waiting).endsWith(waiting + 3L);
    assertThat(recording.lost).isEqualTo(3);
  }

  @Test
  void notInRealTimeItWaitsForSlotsAndLosesNothing() {
    List<Frame> held = new ArrayList<>();
    CompletableFuture<Void> released = CompletableFuture.completedFuture(null);
    Recording holding = new Recording(frame -> held.add(frame.share("test")));
    try (CameraSource source = open(25, false, 60)) {
      while (source.deliver(holding)) {
        if (held.size() == FramePool.DEFAULT_SLOTS) {
          List<Frame> batch = List.copyOf(held);
          held.clear();
          released = CompletableFuture.runAsync(() -> batch.forEach(Frame::close));
        }
      }
      released.join();
      held.forEach(Frame::close);
    }
    assertThat(holding.numbers()).isEqualTo(LongStream.range(0, 60).boxed().toList());
    assertThat(holding.lost).isZero();
    assertThat(holding.last().captureNanos())
        .isEqualTo(FakeTicker.START + holding.last().ptsUs() * 1000);
  }

  @Test
  void withoutAFreeSlotItReturnsWithinHalfASecond() {
    List<Frame> held = new ArrayList<>();
    Recording holding = new Recording(frame -> held.add(frame.share("test")));
    try (CameraSource source = open("fps=25&realtime=false")) {
      for (int i = 0; i < FramePool.DEFAULT_SLOTS; i++) {
        source.deliver(holding);
      }
      long called = System.nanoTime();
      assertThat(source.deliver(holding)).isTrue();
      assertThat(System.nanoTime() - called).isBetween(HALF_SECOND / 2, 4 * HALF_SECOND);
      held.forEach(Frame::close);
    }
    assertThat(holding.shots).hasSize(FramePool.DEFAULT_SLOTS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fps=1", "fps=1&realtime=false"})
  void stopWakesAWaitingSource(String query) throws Exception {
    List<Frame> held = new ArrayList<>();
    CountDownLatch waits =
        new CountDownLatch(query.contains("false") ? FramePool.DEFAULT_SLOTS : 1);
    try (CameraSource source = open(query)) {
      Recording holding =
          new Recording(
              frame -> {
                held.add(frame.share("test"));
                waits.countDown();
              });
      Thread thread =
          new Thread(
              () -> {
                while (source.deliver(holding)) {}
              });
      thread.start();
      assertThat(waits.await(20, TimeUnit.SECONDS)).isTrue();
      await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
      source.stop();
      thread.join(5_000);
      assertThat(thread.isAlive()).isFalse();
      held.forEach(Frame::close);
    }
  }

  @Test
  void aWaitThatWasEndedDoesNotBeginAgain() {
    TestPatternTicker system = TestPatternTicker.system();
    system.wake();
    long before = system.nanoTime();
    system.await(Duration.ofSeconds(30).toNanos());
    assertThat(system.nanoTime() - before).isLessThan(Duration.ofSeconds(15).toNanos());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anInterruptEndsItAndIsKept(boolean realtime) {
    try (CameraSource source = open("fps=1&realtime=" + realtime)) {
      source.deliver(recording);
      Thread.currentThread().interrupt();
      assertThat(source.deliver(recording)).isFalse();
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void itTellsWhatItDelivers() {
    try (CameraSource source = Sources.create("test://?size=640x360&fps=12.5&realtime=false")) {
      StreamInfo info = source.open();
      assertThat(info.isEncoded()).isFalse();
      assertThat(info.isLive()).isFalse();
      assertThat(info.width()).isEqualTo(640);
      assertThat(info.height()).isEqualTo(360);
      assertThat(info.fps()).isEqualTo(12.5);
      assertThat(info.overlays()).hasSize(2);
    }
    try (CameraSource source = Sources.create("test://?size=32x32")) {
      assertThat(source.open().isLive()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"32x32", "160x90", "320x240", "1280x720", "1920x1080"})
  void anySizeCanBeFilmed(String size) {
    try (CameraSource source = Sources.create("test://?realtime=false&frames=3&size=" + size)) {
      StreamInfo info = source.open();
      Recording sized =
          new Recording(
              frame -> {
                assertThat(frame.image().width()).isEqualTo(info.width());
                assertThat(frame.image().height()).isEqualTo(info.height());
                assertThat(frame.image().isFullRange()).isFalse();
              });
      while (source.deliver(sized)) {}
      assertThat(sized.numbers()).containsExactly(0L, 1L, 2L);
      assertThat(sized.shots).allSatisfy(s -> assertThat(s.code()).hasValue(s.number()));
    }
  }

  @Test
  void itIsOpenedOnceReadWhileOpenAndClosedAtWill() {
    CameraSource source = Sources.create("test://?size=32x32");
    assertThatThrownBy(() -> source.deliver(recording)).isInstanceOf(IllegalStateException.class);
    source.open();
    assertThatThrownBy(source::open).isInstanceOf(IllegalStateException.class);
    source.close();
    source.close();
    assertThat(source.deliver(recording)).isFalse();
    assertThat(recording.shots).isEmpty();
    Sources.create("test://?size=32x32").close();
  }

  private CameraSource open(double fps, boolean realtime, long frames) {
    TestPattern pattern = new TestPattern(96, 54, fps, 1, 7);
    CameraSource source = new TestPatternSource(pattern, realtime, frames, ticker);
    source.open();
    return source;
  }

  private static CameraSource open(String query) {
    CameraSource source = Sources.create("test://?size=32x32&" + query);
    source.open();
    return source;
  }
}
