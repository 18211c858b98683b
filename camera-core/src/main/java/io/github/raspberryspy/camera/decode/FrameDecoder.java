package io.github.raspberryspy.camera.decode;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.FramePool;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.internal.Av;
import io.github.raspberryspy.camera.internal.Natives;
import io.github.raspberryspy.camera.internal.PacketBytes;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * Decodes a stream into frames, in the order of presentation. The pictures stay where the decoder
 * put them; only pixel formats that are none of {@link PixelFormat} are converted to I420.
 *
 * <p>For one thread.
 */
public final class FrameDecoder implements AutoCloseable {

  /** Takes decoded pictures. */
  @FunctionalInterface
  public interface Receiver {
    /**
     * Takes ownership of a slot that holds a picture.
     *
     * @param slot to be published or discarded
     * @param ptsUs presentation time as the packets had it, microseconds
     */
    void onPicture(FrameSlot slot, long ptsUs);
  }

  private static final Duration PATIENCE = Duration.ofMillis(200);

  /**
   * Pixels of the largest picture, 8192x4352: a few bytes of a hostile stream can ask for
   * gigabytes.
   */
  private static final long MOST_PIXELS = 8192L * 4352;

  /** Errors that a decoder may tell of while it gives out what is left. */
  private static final int MOST_ERRORS = 64;

  private final AVCodecContext codec;
  private final AVFrame decoded;
  private final AVPacket scratch;
  private final PacketBytes scratchBytes;
  private final FramePool pool;
  private final BooleanSupplier waits;
  private PixelConverter converter;
  private long lost;

  /**
   * Takes ownership of the codec, also where it throws.
   *
   * @param pools makes a pool for its pictures
   */
  FrameDecoder(AVCodecContext codec, Supplier<FramePool> pools, BooleanSupplier waits) {
    this.codec = codec;
    this.waits = waits;
    try {
      decoded = Av.checkAllocated(avutil.av_frame_alloc(), "a frame");
      scratch = Av.checkAllocated(avcodec.av_packet_alloc(), "a packet");
      scratchBytes = new PacketBytes(scratch);
      pool = pools.get();
    } catch (Throwable e) { // nobody has it who could close it
      free();
      throw e;
    }
  }

  /**
   * Opens a decoder for a stream.
   *
   * @param parameters of the stream; its packets' times are microseconds
   * @param waits whether to wait for a free slot (now) rather than lose a frame
   * @throws CameraException of kind FORMAT_UNSUPPORTED
   */
  public static FrameDecoder open(AVCodecParameters parameters, BooleanSupplier waits) {
    Natives.load();
    String name = avcodec.avcodec_get_name(parameters.codec_id()).getString();
    AVCodec codec = avcodec.avcodec_find_decoder(parameters.codec_id());
    if (codec == null) {
      throw new CameraException(
          Kind.FORMAT_UNSUPPORTED, "this build of FFmpeg has no decoder for " + name);
    }
    AVCodecContext context = Av.checkAllocated(avcodec.avcodec_alloc_context3(codec), "a decoder");
    String what = "decoder " + name + " cannot be opened";
    try {
      int result = avcodec.avcodec_parameters_to_context(context, parameters);
      Av.check(result, Kind.FORMAT_UNSUPPORTED, what);
      context.pkt_timebase(Av.microseconds());
      context.thread_count(1);
      context.max_pixels(MOST_PIXELS);
      result = avcodec.avcodec_open2(context, codec, (AVDictionary) null);
      Av.check(result, Kind.FORMAT_UNSUPPORTED, what);
    } catch (Throwable e) {
      avcodec.avcodec_free_context(context);
      throw e;
    }
    return new FrameDecoder(context, () -> FramePool.forDecoder(FramePool.DEFAULT_SLOTS), waits);
  }

  /** Opens a decoder for H.264 in Annex B form. */
  public static FrameDecoder openH264(BooleanSupplier waits) {
    return open(avcodec.AV_CODEC_ID_H264, waits);
  }

  /** Opens a decoder for pictures that are JPEG files. */
  public static FrameDecoder openMjpeg(BooleanSupplier waits) {
    return open(avcodec.AV_CODEC_ID_MJPEG, waits);
  }

  private static FrameDecoder open(int codec, BooleanSupplier waits) {
    Natives.load();
    AVCodecParameters parameters =
        Av.checkAllocated(avcodec.avcodec_parameters_alloc(), "a decoder's parameters");
    try {
      parameters.codec_type(avutil.AVMEDIA_TYPE_VIDEO);
      parameters.codec_id(codec);
      return open(parameters, waits);
    } finally {
      avcodec.avcodec_parameters_free(parameters);
    }
  }

