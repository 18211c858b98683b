package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FramePoolTest {

  private static final Duration SHORT = Duration.ofMillis(30);
  private static final Duration LONG = Duration.ofSeconds(40);

  @Test
  void slotsGoOutUntilNoneIsLeft() {
    try (FramePool pool = pool(2, LONG)) {
      FrameSlot one = pool.poll();
      FrameSlot two = pool.poll();
      assertThat(one).isNotNull().isNotSameAs(two);
      assertThat(pool.poll()).isNull();
      assertThat(pool.outstanding()).isEqualTo(2);
      one.discard();
      assertThat(pool.poll()).isSameAs(one);
      one.discard();
      two.discard();
      assertThat(pool.outstanding()).isZero();
    }
  }

  /** As a decoder's that does not know it: nobody has a handle whose close would give it back. */
  @Test
  void aSlotThatCannotBePublishedIsGivenBack() {
    try (FramePool pool = pool(1, LONG)) {
      FrameSlot slot = pool.poll();
      slot.avFrame().format(avutil.AV_PIX_FMT_PAL8);
      assertThatThrownBy(() -> slot.publish(0, 0, 0)).hasMessageContaining("pixel format");
      assertThat(pool.outstanding()).isZero();
    }
  }

  @Test
  void takeWaitsForASlot() throws Exception {
    try (FramePool pool = pool(1, LONG)) {
      Frame held = pool.poll().publish(0, 0, 0);
      CompletableFuture<FrameSlot> taken = take(pool, LONG);
      assertThat(taken).isNotDone();
      held.close();
      taken.get(20, TimeUnit.SECONDS).discard();
    }
  }

  @Test
  void takeGivesUpAfterItsTime() throws Exception {
    try (FramePool pool = pool(1, LONG)) {
      FrameSlot slot = pool.poll();
      assertThat(pool.take(SHORT)).isNull();
      slot.discard();
      assertThat(pool.take(Duration.ZERO)).isSameAs(slot);
      slot.discard();
    }
  }

  @Test
  void takeEndsWhenThePoolIsClosed() throws Exception {
    FramePool pool = pool(1, LONG);
    Frame held = pool.poll().publish(0, 0, 0);
    CompletableFuture<FrameSlot> taken = take(pool, LONG);
    CompletableFuture<Void> closed = CompletableFuture.runAsync(pool::close);
    assertThat(taken.get(20, TimeUnit.SECONDS)).isNull();
    held.close();
    closed.get(20, TimeUnit.SECONDS);
  }

  @Test
  void closeWaitsForOpenHandlesAndFreesTheMemory() throws Exception {
    FramePool pool = pool(1, LONG);
    FrameSlot slot = pool.poll();
    Frame held = slot.publish(0, 0, 0);
    AtomicReference<Thread> closer = new AtomicReference<>();
    CompletableFuture<Void> closed =
        CompletableFuture.runAsync(
            () -> {
              closer.set(Thread.currentThread());
              pool.close();
            });
    await().until(() -> closer.get() != null && isWaiting(closer.get()));
    assertThat(slot.avFrame().isNull()).isFalse();
    held.close();
    closed.get(20, TimeUnit.SECONDS);
    assertThat(slot.avFrame().isNull()).isTrue();
    assertThat(pool.outstanding()).isZero();
  }

  @Test
  void memoryOutlivesAPoolThatGaveUpWaitingAndIsFreedByTheLateClose() {
    FramePool pool = pool(2, SHORT);
    FrameSlot free = pool.poll();
    FrameSlot slot = pool.poll();
    free.discard();
    slot.avFrame().data(0).put(0, (byte) 77);
    Frame first = slot.publish(0, 0, 0);
    Frame held = first.share("slow reader");
    first.close();
    pool.close();
    assertThat(free.avFrame().isNull()).isTrue();
    assertThat(slot.avFrame().isNull()).isFalse();
    assertThat(held.image().plane(0).get(0)).isEqualTo((byte) 77);
    assertThat(pool.outstanding()).isEqualTo(1);
    try (Frame shared = held.share("another")) {
      held.close();
      assertThat(slot.avFrame().isNull()).isFalse();
      assertThat(shared.image().plane(0).get(0)).isEqualTo((byte) 77);
    }
    assertThat(slot.avFrame().isNull()).isTrue();
    assertThat(pool.outstanding()).isZero();
  }

  @Test
  void aClosedPoolGivesNothingAndClosesAgain() throws Exception {
    FramePool pool = pool(1, LONG);
    pool.close();
    pool.close();
    assertThat(pool.poll()).isNull();
    assertThat(pool.take(LONG)).isNull();
  }

  @Test
  void anInterruptEndsTheWaitOfCloseAndIsKept() {
    FramePool pool = pool(1, LONG);
    Frame held = pool.poll().publish(0, 0, 0);
    Thread.currentThread().interrupt();
    pool.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(held.image().width()).isEqualTo(64);
    held.close();
  }

  @Test
  void aDecodersPictureGoesBackToItWithTheLastClose() {
    try (FramePool pool = FramePool.forDecoder(1)) {
      FrameSlot slot = pool.poll();
      slot.avFrame().format(PixelFormat.GRAY8.avFormat()).width(64).height(48);
      assertThat(avutil.av_frame_get_buffer(slot.avFrame(), 0)).isZero();
      Frame frame = slot.publish(0, 0, 0);
      assertThat(frame.image().format()).isEqualTo(PixelFormat.GRAY8);
      frame.close();
      assertThat(slot.avFrame().isNull()).isFalse();
      assertThat(slot.avFrame().data(0)).isNull();
    }
  }

  @Test
  void aPoolHasASlotAtLeast() {
    assertThatIllegalArgumentException().isThrownBy(() -> pool(0, LONG)).withMessageContaining("0");
  }

  @Test
  void aFormatThatIsNotTakenIsNamed() {
    try (FramePool pool = FramePool.forDecoder(1)) {
      FrameSlot slot = pool.poll();
      slot.avFrame().format(avutil.AV_PIX_FMT_PAL8).width(64).height(48);
      assertThatThrownBy(() -> slot.publish(0, 0, 0))
          .isInstanceOf(CameraException.class)
          .hasMessageContaining(String.valueOf(avutil.AV_PIX_FMT_PAL8));
      slot.discard();
    }
  }

  private static FramePool pool(int slots, Duration closeTimeout) {
    return FramePool.allocate(PixelFormat.I420, 64, 48, slots, closeTimeout);
  }

  private static CompletableFuture<FrameSlot> take(FramePool pool, Duration timeout) {
    AtomicReference<Thread> taker = new AtomicReference<>();
    CompletableFuture<FrameSlot> taken =
        CompletableFuture.supplyAsync(
            () -> {
              taker.set(Thread.currentThread());
              try {
                return pool.take(timeout);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    await().until(() -> taker.get() != null && isWaiting(taker.get()));
    return taken;
  }

  private static boolean isWaiting(Thread thread) {
    return thread.getState() == Thread.State.TIMED_WAITING;
  }

  /**
   * A decoder's next picture may lie where the last one lay and be smaller: what was behind is
   * gone.
   */
  @Test
  void aViewEndsWhereItsOwnPictureDoes() {
    AVFrame memory = avutil.av_frame_alloc();
    memory.format(PixelFormat.GRAY8.avFormat()).width(32).height(32);
    assertThat(avutil.av_frame_get_buffer(memory, 0)).isZero();
    try (FramePool pool = FramePool.over(List.of(memory), lender())) {
      try (Frame large = pool.take(0).publish(0, 0, 0)) {
        assertThat(large.image().plane(0).remaining()).isGreaterThanOrEqualTo(31 * 32 + 32);
      }
      memory.height(8).width(16);
      try (Frame small = pool.take(0).publish(1, 0, 0)) {
        assertThat(small.image().plane(0).remaining()).isEqualTo(7 * small.image().stride(0) + 16);
      }
      memory.height(32).width(32);
      try (Frame large = pool.take(0).publish(2, 0, 0)) {
        assertThat(large.image().plane(0).remaining()).isEqualTo(31 * large.image().stride(0) + 32);
      }
    }
  }

  @Test
  void aSlotThatIsHeldCannotBeDiscarded() {
    try (FramePool pool = pool(1, LONG)) {
      FrameSlot slot = pool.poll();
      try (Frame frame = slot.publish(0, 0, 0)) {
        assertThatIllegalStateException().isThrownBy(slot::discard).withMessageContaining("source");
        assertThat(pool.poll()).isNull();
        assertThat(frame.number()).isZero();
      }
    }
  }

  private static FramePool.Lender lender() {
    return new FramePool.Lender() {
      @Override
      public void requeue(int slot) {}

      @Override
      public void release(int slot) {}
    };
  }
}
