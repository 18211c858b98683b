package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.encode.EncoderConfig;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
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

  /** Not by our own count, but by where the pixels lie that the codec is given. */
  @ParameterizedTest
  @EnumSource(names = {"I420", "NV12"})
  void theEncoderIsGivenTheAddressesThatTheSourceFilled(PixelFormat format)
      throws InterruptedException {
    Map<Long, List<Long>> filled = new ConcurrentHashMap<>();
    Map<Long, List<Long>> encoded = new ConcurrentHashMap<>();
    Seams.Encoding noting =
        (encoder, frame, into) -> {
          encoded.put(frame.number(), addresses(frame));
          encoder.encode(frame, into);
        };
    try (CameraPipeline camera =
        CameraPipeline.builder()
            .source(() -> new ScriptedSource(320, 240, false).format(format).frames(FRAMES))
            .encoder(EncoderConfig.h264().choice(EncoderConfig.Choice.X264))
            .seams(new Seams(System::nanoTime, noting))
            .sink(frame -> filled.put(frame.number(), addresses(frame)))
            .start()) {
      camera.awaitStop();
    }
    assertThat(encoded).hasSize(FRAMES).isEqualTo(filled);
  }

  private static List<Long> addresses(Frame frame) {
    return IntStream.range(0, frame.image().format().planes())
        .mapToObj(frame.image()::address)
        .toList();
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
