package io.github.raspberryspy.camera;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * The pixels of one frame, where the source put them: no copy.
 *
 * <p>Read-only. It belongs to a {@link Frame} handle and may be used while that handle is open; a
 * source uses the same object again for a later frame. Thread-safe for reading.
 */
public final class Image {

  private final AVFrame frame;
  private final SizeTPointer
      planes; // data[], which it begins with; an object each would be garbage
  private final boolean isReferenceCounted;
  private final Supplier<int[]> dmabufs;
  private final ByteBuffer[] views = new ByteBuffer[3];
  private final long[] viewed = new long[3]; // addresses
  private final long[] viewedBytes = new long[3];
  private int avFormat = avutil.AV_PIX_FMT_NONE;
  private PixelFormat format = PixelFormat.I420;
  private boolean isFullRange;

  Image(AVFrame frame, boolean isReferenceCounted, Supplier<int[]> dmabufs) {
    this.frame = frame;
    this.planes = new SizeTPointer(frame);
    this.dmabufs = dmabufs;
    this.isReferenceCounted = isReferenceCounted;
  }

  /** Takes in what the source has just put into the frame. Before publication only. */
  void refresh() {
    if (frame.format() != avFormat) {
      format = format(frame.format());
      avFormat = frame.format();
    }
    isFullRange = frame.color_range() == avutil.AVCOL_RANGE_JPEG || format.avFormat() != avFormat;
  }

  private static PixelFormat format(int avFormat) {
    return PixelFormat.of(avFormat)
        .orElseThrow(
            () ->
                new CameraException(
                    CameraException.Kind.FORMAT_UNSUPPORTED,
                    "pixel format " + avFormat + " of FFmpeg is not taken"));
  }

  /** Pixels across. */
  public int width() {
    return frame.width();
  }

  /** Pixels down. */
  public int height() {
    return frame.height();
  }

  /** How the pixels lie in memory. */
  public PixelFormat format() {
    return format;
  }

  /** Whether luma runs from 0 to 255 (as in JPEG) and not from 16 to 235. */
  public boolean isFullRange() {
    return isFullRange;
  }

  /** Size, pixels and range together. */
  public ImageFormat imageFormat() {
    return new ImageFormat(width(), height(), format, isFullRange);
  }

  /** Bytes from one row of a plane to the next, padding included. */
  public int stride(int plane) {
    return frame.linesize(requirePlane(plane));
  }

  /** Address of a plane's first byte. */
  public long address(int plane) {
    return planes.get(requirePlane(plane));
  }

  /** A plane's bytes: stride times rows, read-only, at position 0. A view, not a copy. */
  public ByteBuffer plane(int plane) {
    return view(plane).asReadOnlyBuffer();
  }

  /** Copies the pixels of one row of a plane, without its padding, to the start of an array. */
  public void copyRow(int plane, int row, byte[] into) {
    ByteBuffer view = view(plane);
    if (row < 0 || row >= format.rows(plane, height())) {
      throw new IndexOutOfBoundsException("row " + row + " of a picture " + height() + " high");
    }
    view.get(row * stride(plane), into, 0, format.rowBytes(plane, width()));
  }

  private ByteBuffer view(int plane) {
    requirePlane(plane);
    synchronized (views) {
      long address = address(plane);
      long bytes =
          (long) stride(plane) * (format.rows(plane, height()) - 1)
              + format.rowBytes(plane, width());
      if (viewed[plane] != address || viewedBytes[plane] != bytes) {
        viewed[plane] = address;
        viewedBytes[plane] = bytes;
        views[plane] =
            new BytePointer(frame.data(plane)).capacity(bytes).limit(bytes).asByteBuffer();
      }
      return views[plane];
    }
  }

  /**
   * The picture as FFmpeg sees it, for native code that takes it without a copy: reference its
   * buffers ({@code av_frame_ref}), never change it, and hold the frame handle while you do.
   */
  public AVFrame avFrame() {
    return frame;
  }

  /**
   * Descriptors (dmabufs) of the memory that the planes lie in, one for each buffer, from its first
   * byte on: for other devices, such as a hardware encoder. None where the memory is no device's.
   * Not the caller's to close; valid while the frame handle is open.
   */
  public int[] dmabufs() {
    return dmabufs.get();
  }

  /**
   * Whether its buffers live on while somebody references them ({@code av_frame_ref}), even after
   * the last frame handle is closed; otherwise the handle must be held for as long.
   */
  public boolean isReferenceCounted() {
    return isReferenceCounted;
  }

  private int requirePlane(int plane) {
    if (plane < 0 || plane >= format.planes()) {
      throw new IndexOutOfBoundsException(
          "plane " + plane + " of " + format + ", which has " + format.planes());
    }
    return plane;
  }
}
