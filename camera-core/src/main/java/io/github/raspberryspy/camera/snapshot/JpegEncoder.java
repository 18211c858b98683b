package io.github.raspberryspy.camera.snapshot;

import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.decode.PixelConverter;
import io.github.raspberryspy.camera.internal.Av;
import io.github.raspberryspy.camera.internal.Natives;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/**
 * Makes a JPEG file of a picture: full range, colours of BT.601, as every viewer expects. A picture
 * that is so already goes into the encoder without a copy, unless it is to be painted on.
 *
 * <p>Source: JFIF 1.02 (ITU-T T.871); FFmpeg {@code libavcodec/mjpegenc.c}.
 */
final class JpegEncoder {

  /** FFmpeg's scale from 1 (best) to 31. */
  private static final int QUALITY = 3;

  /** A small picture is looked at for a moment: half the bytes matter more. */
  private static final int SMALL_QUALITY = 7;

  private JpegEncoder() {}

  /**
   * Encodes a picture.
   *
   * @param picture read only; held by the caller meanwhile
   * @param paint paints into a copy; {@code null} where nothing is to be painted
   */
  static byte[] encode(AVFrame picture, Consumer<AVFrame> paint) {
    Natives.load();
    if (paint == null && isJpegAlready(picture)) {
      return encodeAsItIs(picture, QUALITY);
    }
    AVFrame own = picture(picture.width(), picture.height());
    try (PixelConverter converter = new PixelConverter()) {
      converter.convert(picture, own);
      if (paint != null) {
        paint.accept(own);
      }
      return encodeAsItIs(own, QUALITY);
    } finally {
      avutil.av_frame_free(own);
    }
  }

  /**
   * Encodes a picture no wider than so many pixels, in its shape.
   *
   * @param picture read only; held by the caller meanwhile
   * @param paint paints into a copy of the picture's own size
   */
  static byte[] encodeSmall(AVFrame picture, Consumer<AVFrame> paint, int widest) {
    Natives.load();
    int width = Math.min(widest, picture.width()) & ~1;
    int height = (int) Math.max(2, (long) picture.height() * width / picture.width() & ~1);
    AVFrame full = picture(picture.width(), picture.height());
    try (PixelConverter converter = new PixelConverter()) {
      converter.convert(picture, full);
      paint.accept(full);
      AVFrame small = picture(width, height);
      try {
        converter.convert(full, small);
        return encodeAsItIs(small, SMALL_QUALITY);
      } finally {
        avutil.av_frame_free(small);
      }
    } finally {
      avutil.av_frame_free(full);
    }
  }

  /** Memory for a picture as JPEG has it. */
  private static AVFrame picture(int width, int height) {
    AVFrame own = Av.checkAllocated(avutil.av_frame_alloc(), "a frame");
    own.format(avutil.AV_PIX_FMT_YUVJ420P).width(width).height(height);
    int got = avutil.av_frame_get_buffer(own, 0);
    if (got < 0) {
      avutil.av_frame_free(own);
    }
    Av.check(got, Kind.BUG, "memory for a frame");
    return own;
  }

  private static boolean isJpegAlready(AVFrame picture) {
    int format = picture.format();
    boolean isOld =
        format == avutil.AV_PIX_FMT_YUVJ420P
            || format == avutil.AV_PIX_FMT_YUVJ422P
            || format == avutil.AV_PIX_FMT_YUVJ444P;
    boolean isPlain =
        format == avutil.AV_PIX_FMT_YUV420P
            || format == avutil.AV_PIX_FMT_YUV422P
            || format == avutil.AV_PIX_FMT_YUV444P;
    boolean isFull = picture.color_range() == avutil.AVCOL_RANGE_JPEG;
    return (isOld || (isPlain && isFull)) && picture.colorspace() != avutil.AVCOL_SPC_BT709;
  }

  private static byte[] encodeAsItIs(AVFrame picture, int quality) {
    AVCodec codec = avcodec.avcodec_find_encoder(avcodec.AV_CODEC_ID_MJPEG);
    Av.checkAllocated(codec, "the JPEG encoder, which is not in this build of FFmpeg");
    AVCodecContext context = Av.checkAllocated(avcodec.avcodec_alloc_context3(codec), "an encoder");
    AVPacket packet = Av.checkAllocated(avcodec.av_packet_alloc(), "a packet");
    AVFrame wrapper = Av.checkAllocated(avutil.av_frame_alloc(), "a frame");
    try {
      context.width(picture.width()).height(picture.height()).pix_fmt(picture.format());
      context.color_range(avutil.AVCOL_RANGE_JPEG);
      context.time_base(Av.microseconds());
      context.thread_count(1);
      context.flags(context.flags() | avcodec.AV_CODEC_FLAG_QSCALE);
      context.global_quality(avutil.FF_QP2LAMBDA * quality);
      int opened = avcodec.avcodec_open2(context, codec, (AVDictionary) null);
      Av.check(opened, Kind.ENCODER_FAILED, "the JPEG encoder cannot be opened");
      Av.check(avutil.av_frame_ref(wrapper, picture), Kind.ENCODER_FAILED, "the JPEG encoder");
      wrapper.pts(0);
      wrapper.quality(context.global_quality());
      Av.check(
          avcodec.avcodec_send_frame(context, wrapper),
          Kind.ENCODER_FAILED,
          "the JPEG encoder refused a frame");
      Av.check(
          avcodec.avcodec_receive_packet(context, packet),
          Kind.ENCODER_FAILED,
          "the JPEG encoder gave no picture");
      byte[] jpeg = new byte[packet.size()];
      try (BytePointer bytes = packet.data()) {
        bytes.get(jpeg);
      }
      return jpeg;
    } finally {
      avutil.av_frame_free(wrapper);
      avcodec.av_packet_free(packet);
      avcodec.avcodec_free_context(context);
    }
  }
}
