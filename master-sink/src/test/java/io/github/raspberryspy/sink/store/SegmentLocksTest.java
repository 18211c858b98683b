package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.SegmentId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SegmentLocksTest {

  private final SegmentLocks locks = new SegmentLocks(Duration.ofMillis(50));
  private final ExecutorService other = Executors.newSingleThreadExecutor();

  @AfterEach
  void stop() {
    other.shutdownNow();
  }

  private static final SegmentId FRONT = new SegmentId("front", "0a1b2c3d", 17, 4);
  private static final SegmentId NEXT = new SegmentId("front", "0a1b2c3d", 17, 5);
  private static final SegmentId REIMAGED = new SegmentId("front", "ffffffff", 17, 4);
  private static final SegmentId BACK = new SegmentId("back", "0a1b2c3d", 17, 4);

  @Test
  void whoHangsKeepsNobodyElseAndNobodyForEver() throws Exception {
    SegmentLocks.Held kept = other.submit(() -> locks.take(FRONT)).get();

    for (SegmentId same : List.of(FRONT, REIMAGED)) { // whose files would be called the same
      assertThatThrownBy(() -> locks.take(same))
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.BUSY))
          .hasMessageContaining("segment " + same);
    }
    locks.take(NEXT).release();
    locks.take(BACK).release();

    other.submit(kept::release).get();
    locks.take(FRONT).release();
    assertThat(locks.count()).as("nothing is kept of those that nobody wants").isZero();
  }

  @Test
  void whoWaitsHasItWhenItIsFree() throws Exception {
    SegmentLocks patient = new SegmentLocks(Duration.ofSeconds(20));
    SegmentLocks.Held kept = patient.take(FRONT);
    Future<SegmentLocks.Held> next = other.submit(() -> patient.take(FRONT));
    assertThat(next.isDone()).isFalse();
    kept.release();
    SegmentLocks.Held second = next.get();
    assertThat(patient.count()).isOne();
    other.submit(second::release).get();
    assertThat(patient.count()).isZero();
  }

  @Test
  void anInterruptEndsTheWaitAndIsNotForgotten() throws Exception {
    SegmentLocks.Held kept = other.submit(() -> locks.take(FRONT)).get();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> locks.take(FRONT)).isInstanceOf(StoreException.class);
    assertThat(Thread.interrupted()).isTrue();
    other.submit(kept::release).get();
    assertThat(locks.count()).isZero();
  }
}
