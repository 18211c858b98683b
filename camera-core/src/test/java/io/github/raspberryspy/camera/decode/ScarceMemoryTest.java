package io.github.raspberryspy.camera.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameLeakExtension;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.internal.Natives;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** FFmpeg is refused memory: one sentence says so, and nothing is kept. */
class ScarceMemoryTest {

  private static final int ANY = Integer.MAX_VALUE;

  @RegisterExtension final FrameLeakExtension leaks = new FrameLeakExtension();

  private static void assertRefused(long mostBytes, ThrowingCallable call) {
    Natives.load();
    avutil.av_max_alloc(mostBytes);
    try {
      assertThatThrownBy(call)
          .isInstanceOf(CameraException.class)
          .hasMessageContaining("no memory for");
    } finally {
      avutil.av_max_alloc(ANY);
    }
  }

  @Test
  void aPoolWithoutFramesIsNone() {
    assertRefused(40, () -> FramePool.forDecoder(2));
    assertRefused(40, () -> FramePool.allocate(PixelFormat.I420, 64, 48, 2));
    assertRefused(3000, () -> FramePool.allocate(PixelFormat.I420, 640, 480, 2));
  }

  @Test
  void aDecoderThatCannotBeMadeIsNone() {
    assertRefused(40, () -> FrameDecoder.openH264(() -> false));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aViewerWhoseClockFailsKeepsNoPicture(boolean isError) {
    List<Packet> film = VideoMaker.with("libx264").frames(10, 40).gop(10).packets();
    List<Long> shown = new ArrayList<>();
    boolean[] fails = {true};
    try (GatedDecoder decoder =
        new GatedDecoder(
            new Shown(shown),
            () -> false,
            () -> {
              if (fails[0] && isError) {
                throw new LinkageError("made up");
              } else if (fails[0]) {
                throw new IllegalStateException("made up");
              }
              return 0;
            })) {
      film.subList(0, 20).forEach(packet -> assertThatThrownBy(() -> decoder.take(packet)));
      fails[0] = false;
      film.subList(20, 40).forEach(decoder::take);
      decoder.finish();
    }
    assertThat(shown).hasSize(20);
  }

  @Test
  void aPainterThatFailsKeepsNoPicture() {
    FramePool pool = leaks.watch(FramePool.allocate(PixelFormat.YUYV, 64, 48, 1));
    try (PixelConverter converter = new PixelConverter()) {
      for (int i = 0; i < 5; i++) {
        Frame from = pool.poll().publish(i, i, i);
        assertThatThrownBy(() -> converter.toI420(from, ScarceMemoryTest::fail))
            .isInstanceOf(LinkageError.class);
      }
    }
  }

  private static void fail(AVFrame picture) {
    throw new LinkageError("made up, for " + picture.width());
  }

  private record Shown(List<Long> times) implements GatedDecoder.Viewer {
    @Override
    public boolean wantsEveryFrame() {
      return true;
    }

    @Override
    public void show(Frame frame) {
      times.add(frame.ptsUs());
    }

    @Override
    public void glance(Frame frame) {
      throw new AssertionError("every frame is wanted");
    }

    @Override
    public void quiet(long untilNanos) {
      throw new AssertionError("every frame is wanted");
    }

    @Override
    public boolean goesOn() {
      return true;
    }

    @Override
    public void counted(long decoded, long leftOut, long lost) {
      assertThat(lost).isZero();
    }
  }
}
