package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.FrameQueue.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One thread publishes, others share, read and close, by all three policies of a queue. */
@Timeout(120)
class FrameStressTest {

  private static final int ROUNDS = 20_000;
  private static final int SLOTS = 7;

  @RegisterExtension final FrameLeakExtension leaks = new FrameLeakExtension();

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicLong mismatches = new AtomicLong();

  @Test
  void manyThreadsEndWithAllSlotsFreeAndEachOnce() throws Exception {
    FramePool pool = leaks.watch(FramePool.allocate(PixelFormat.GRAY8, 32, 32, SLOTS));
    List<FrameQueue> queues =
        List.of(
            new FrameQueue(1, WhenFull.REPLACE_OLDEST),
            new FrameQueue(2, WhenFull.REFUSE_NEWEST),
            new FrameQueue(2, WhenFull.WAIT));
    List<CompletableFuture<Void>> readers = new ArrayList<>();
    for (FrameQueue queue : queues) {
      readers.add(CompletableFuture.runAsync(() -> read(queue), threads));
    }
    CompletableFuture.runAsync(() -> publish(pool, queues), threads).get(100, TimeUnit.SECONDS);
    queues.forEach(FrameQueue::end);
    for (CompletableFuture<Void> reader : readers) {
      reader.get(20, TimeUnit.SECONDS);
    }
    queues.forEach(FrameQueue::close);
    threads.shutdown();
    assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();

    assertThat(mismatches).hasValue(0);
    assertThat(pool.outstanding()).isZero();
    Set<FrameSlot> slots = Collections.newSetFromMap(new IdentityHashMap<>());
    for (FrameSlot slot = pool.poll(); slot != null; slot = pool.poll()) {
      assertThat(slots.add(slot)).isTrue();
    }
    assertThat(slots).hasSize(SLOTS);
    slots.forEach(FrameSlot::discard);
  }

  private void publish(FramePool pool, List<FrameQueue> queues) {
    for (int i = 0; i < ROUNDS; i++) {
      FrameSlot slot = take(pool);
      slot.avFrame().data(0).put(0, (byte) i);
      try (Frame frame = slot.publish(i, i, i)) {
        for (FrameQueue queue : queues) {
          queue.offer(frame.share("queue"));
        }
      }
    }
  }

  private static FrameSlot take(FramePool pool) {
    try {
      FrameSlot slot = pool.take(Duration.ofSeconds(30));
      if (slot == null) {
        throw new IllegalStateException("no slot comes back");
      }
      return slot;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Checks that a frame stays what it is while a handle is open; hands some to another thread. */
  private void read(FrameQueue queue) {
    for (Frame frame = queue.take(); frame != null; frame = queue.take()) {
      check(frame);
      if (frame.number() % 3 == 0) {
        Frame shared = frame.share("other thread");
        threads.execute(
            () -> {
              check(shared);
              shared.close();
            });
      }
      frame.close();
      frame.close();
    }
  }

  private void check(Frame frame) {
    if (frame.image().plane(0).get(0) != (byte) frame.number()) {
      mismatches.incrementAndGet();
    }
  }
}
