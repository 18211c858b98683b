package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A run ends while its source still takes, fills and publishes slots and a reader looks at what it
 * has shown: each slot's memory goes once, after its last handle, and nothing is taken afterwards.
 */
@Timeout(300)
class RunEndRaceTest {

  private static final Logger POOL_LOG = Logger.getLogger(FramePool.class.getName());
  private static final int RUNS = Integer.getInteger("raspberryspy.race.runs", 3_000);
  private static final int SLOTS = 3;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @BeforeEach
  void hush() {
    POOL_LOG.setLevel(Level.OFF); // that frames are still held is the point
  }

  @AfterEach
  void speak() {
    POOL_LOG.setLevel(null);
    threads.shutdown();
  }

  /** One run: a pool of a few slots whose memory belongs to this object. */
  private static final class Run implements FramePool.Lender {
    private final AtomicIntegerArray released = new AtomicIntegerArray(SLOTS);
    private final AtomicIntegerArray handles = new AtomicIntegerArray(SLOTS);
    private final FrameQueue shown = new FrameQueue(2, FrameQueue.WhenFull.REPLACE_OLDEST);
    private final CountDownLatch begun = new CountDownLatch(1);
    private final List<AVFrame> memory = new ArrayList<>();
    private final FramePool pool;

    Run(Duration patience) {
      for (int i = 0; i < SLOTS; i++) {
        AVFrame frame = avutil.av_frame_alloc();
        frame.format(PixelFormat.GRAY8.avFormat()).width(16).height(16);
        assertThat(avutil.av_frame_get_buffer(frame, 0)).isZero();
        memory.add(frame);
      }
      pool = FramePool.over(memory, List.of(), this, patience);
    }

    @Override
    public void requeue(int slot) {}

    @Override
    public void release(int slot) {
      if (handles.get(slot) > 0) {
        throw new AssertionError("the memory of slot " + slot + " went under a reader");
      }
      released.incrementAndGet(slot);
    }

    /** As a source does, until the pool is closed. */
    Void publish() throws InterruptedException {
      long number = 0;
      for (FrameSlot slot = take(); slot != null; slot = take()) {
        slot.avFrame().data(0).put(0, (byte) number);
        handles.incrementAndGet(slot.index());
        try (Frame frame = slot.publish(number, number, slot.index())) {
          shown.offer(frame.share("reader"));
          handles.decrementAndGet(slot.index());
        }
        begun.countDown();
        number++;
      }
      shown.end();
      return null;
    }

    private FrameSlot take() throws InterruptedException {
      return pool.take(Duration.ofSeconds(20));
    }

    Void read() {
      for (Frame frame = shown.take(); frame != null; frame = shown.take()) {
        int slot = (int) frame.captureNanos();
        handles.incrementAndGet(slot);
        if (frame.image().plane(0).get(0) != (byte) frame.number()) {
          throw new AssertionError("another frame's pixels");
        }
        handles.decrementAndGet(slot);
        frame.close();
      }
      return null;
    }

    void check() {
      assertThat(pool.outstanding()).isZero();
      assertThat(pool.poll()).isNull();
      assertThat(memory).allMatch(frame -> frame.isNull());
      for (int i = 0; i < SLOTS; i++) {
        assertThat(released.get(i)).isEqualTo(1);
      }
    }
  }

  @Test
  void whereverTheEndFallsEachSlotGoesOnceAndAfterItsLastHandle() throws Exception {
    for (int i = 0; i < RUNS; i++) {
      Run run = new Run(i % 3 == 0 ? Duration.ofSeconds(20) : Duration.ZERO);
      Future<Void> source = threads.submit(run::publish);
      Future<Void> reader = threads.submit(run::read);
      run.begun.await();
      for (int spin = i % 1024; spin > 0; spin--) {
        Thread.onSpinWait(); // the end comes sooner in some runs, later in others
      }
      run.pool.close();
      source.get(30, TimeUnit.SECONDS);
      reader.get(30, TimeUnit.SECONDS);
      run.check();
    }
  }
}
