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
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
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
          .hasMessageContaining("memory for");
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

  @Test
  void aDecoderThatGetsNoFramesIsFreed() {
    Natives.load();
    AVCodec h264 = avcodec.avcodec_find_decoder(avcodec.AV_CODEC_ID_H264);
    AVCodecContext context = avcodec.avcodec_alloc_context3(h264);
    assertThatThrownBy(
            () ->
                new FrameDecoder(
                    context,
                    () -> {
                      throw new OutOfMemoryError("made up");
                    },
                    () -> false))
        .isInstanceOf(OutOfMemoryError.class);
    assertThat(context.isNull()).as("freed").isTrue();
  }

  /** A picture of 16-bit RGB is converted into memory of its own, of which there is none. */
  @Test
  void aPictureThatCannotBeConvertedIsNotKept() {
    Natives.load();
    AVCodecParameters raw = avcodec.avcodec_parameters_alloc();
    raw.codec_type(avutil.AVMEDIA_TYPE_VIDEO).codec_id(avcodec.AV_CODEC_ID_RAWVIDEO);
    raw.format(avutil.AV_PIX_FMT_RGB565LE).width(64).height(48);
    AVPacket packet = avcodec.av_packet_alloc();
    List<Long> shown = new ArrayList<>();
    try (FrameDecoder decoder = FrameDecoder.open(raw, () -> false)) {
      for (int i = 0; i < 2 * FramePool.DEFAULT_SLOTS; i++) {
        avcodec.av_new_packet(packet, 2 * 64 * 48);
        packet.pts(i);
        assertRefused(4000, () -> decoder.decode(packet, (slot, us) -> slot.discard()));
        avcodec.av_packet_unref(packet);
      }
      avcodec.av_new_packet(packet, 2 * 64 * 48);
      packet.pts(100);
      decoder.decode(
          packet,
          (slot, us) -> {
            shown.add(us);
            slot.discard();
          });
    } finally {
      avcodec.av_packet_free(packet);
      avcodec.avcodec_parameters_free(raw);
    }
    assertThat(shown).containsExactly(100L);
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
