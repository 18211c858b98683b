package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How often pixels are copied between source and encoder. */
@ExtendWith(FrameLeakExtension.class)
class PixelCopiesTest {

  private static final int FRAMES = 20;

  @Test
  void theEncoderReadsTheSourcesOwnMemoryWhereItTakesTheFormat() throws InterruptedException {
    Counters counters = run(PixelFormat.I420);
    assertThat(counters.get(Counter.FRAMES_CONVERTED)).isZero();
    assertThat(counters.get(Counter.FRAMES_ENCODED)).isEqualTo(FRAMES);
  }

  @ParameterizedTest
  @EnumSource(names = {"YUYV", "I422", "GRAY8"})
  void anyOtherFormatIsCopiedOnceAFrame(PixelFormat format) throws InterruptedException {
    Counters counters = run(format);
    assertThat(counters.get(Counter.FRAMES_CONVERTED)).isEqualTo(FRAMES);
    assertThat(counters.get(Counter.FRAMES_ENCODED)).isEqualTo(FRAMES);
  }

  private static Counters run(PixelFormat format) throws InterruptedException {
    try (CameraPipeline camera =
        CameraPipeline.builder()
            .source(() -> new ScriptedSource(320, 240, false).format(format).frames(FRAMES))
            .start()) {
      camera.awaitStop();
      return camera.counters();
    }
  }
}
