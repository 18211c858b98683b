package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.PointerPointer;

/** Decodes a video file and shows its frames in the order of presentation. */
final class VideoFrames implements AutoCloseable {

  private static final long START_NANOS = 1_000_000_000L;

  private final AVFormatContext input = new AVFormatContext(null);
  private final AVCodecContext codec;
  private final AVStream stream;
  private final AVPacket packet = avcodec.av_packet_alloc();
  private final FramePool pool = FramePool.forDecoder(2);
  private long number;

  VideoFrames(Path file) {
    check(avformat.avformat_open_input(input, file.toString(), null, null), "open");
    check(avformat.avformat_find_stream_info(input, (PointerPointer<?>) null), "streams");
    AVCodec decoder = new AVCodec(null);
    int index = avformat.av_find_best_stream(input, avutil.AVMEDIA_TYPE_VIDEO, -1, -1, decoder, 0);
    check(index, "video stream");
    stream = input.streams(index);
    codec = avcodec.avcodec_alloc_context3(decoder);
    avcodec.avcodec_parameters_to_context(codec, stream.codecpar());
    codec.thread_count(1);
    check(avcodec.avcodec_open2(codec, decoder, (AVDictionary) null), "decoder");
  }

  void forEach(Consumer<Frame> consumer) {
    while (avformat.av_read_frame(input, packet) >= 0) {
      if (packet.stream_index() == stream.index()) {
        avcodec.avcodec_send_packet(codec, packet);
        receive(consumer);
      }
      avcodec.av_packet_unref(packet);
    }
    avcodec.avcodec_send_packet(codec, null);
    receive(consumer);
  }

  @Override
  public void close() {
    avcodec.av_packet_free(packet);
    pool.close();
    avcodec.avcodec_free_context(codec);
    avformat.avformat_close_input(input);
  }

  private void receive(Consumer<Frame> consumer) {
    while (true) {
      FrameSlot slot = pool.poll();
      if (avcodec.avcodec_receive_frame(codec, slot.avFrame()) < 0) {
        slot.discard();
        return;
      }
      long pts = slot.avFrame().best_effort_timestamp();
      long nanos =
          START_NANOS + pts * 1_000_000_000L * stream.time_base().num() / stream.time_base().den();
      try (Frame frame = slot.publish(number++, nanos / 1000, nanos)) {
        consumer.accept(frame);
      }
    }
  }

  private static void check(int code, String what) {
    if (code < 0) {
      throw new IllegalStateException(what + ": " + code);
    }
  }
}
