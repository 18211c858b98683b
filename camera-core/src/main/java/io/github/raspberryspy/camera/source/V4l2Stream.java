package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.decode.FrameDecoder;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.internal.Av;
import io.github.raspberryspy.camera.internal.Natives;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.Pointer;

/**
 * What a camera has compressed itself: H.264 is passed on in the form used here, JPEG (and H.264
 * where frames are wanted) is decoded. For one thread.
 */
final class V4l2Stream implements AutoCloseable {

  private final AVPacket packet;
  private final H264Framer framer; // null where pictures are decoded
  private final FrameDecoder decoder; // null where packets are passed on
  private final long intervalUs;

  V4l2Stream(V4l2Pixels kind, boolean framesOnly, long intervalUs) {
    Natives.load();
    this.intervalUs = intervalUs;
    boolean isH264 = kind == V4l2Pixels.H264;
    framer = isH264 && !framesOnly ? H264Framer.annexB() : null;
    decoder =
        framer != null
            ? null
            : isH264 ? FrameDecoder.openH264(() -> false) : FrameDecoder.openMjpeg(() -> false);
    packet = Av.checkAllocated(avcodec.av_packet_alloc(), "a packet");
  }

  /** Whether packets come out, and not frames. */
  boolean isPackets() {
    return framer != null;
  }

  /** Copies what the camera made; the original is not needed any more. */
  void read(long address, int bytes, long ptsUs) {
    Av.check(avcodec.av_new_packet(packet, bytes), Kind.BUG, "memory for a packet");
    Pointer.memcpy(packet.data(), new V4l2Frames.Address(address), bytes);
    packet.pts(ptsUs).dts(ptsUs).duration(intervalUs);
  }

  /** Hands on what {@link #read} took in, to the one of the two that it is for. */
  void deliver(Consumer<Packet> packets, FrameDecoder.Receiver pictures) {
    try {
      if (framer != null) {
        framer.frame(packet, packets);
      } else {
        decoder.decode(packet, pictures);
      }
    } finally {
      avcodec.av_packet_unref(packet);
    }
  }

  /** Pictures that were damaged or found no free slot, since the last call. */
  long takeLost() {
    return decoder == null ? 0 : decoder.takeLost();
  }

  @Override
  public void close() {
    avcodec.av_packet_free(packet);
    if (framer != null) {
      framer.close();
    }
    if (decoder != null) {
      decoder.close();
    }
  }
}
