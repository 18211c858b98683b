package io.github.raspberryspy.camera.source;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avutil;

/** Makes one rising line of time out of what a stream says, loops and omissions included. */
final class Timeline {

  /** Packets of live sources that go back further are not merely in disorder. */
  private static final long MOST_BACK_US = 1_000_000;

  /**
   * Servers keep the latest pictures for who comes new: the first packets are older than others.
   */
  private static final long MOST_AHEAD_US = 10_000_000;

  private long origin;
  private long offset;
  private long lastDts = Long.MIN_VALUE;
  private long endPts;
  private long intervalUs;
  private long delayUs;
  private long lastArrivedUs;
  private long leastDelayUs = Long.MAX_VALUE; // from when a packet was made, by the camera's clock

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

  /**
   * As {@link #place(AVPacket)}, for a live camera, which has a clock of its own. Where that was
   * set, time goes on as the packets arrive: none can arrive before it was made, and none is made
   * before the one before.
   *
   * @param arrivedUs time by the computer's clock, since any moment
   * @return whether the camera's clock was set
   */
  boolean place(AVPacket packet, long arrivedUs) {
    boolean isSet = false;
    if (!isEmpty() && packet.dts() != avutil.AV_NOPTS_VALUE) {
      long dts = packet.dts() + offset;
      isSet = dts < lastDts - MOST_BACK_US || arrivedUs - dts < leastDelayUs - MOST_AHEAD_US;
      if (isSet) {
        offset += lastDts + Math.max(intervalUs, arrivedUs - lastArrivedUs) - dts;
      }
    }
    place(packet);
    lastArrivedUs = arrivedUs;
    leastDelayUs = Math.min(leastDelayUs, arrivedUs - packet.dts());
    return isSet;
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
