package io.github.raspberryspy.camera;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GRAY8;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_NV12;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV444P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ444P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUYV422;

import java.util.Optional;

/**
 * How the pixels of an {@link Image} lie in memory. Each has 8 bits a sample, and its luma in plane
 * 0; of red, green and blue, green stands for luma, for most of the brightness is in it. Source:
 * FFmpeg {@code libavutil/pixfmt.h}.
 */
public enum PixelFormat {
  /** Three planes, chroma halved both ways. */
  I420(AV_PIX_FMT_YUV420P, 3, 1, 1),
  /** Luma, and one plane of chroma pairs halved both ways. */
  NV12(AV_PIX_FMT_NV12, 2, 1, 1),
  /** Three planes, chroma halved across. */
  I422(AV_PIX_FMT_YUV422P, 3, 1, 0),
  /** Three planes of full size. */
  I444(AV_PIX_FMT_YUV444P, 3, 0, 0),
  /** One plane: luma and chroma by turns, two bytes a pixel. */
  YUYV(AV_PIX_FMT_YUYV422, 1, 1, 0),
  /** Luma only. */
  GRAY8(AV_PIX_FMT_GRAY8, 1, 0, 0),
  /** One plane: red, green, blue; three bytes a pixel. */
  RGB24(AV_PIX_FMT_RGB24, 1, 0, 0),
  /** One plane: blue, green, red; three bytes a pixel. */
  BGR24(AV_PIX_FMT_BGR24, 1, 0, 0);

  private final int avFormat;
  private final int planes;
  private final int chromaShiftX;
  private final int chromaShiftY;

  PixelFormat(int avFormat, int planes, int chromaShiftX, int chromaShiftY) {
    this.avFormat = avFormat;
    this.planes = planes;
    this.chromaShiftX = chromaShiftX;
    this.chromaShiftY = chromaShiftY;
  }

  /** FFmpeg's number for it, with the range of video (16 to 235). */
  public int avFormat() {
    return avFormat;
  }

  /** Number of planes. */
  public int planes() {
    return planes;
  }

  /** Bytes from one luma sample to the next in a row of plane 0. */
  public int lumaStep() {
    return isRgb() ? 3 : this == YUYV ? 2 : 1;
  }

  /** Bytes from the start of a row of plane 0 to its first luma sample. */
  public int lumaOffset() {
    return isRgb() ? 1 : 0;
  }

  /** Rows of a plane of a picture of this height. */
  public int rows(int plane, int height) {
    return plane == 0 ? height : -(-height >> chromaShiftY);
  }

  /** Bytes of a row of a plane of a picture of this width, without padding. */
  public int rowBytes(int plane, int width) {
    if (this == YUYV) {
      return 2 * (width + (width & 1));
    }
    if (plane == 0) {
      return isRgb() ? 3 * width : width;
    }
    int samples = -(-width >> chromaShiftX);
    return this == NV12 ? 2 * samples : samples;
  }

  private boolean isRgb() {
    return this == RGB24 || this == BGR24;
  }

  /** The format with this number of FFmpeg's, where it is one of these; full-range variants too. */
  public static Optional<PixelFormat> of(int avFormat) {
    if (avFormat == AV_PIX_FMT_YUVJ420P) {
      return Optional.of(I420);
    }
    if (avFormat == AV_PIX_FMT_YUVJ422P) {
      return Optional.of(I422);
    }
    if (avFormat == AV_PIX_FMT_YUVJ444P) {
      return Optional.of(I444);
    }
    for (PixelFormat format : values()) {
      if (format.avFormat == avFormat) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }
}
