package io.github.raspberryspy.camera;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.FrameQueue.WhenFull;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class FrameQueueTest {

  @RegisterExtension final FrameLeakExtension leaks = new FrameLeakExtension();

  private final FramePool pool = FramePool.allocate(PixelFormat.I420, 32, 32, 4);

  @BeforeEach
  void watch() {
    leaks.watch(pool);
  }

  @ParameterizedTest
  @EnumSource(WhenFull.class)
  void framesComeOutAsTheyWentIn(WhenFull policy) {
    try (FrameQueue queue = new FrameQueue(3, policy)) {
      for (int i = 0; i < 3; i++) {
        assertThat(queue.offer(frame(i))).isTrue();
      }
      for (int i = 0; i < 3; i++) {
        try (Frame frame = queue.take()) {
          assertThat(frame.number()).isEqualTo(i);
        }
      }
    }
  }

  @Test
  void refusingClosesTheNewcomer() {
    try (FrameQueue queue = new FrameQueue(2, WhenFull.REFUSE_NEWEST)) {
      queue.offer(frame(0));
      queue.offer(frame(1));
      Frame newcomer = frame(2);
      assertThat(queue.offer(newcomer)).isFalse();
      assertClosed(newcomer);
      assertThat(takeNumber(queue)).isZero();
      assertThat(queue.offer(frame(3))).isTrue();
      assertThat(takeNumber(queue)).isEqualTo(1);
      assertThat(takeNumber(queue)).isEqualTo(3);
    }
  }

  @Test
  void replacingClosesTheOldest() {
    try (FrameQueue queue = new FrameQueue(2, WhenFull.REPLACE_OLDEST)) {
      Frame oldest = frame(0);
      queue.offer(oldest);
      queue.offer(frame(1));
      assertThat(queue.offer(frame(2))).isFalse();
      assertClosed(oldest);
      assertThat(takeNumber(queue)).isEqualTo(1);
      assertThat(takeNumber(queue)).isEqualTo(2);
    }
  }

  @Test
  void waitingLastsUntilThereIsRoom() throws Exception {
    try (FrameQueue queue = new FrameQueue(1, WhenFull.WAIT)) {
      queue.offer(frame(0));
      CompletableFuture<Boolean> offered = waiting(() -> queue.offer(frame(1)));
      assertThat(takeNumber(queue)).isZero();
      assertThat(offered.get(20, TimeUnit.SECONDS)).isTrue();
      assertThat(takeNumber(queue)).isEqualTo(1);
    }
  }

  @Test
  void endReleasesAWaiterWhoseFrameIsClosed() throws Exception {
    try (FrameQueue queue = new FrameQueue(1, WhenFull.WAIT)) {
      queue.offer(frame(0));
      Frame waiter = frame(1);
      CompletableFuture<Boolean> offered = waiting(() -> queue.offer(waiter));
      queue.end();
      assertThat(offered.get(20, TimeUnit.SECONDS)).isFalse();
      assertClosed(waiter);
      assertThat(takeNumber(queue)).isZero();
      assertThat(queue.take()).isNull();
    }
  }

  @Test
  void endReleasesOneWhoWaitsForAFrame() throws Exception {
    FrameQueue queue = new FrameQueue(1, WhenFull.REFUSE_NEWEST);
    CompletableFuture<Frame> taken = waiting(queue::take);
    queue.end();
    assertThat(taken.get(20, TimeUnit.SECONDS)).isNull();
  }

  @Test
  void aFrameWakesOneWhoWaitsForIt() throws Exception {
    try (FrameQueue queue = new FrameQueue(1, WhenFull.REPLACE_OLDEST)) {
      CompletableFuture<Frame> taken = waiting(queue::take);
      queue.offer(frame(5));
      try (Frame frame = taken.get(20, TimeUnit.SECONDS)) {
        assertThat(frame.number()).isEqualTo(5);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(WhenFull.class)
  void afterTheEndAFrameIsClosedAndTheRestCanBeTaken(WhenFull policy) {
    try (FrameQueue queue = new FrameQueue(2, policy)) {
      queue.offer(frame(0));
      queue.end();
      Frame late = frame(1);
      assertThat(queue.offer(late)).isFalse();
      assertClosed(late);
      assertThat(takeNumber(queue)).isZero();
      assertThat(queue.take()).isNull();
    }
  }

  @Test
  void closeClosesWhatIsLeft() {
    FrameQueue queue = new FrameQueue(3, WhenFull.REFUSE_NEWEST);
    Frame one = frame(0);
    Frame two = frame(1);
    queue.offer(one);
    queue.offer(two);
    queue.close();
    queue.close();
    assertClosed(one);
    assertClosed(two);
    assertThat(queue.take()).isNull();
  }

  @Test
  void anInterruptEndsTheQueueAndLosesNoFrame() {
    try (FrameQueue queue = new FrameQueue(1, WhenFull.WAIT)) {
      queue.offer(frame(0));
      Frame waiter = frame(1);
      Thread.currentThread().interrupt();
      assertThat(queue.offer(waiter)).isFalse();
      assertThat(Thread.interrupted()).isTrue();
      assertClosed(waiter);
      assertThat(takeNumber(queue)).isZero();
    }
  }

  @Test
  void aQueueHasRoomForOneAtLeast() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FrameQueue(0, WhenFull.WAIT))
        .withMessageContaining("0");
  }

  private Frame frame(long number) {
    return pool.poll().publish(number, 0, 0);
  }

  private static long takeNumber(FrameQueue queue) {
    try (Frame frame = queue.take()) {
      return frame.number();
    }
  }

  private static void assertClosed(Frame frame) {
    assertThatIllegalStateException().isThrownBy(frame::number);
  }

  /** What comes of a call that waits: returns once it does. */
  private static <T> CompletableFuture<T> waiting(Supplier<T> call) {
    AtomicReference<Thread> caller = new AtomicReference<>();
    CompletableFuture<T> result =
        CompletableFuture.supplyAsync(
            () -> {
              caller.set(Thread.currentThread());
              return call.get();
            });
    await().until(() -> caller.get() != null && caller.get().getState() == Thread.State.WAITING);
    return result;
  }

  /** A source that is given memory back may do what it wants, and take what locks it wants. */
  @Test
  void framesThatAreLeftAreClosedWithoutALock() {
    AVFrame memory = avutil.av_frame_alloc();
    memory.format(PixelFormat.GRAY8.avFormat()).width(16).height(16);
    assertThat(avutil.av_frame_get_buffer(memory, 0)).isZero();
    FrameQueue queue = new FrameQueue(2, WhenFull.REFUSE_NEWEST);
    AtomicReference<Frame> seen = new AtomicReference<>();
    try (FramePool own =
        FramePool.over(
            List.of(memory),
            new FramePool.Lender() {
              @Override
              public void requeue(int slot) {
                seen.set(CompletableFuture.supplyAsync(queue::take).orTimeout(5, SECONDS).join());
              }

              @Override
              public void release(int slot) {}
            })) {
      queue.offer(own.take(0).publish(0, 0, 0));
      queue.close();
    }
    assertThat(seen).hasValue(null);
  }
}
