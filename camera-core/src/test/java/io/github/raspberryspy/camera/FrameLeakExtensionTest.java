package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FrameLeakExtensionTest {

  private final FrameLeakExtension leaks = new FrameLeakExtension();
  private final FramePool pool =
      FramePool.allocate(PixelFormat.I420, 32, 32, 2, Duration.ofMillis(10));

  @BeforeEach
  void begin() {
    leaks.beforeEach(null);
  }

  @Test
  void aWatchedPoolWithAnOpenFrameFails() {
    leaks.watch(pool);
    Frame open = pool.poll().publish(0, 0, 0);
    assertThatThrownBy(() -> leaks.afterEach(null))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("1 frames");
    open.close();
    pool.close();
  }

  @Test
  void aPoolThatNobodyWatchesTellsOfItsLeakWhenItIsClosed() {
    Frame open = pool.poll().publish(0, 0, 0);
    Frame leaked = open.share("forgetful reader");
    open.close();
    pool.close();
    assertThatThrownBy(() -> leaks.afterEach(null))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("forgetful reader");
    leaked.close();
  }

  @Test
  void aTidyTestPasses() {
    leaks.watch(pool);
    pool.poll().publish(0, 0, 0).close();
    leaks.afterEach(null);
    assertThat(pool.poll()).as("closed by the extension").isNull();
  }
}
