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
  private long delayUs;

  /**
   * Says what to do where a stream says nothing.
   *
   * @param us nominal time from one frame to the next
   * @param frames by how many frames decoding runs ahead of presentation
   */
  void expect(long us, int frames) {
    intervalUs = us;
    delayUs = us * frames;
  }

  boolean isEmpty() {
    return lastDts == Long.MIN_VALUE;
  }

  void place(AVPacket packet) {
    long dts = packet.dts();
    long pts = packet.pts();
    if (dts == avutil.AV_NOPTS_VALUE) {
      dts = isEmpty() && pts != avutil.AV_NOPTS_VALUE ? pts - delayUs : nextDts() - offset;
    }
    if (pts == avutil.AV_NOPTS_VALUE) {
      pts = dts + delayUs;
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

  /** What was added to the latest packet's times. */
  long offset() {
    return offset;
  }

  /** The stream begins anew: its first picture follows the last one. */
  void wrap() {
    offset = endPts + origin;
  }

  private long nextDts() {
    return isEmpty() ? 0 : lastDts + intervalUs;
  }
}
