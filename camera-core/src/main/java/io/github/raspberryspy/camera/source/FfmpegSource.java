package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.FrameSlot;
import io.github.raspberryspy.camera.decode.FrameDecoder;
import io.github.raspberryspy.camera.internal.Av;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What FFmpeg can read: files and RTSP cameras. H.264 comes out as packets, undecoded; other codecs
 * as frames.
 */
final class FfmpegSource implements CameraSource {

  private static final Logger log = LoggerFactory.getLogger(FfmpegSource.class);
  private static final long MAX_WAIT_NANOS = 400_000_000L;
  private static final long KEPT_BYTES = 31 << 20;

  private final DemuxSpec spec;
  private final Demuxer demuxer;
  private AVPacket packet;
  private final Timeline timeline = new Timeline();
  private final ArrivalClock arrivals = new ArrivalClock();
  private FrameDecoder decoder;
  private H264Framer framer;
  private Thread reader;
  private StreamInfo info;
  private long startNanos;
  private long number;
  private boolean atEnd;
  private boolean hasRead; // since it was opened or rewound
  private long clockSet; // times

  private FfmpegSource(DemuxSpec spec) {
    this.spec = spec;
    this.demuxer = new Demuxer(spec);
  }

  /** {@code file:///path?loop=&realtime=}. */
  static FfmpegSource file(SourceUri uri, boolean frames) {
    uri.requireOnly("loop", "realtime");
    boolean realtime = uri.flag("realtime", false);
    boolean loop = uri.flag("loop", false);
    if (uri.hasHost() || !uri.path().startsWith("/")) {
      throw new CameraException(
          Kind.INVALID, "source \"" + uri.text() + "\" does not read file:///PATH");
    }
    Path path = Path.of(uri.path());
    if (!Files.exists(path)) {
      throw new CameraException(Kind.INVALID, "file " + path + " does not exist");
    }
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw new CameraException(Kind.INVALID, "file " + path + " cannot be read");
    }
    return new FfmpegSource(
        new DemuxSpec(
            "file " + path,
            "file:" + path,
            "",
            List.of("protocol_whitelist", "file"),
            realtime,
            realtime,
            loop,
            frames));
  }

  /** {@code rtsp://host/path?transport=tcp|udp}. */
  static FfmpegSource rtsp(SourceUri uri, boolean frames) {
    String transport = uri.text("transport", "tcp");
    if (!transport.equals("tcp") && !transport.equals("udp")) {
      throw new CameraException(
          Kind.INVALID,
          "source " + uri + ": key \"transport\" is \"" + transport + "\"; allowed is tcp or udp");
    }
    return new FfmpegSource(
        new DemuxSpec(
            uri.toString(),
            uri.text()
                .replaceFirst("([?&])transport=(tcp|udp)(&|$)", "$1")
                .replaceFirst("[?&]$", ""),
            "rtsp",
            List.of("rtsp_transport", transport, "timeout", "5000000"),
            true,
            false,
            false,
            frames));
  }

  @Override
  public StreamInfo open() {
    reader = Thread.currentThread();
    demuxer.open();
    packet = Av.checkAllocated(avcodec.av_packet_alloc(), "a packet");
    boolean isEncoded = demuxer.isH264() && !spec.frames();
    if (isEncoded) {
      framer = H264Framer.open(demuxer.stream(), spec.name());
    } else {
      decoder = openDecoder();
    }
    info =
        new StreamInfo(
            isEncoded,
            spec.isLive(),
            demuxer.width(),
            demuxer.height(),
            demuxer.fps(),
            isEncoded ? Optional.empty() : demuxer.image(),
            List.of());
    timeline.expect(info.frameIntervalUs(), demuxer.stream().codecpar().video_delay());
    return info;
  }

  private FrameDecoder openDecoder() {
    keepMemory();
    try {
      return FrameDecoder.open(
          demuxer.stream().codecpar(), () -> !spec.isLive() && !demuxer.isStopped());
    } catch (CameraException e) {
      throw new CameraException(e.kind(), spec.name() + ": " + e.getMessage(), e);
    }
  }

  /**
   * A packet of uncompressed video is megabytes. glibc would give the memory of each back to the
   * kernel, to ask for it again, cleared, with the next one: a twentieth of what recording costs.
   * Once such a large piece was freed it keeps as much. Source: mallopt(3), "dynamic mmap
   * threshold".
   */
  private static void keepMemory() {
    avutil.av_free(avutil.av_malloc(KEPT_BYTES));
  }

  @Override
  public boolean deliver(Receiver receiver) {
    if (demuxer.isStopped() || atEnd) {
      return false;
    }
    switch (demuxer.read(packet)) {
      case PACKET -> take(receiver);
      case END -> end(receiver);
      default -> {
        // A packet of another stream, or a device that has none yet.
      }
    }
    return !atEnd && !demuxer.isStopped();
  }

  @Override
  public void stop() {
    demuxer.stop();
    LockSupport.unpark(reader);
  }

  @Override
  public void close() {
    if (packet != null) {
      avcodec.av_packet_free(packet);
    }
    if (framer != null) {
      framer.close();
    }
    if (decoder != null) {
      decoder.close();
    }
    demuxer.close();
  }

  private void take(Receiver receiver) {
    if (startNanos == 0) {
      startNanos = System.nanoTime();
    }
    hasRead = true;
    if (spec.paced()) {
      timeline.place(packet);
      waitUntil(startNanos + packet.dts() * 1000);
    } else if (!spec.isLive()) {
      timeline.place(packet);
    } else {
      long arrivedUs = (System.nanoTime() - startNanos) / 1000;
      if (timeline.place(packet, arrivedUs) && Long.bitCount(++clockSet) == 1) {
        log.info("{} set its clock, time {}: its time goes on", spec.name(), clockSet);
      }
      long us = arrivals.correct(packet.dts(), arrivedUs);
      packet.pts(packet.pts() + us).dts(packet.dts() + us);
    }
    if (framer != null) {
      framer.frame(packet, receiver::onPacket);
      avcodec.av_packet_unref(packet);
    } else {
      decoder.decode(packet, (slot, pts) -> publish(slot, pts, receiver));
      avcodec.av_packet_unref(packet);
      long lost = decoder.takeLost();
      if (lost > 0) {
        number += lost;
        receiver.onLost(lost);
      }
    }
  }

  private void end(Receiver receiver) {
    if (decoder != null) {
      decoder.finish((slot, pts) -> publish(slot, pts, receiver));
    }
    if (spec.isLive() && !spec.paced() && !demuxer.isStopped()) {
      throw new CameraException(Kind.DEVICE_TIMEOUT, spec.name() + " ended its stream");
    }
    if (!spec.loops() || demuxer.isStopped() || timeline.isEmpty()) {
      atEnd = true;
      if (timeline.isEmpty() && !demuxer.isStopped()) {
        throw new CameraException(Kind.CORRUPT, spec.name() + " holds no readable picture");
      }
      return;
    }
    if (!hasRead) {
      throw new CameraException(
          Kind.INVALID, spec.name() + " cannot be looped: nothing comes after it was rewound");
    }
    hasRead = false;
    demuxer.rewind();
    timeline.wrap();
    if (decoder != null) {
      decoder.reset();
    }
    if (framer != null) {
      framer.reset();
    }
  }

  private void publish(FrameSlot slot, long ptsUs, Receiver receiver) {
    long pts = ptsUs == avutil.AV_NOPTS_VALUE ? number * info.frameIntervalUs() : ptsUs;
    try (Frame frame = slot.publish(number++, pts, startNanos + pts * 1000)) {
      receiver.onFrame(frame);
    }
  }

  private void waitUntil(long due) {
    long left = due - System.nanoTime();
    while (left > 0 && !demuxer.isStopped()) {
      LockSupport.parkNanos(this, Math.min(left, MAX_WAIT_NANOS));
      left = due - System.nanoTime();
    }
  }
}
