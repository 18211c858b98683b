package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CameraLocksTest {

  private final CameraLocks locks = new CameraLocks(Duration.ofMillis(50));
  private final ExecutorService other = Executors.newSingleThreadExecutor();

  @AfterEach
  void stop() {
    other.shutdownNow();
  }

  @Test
  void whoHangsKeepsNobodyWaitingForEver() throws Exception {
    ReentrantLock kept = other.submit(() -> locks.take("front")).get();
    assertThat(kept.isLocked()).isTrue();

    assertThatThrownBy(() -> locks.take("front"))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.BUSY))
        .hasMessageContaining("camera front");
    locks.take("back").unlock();

    other.submit(kept::unlock).get();
    locks.take("front").unlock();
  }

  @Test
  void anInterruptEndsTheWaitAndIsNotForgotten() throws Exception {
    ReentrantLock kept = other.submit(() -> locks.take("front")).get();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> locks.take("front")).isInstanceOf(StoreException.class);
    assertThat(Thread.interrupted()).isTrue();
    other.submit(kept::unlock).get();
  }
}
