package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A run ends while two others share, read and close its frame: whatever comes first, the memory
 * goes back once, after the last handle and never before.
 */
@Timeout(120)
class FrameCloseRaceTest {

  private static final Logger POOL_LOG = Logger.getLogger(FramePool.class.getName());
  private static final int ROUNDS = 25_000;
  private static final int SHARES = 20;

  private final CyclicBarrier barrier = new CyclicBarrier(3);
  private final AtomicLong interleavings = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile Round round;

  @BeforeEach
  void hush() {
    POOL_LOG.setLevel(Level.OFF); // that frames are still held is the point
  }

  @AfterEach
  void speak() {
    POOL_LOG.setLevel(null);
  }

  /** A pool of one slot, whose memory belongs to this object. */
  private static final class Round implements FramePool.Lender {
    private final AtomicInteger requeued = new AtomicInteger();
    private final AtomicInteger released = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger(2);
    private final AVFrame memory;
    private final FramePool pool;
    private final Frame first;
    private final Frame second;

    Round() {
      memory = avutil.av_frame_alloc();
      memory.format(PixelFormat.GRAY8.avFormat()).width(16).height(16);
      assertThat(avutil.av_frame_get_buffer(memory, 0)).isZero();
      pool = FramePool.over(List.of(memory), List.of(), this, Duration.ZERO);
      first = pool.take(0).publish(1, 2, 3);
      second = first.share("second");
    }

    @Override
    public void requeue(int slot) {
      requeued.incrementAndGet();
    }

    @Override
    public void release(int slot) {
      if (held.get() > 0) {
        throw new AssertionError("the memory went while " + held + " held it");
      }
      released.incrementAndGet();
    }

    void use(Frame own, AtomicLong count) {
      for (int i = 0; i < SHARES; i++) {
        try (Frame shared = own.share("reader")) {
          if (shared.image().width() != 16 || shared.ptsUs() != 2) {
            throw new AssertionError("another frame's memory");
          }
        }
        count.incrementAndGet();
      }
      held.decrementAndGet();
      own.close();
      own.close();
    }

    void check() {
      assertThat(pool.outstanding()).isZero();
      assertThat(memory.isNull()).isTrue();
      assertThat(released).hasValue(1);
      assertThat(requeued.get()).isLessThanOrEqualTo(1);
      assertThat(pool.take(0)).isNull();
      assertThatIllegalStateException().isThrownBy(() -> first.share("late"));
      assertThatIllegalStateException().isThrownBy(second::image);
    }
  }

  @Test
  void aMillionSharesAndClosesBesideTheEndOfTheRunGiveTheMemoryBackOnceEach() throws Exception {
    Thread one = new Thread(() -> repeat(() -> round.use(round.first, interleavings)), "one");
    Thread two = new Thread(() -> repeat(() -> round.use(round.second, interleavings)), "two");
    one.start();
    two.start();
    for (int i = 0; i < ROUNDS; i++) {
      Round current = new Round();
      round = current;
      barrier.await();
      for (int spin = i % 64; spin > 0; spin--) {
        Thread.onSpinWait(); // the end comes sooner in some rounds, later in others
      }
      current.pool.close();
      barrier.await();
      assertThat(failure.get()).isNull();
      current.check();
    }
    one.join();
    two.join();
    assertThat(interleavings).hasValue(2L * ROUNDS * SHARES);
  }

  private void repeat(Runnable work) {
    try {
      for (int i = 0; i < ROUNDS; i++) {
        barrier.await();
        try {
          work.run();
        } catch (Throwable e) {
          failure.set(e);
        }
        barrier.await();
      }
    } catch (InterruptedException | BrokenBarrierException e) {
      failure.set(e);
    }
  }
}
