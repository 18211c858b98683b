package io.github.raspberryspy.camera.source;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avutil;

/** Makes one rising line of time out of what a stream says, loops and omissions included. */
final class Timeline {
  private long origin;
  private long offset;
  private long lastDts = Long.MIN_VALUE;
  private long endPts;
  private long intervalUs;

  void interval(long us) {
    intervalUs = us;
  }

  boolean isEmpty() {
    return lastDts == Long.MIN_VALUE;
  }

  void place(AVPacket packet) {
    long dts = packet.dts();
    long pts = packet.pts();
    if (dts == avutil.AV_NOPTS_VALUE) {
      dts = pts == avutil.AV_NOPTS_VALUE ? nextDts() - offset : pts;
    }
    if (pts == avutil.AV_NOPTS_VALUE) {
      pts = dts;
    }
    if (isEmpty()) {
      // The first packet of a stream is a keyframe, the first to be shown: time runs from it.
      origin = -pts;
      offset = origin;
    }
    dts = Math.max(dts + offset, isEmpty() ? Long.MIN_VALUE : lastDts + 1);
    pts = Math.max(pts + offset, dts);
    lastDts = dts;
    long duration = packet.duration() > 0 ? packet.duration() : intervalUs;
    endPts = Math.max(endPts, pts + duration);
    packet.dts(dts);
    packet.pts(pts);
    packet.duration(duration);
  }

  /** The stream begins anew: its first picture follows the last one. */
  void wrap() {
    offset = endPts + origin;
  }

  private long nextDts() {
    return isEmpty() ? 0 : lastDts + intervalUs;
  }
}
