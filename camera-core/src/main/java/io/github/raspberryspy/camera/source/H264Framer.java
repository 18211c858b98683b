package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.internal.Av;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVBSFContext;
import org.bytedeco.ffmpeg.avcodec.AVBitStreamFilter;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.BytePointer;

/**
 * Brings H.264 as containers and networks carry it into the one form used here: Annex B, parameter
 * sets in front of each keyframe, a keyframe only where there is an IDR picture.
 */
final class H264Framer implements AutoCloseable {

  private static final int AVCC_VERSION = 1;

  /** More than the parameter sets of any stream; a camera may send them without end. */
  private static final int MOST_SET_BYTES = 1 << 14;

  private final AVBSFContext filter; // null where the stream is Annex B already
  private boolean isCollecting; // the last unit had no picture
  private byte[] parameterSets; // the latest; in front of keyframes that come without

  private H264Framer(AVBSFContext filter, byte[] parameterSets) {
    this.filter = filter;
    this.parameterSets = parameterSets;
  }

  /** For a camera whose stream is Annex B and says nothing about itself. */
  static H264Framer annexB() {
    return new H264Framer(null, new byte[0]);
  }

  static H264Framer open(AVStream stream, String name) {
    AVCodecParameters parameters = stream.codecpar();
    byte[] extra = new byte[parameters.extradata_size()];
    if (extra.length > 0) {
      parameters.extradata().get(extra);
    }
    if (extra.length == 0 || extra[0] != AVCC_VERSION) {
      return new H264Framer(null, NalUnits.parameterSets(extra));
    }
    AVBitStreamFilter toAnnexB = avcodec.av_bsf_get_by_name("h264_mp4toannexb");
    AVBSFContext filter = new AVBSFContext(null);
    Av.check(avcodec.av_bsf_alloc(toAnnexB, filter), Kind.BUG, "memory for a filter");
    avcodec.avcodec_parameters_copy(filter.par_in(), parameters);
    filter.time_base_in(Av.microseconds());
    int result = avcodec.av_bsf_init(filter);
    if (result < 0) {
      avcodec.av_bsf_free(filter);
    }
    Av.check(result, Kind.CORRUPT, name + " has damaged H.264 parameter sets");
    return new H264Framer(filter, new byte[0]);
  }

  /** Turns what a packet holds into access units. The packet's content may be moved out of it. */
  void frame(AVPacket packet, Consumer<Packet> into) {
    if (filter == null) {
      pass(packet, into);
      return;
    }
    if (avcodec.av_bsf_send_packet(filter, packet) < 0) {
      return; // not decodable either: the stream goes on at the next packet
    }
    while (avcodec.av_bsf_receive_packet(filter, packet) >= 0) {
      pass(packet, into);
      avcodec.av_packet_unref(packet);
    }
  }

  void reset() {
    if (filter != null) {
      avcodec.av_bsf_flush(filter);
    }
  }

  @Override
  public void close() {
    if (filter != null) {
      avcodec.av_bsf_free(filter);
    }
  }

  private void pass(AVPacket packet, Consumer<Packet> into) {
    byte[] data = new byte[packet.size()];
    try (BytePointer bytes = packet.data()) {
      bytes.get(data);
    }
    boolean isKeyframe = NalUnits.hasIdr(data);
    byte[] own = NalUnits.parameterSets(data);
    boolean hasPicture = NalUnits.hasPicture(data);
    if (own.length > 0) {
      // Each may come alone, in a buffer without a picture.
      boolean isMore = isCollecting && parameterSets.length + own.length <= MOST_SET_BYTES;
      parameterSets = isMore ? concatenate(parameterSets, own) : own;
    } else if (isKeyframe) {
      data = concatenate(parameterSets, data);
    }
    isCollecting = !hasPicture;
    if (hasPicture) {
      into.accept(new Packet(data, packet.pts(), packet.dts(), packet.duration(), isKeyframe));
    }
  }

  private static byte[] concatenate(byte[] a, byte[] b) {
    byte[] both = new byte[a.length + b.length];
    System.arraycopy(a, 0, both, 0, a.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
