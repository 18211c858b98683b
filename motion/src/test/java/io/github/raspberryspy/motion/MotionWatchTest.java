package io.github.raspberryspy.motion;

import static org.awaitility.Awaitility.await;

import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MotionWatchTest {

  /** As where a machine has no thread left for the detection that is to start anew. */
  @Test
  void aDetectorThatCouldNotBeLookedAfterOnceIsLookedAfterAgain() {
    AtomicInteger times = new AtomicInteger();
    Future<?> watch =
        MotionWatch.everySecond(
            () -> {
              times.incrementAndGet();
              throw new OutOfMemoryError("made up: no thread");
            });
    await().until(() -> times.get() >= 2);
    watch.cancel(false);
  }
}
