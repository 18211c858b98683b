package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.PixelFormat;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;

/** A camera that gives a smaller picture of each capture. */
class LoresTest {

  private static final int FPS = 15;
  private static final int BEGIN = 5 * FPS;
  private static final int END = 8 * FPS;

  private final List<Integer> requeued = new ArrayList<>();
  private final List<Integer> released = new ArrayList<>();

  @Test
  void motionIsSeenInTheSmallerPictureAndTheLargeOneIsLeftAlone() {
    AVFrame large = frame(PixelFormat.I420, 640, 480);
    AVFrame small = frame(PixelFormat.I420, 160, 120);
    List<MotionEvent> events = new ArrayList<>();
    try (FramePool pool = FramePool.over(List.of(large), List.of(small), lender());
        MotionAnalyzer analyzer = new MotionAnalyzer(MotionConfig.defaults())) {
      draw(large, -1);
      for (int n = 0; n < 12 * FPS; n++) {
        draw(small, n);
        long nanos = 1_000_000_000L * (n + FPS) / FPS;
        try (Frame frame = pool.take(0).publish(n, nanos / 1000, nanos)) {
          assertThat(frame.image().width()).isEqualTo(640);
          assertThat(frame.lores().orElseThrow().width()).isEqualTo(160);
          analyzer.analyze(frame).ended().ifPresent(events::add);
        }
      }
      analyzer.finish().ifPresent(events::add);
    }
    assertThat(events).hasSize(1);
    assertThat(requeued).hasSize(12 * FPS);
    assertThat(released).containsExactly(0);
  }

  private FramePool.Lender lender() {
    return new FramePool.Lender() {
      @Override
      public void requeue(int slot) {
        requeued.add(slot);
      }

      @Override
      public void release(int slot) {
        released.add(slot);
      }
    };
  }

  private static AVFrame frame(PixelFormat format, int width, int height) {
    AVFrame frame = avutil.av_frame_alloc();
    frame.format(format.avFormat()).width(width).height(height);
    assertThat(avutil.av_frame_get_buffer(frame, 0)).isZero();
    return frame;
  }

  /** A wall, and for three seconds a square that crosses it. */
  private static void draw(AVFrame frame, int number) {
    byte[] row = new byte[frame.width()];
    int left = number < BEGIN || number > END ? -100 : 16 + (number - BEGIN) * 2;
    for (int y = 0; y < frame.height(); y++) {
      for (int x = 0; x < row.length; x++) {
        boolean isSquare = x >= left && x < left + 24 && y >= 48 && y < 72;
        row[x] = (byte) (isSquare ? 200 : 90 + 30 * Math.sin(x / 9.0) + 20 * Math.sin(y / 11.0));
      }
      frame.data(0).position((long) y * frame.linesize(0)).put(row, 0, row.length);
    }
  }
}