  /** Gets out what is left at the end of the stream. After it only {@link #reset} makes sense. */
  public void finish(Receiver receiver) {
    decode((AVPacket) null, receiver);
  }

  /** Decodes a packet of FFmpeg's. One that cannot be decoded is a lost picture, and no more. */
  public void decode(AVPacket packet, Receiver receiver) {
    int errors = 0;
    if (isError(avcodec.avcodec_send_packet(codec, packet))) {
      errors++;
    }
    int result = avcodec.avcodec_receive_frame(codec, decoded);
    while (result >= 0 || (isError(result) && errors < MOST_ERRORS)) {
      if (result >= 0) {
        hand(receiver);
      } else {
        errors++;
      }
      result = avcodec.avcodec_receive_frame(codec, decoded);
    }
    lost += packet == null ? errors : Math.min(errors, 1);
  }

  private static boolean isError(int result) {
    return result < 0 && result != avutil.AVERROR_EOF() && result != avutil.AVERROR_EAGAIN();
  }

  /** Decodes an access unit on the heap. */
  public void decode(Packet packet, Receiver receiver) {
    int size = packet.sizeBytes();
    Av.check(avcodec.av_new_packet(scratch, size), Kind.BUG, "memory for a packet");
    scratchBytes.copyFrom(packet.array());
    scratch.pts(packet.ptsUs()).dts(packet.dtsUs());
    try {
      decode(scratch, receiver);
    } finally {
      avcodec.av_packet_unref(scratch);
    }
  }

  /**
   * Whether the filter that smooths the edges of blocks is left out, from the next packet on: a
   * fifth of the work. Only for pictures that no other is made from, for the error would grow.
   */
  public void setRough(boolean isRough) {
    codec.skip_loop_filter(isRough ? avcodec.AVDISCARD_ALL : avcodec.AVDISCARD_DEFAULT);
  }

  /** Forgets what it knows, after a jump in the stream. */
  public void reset() {
    avcodec.avcodec_flush_buffers(codec);
  }

  /** Pictures that found no free slot, and packets that held none, since the last call. */
  public long takeLost() {
    long n = lost;
    lost = 0;
    return n;
  }

  /**
   * Waits until whoever was shown pictures has given them back.
   *
   * @param nanos how long at the most
   * @return how much of that is left
   */
  long awaitSeen(long nanos) {
    if (nanos <= 0 || pool.outstanding() == 0) {
      return nanos;
    }
    long start = System.nanoTime();
    try {
      pool.awaitFree(Duration.ofNanos(nanos));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
    return nanos - (System.nanoTime() - start);
  }

  /** Frees the decoder; waits for open frame handles as {@link FramePool#close} does. */
  @Override
  public void close() {
    free();
  }

  private void free() {
    avcodec.avcodec_free_context(codec);
    avcodec.av_packet_free(scratch);
    avutil.av_frame_free(decoded);
    if (converter != null) {
      converter.close();
    }
    if (pool != null) {
      pool.close();
    }
  }

  private void hand(Receiver receiver) {
    long pts = decoded.best_effort_timestamp();
    FrameSlot slot = slot();
    if (slot == null) {
      lost++;
      avutil.av_frame_unref(decoded);
      return;
    }
    try {
      if (PixelFormat.of(decoded.format()).isPresent() && isUpright()) {
        avutil.av_frame_move_ref(slot.avFrame(), decoded);
      } else {
        convertInto(slot.avFrame());
      }
    } catch (Throwable e) {
      slot.discard();
      throw e;
    } finally {
      avutil.av_frame_unref(decoded);
    }
    receiver.onPicture(slot, pts);
  }

  /** Whether rows lie from the top down in memory; some raw videos' do not. */
  private boolean isUpright() {
    for (int plane = 0; plane < AVFrame.AV_NUM_DATA_POINTERS; plane++) {
      if (decoded.linesize(plane) < 0) {
        return false;
      }
    }
    return true;
  }

  private void convertInto(AVFrame to) {
    if (converter == null) {
      converter = new PixelConverter();
    }
    to.format(PixelFormat.I420.avFormat());
    to.width(decoded.width());
    to.height(decoded.height());
    Av.check(avutil.av_frame_get_buffer(to, 0), Kind.BUG, "memory for a frame");
    converter.convert(decoded, to);
  }

  private FrameSlot slot() {
    FrameSlot slot = pool.poll();
    try {
      while (slot == null && waits.getAsBoolean()) {
        slot = pool.take(PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return slot;
  }
}
