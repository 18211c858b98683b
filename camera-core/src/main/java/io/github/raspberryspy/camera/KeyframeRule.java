package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.encode.Packet;

/**
 * Nothing can be recorded of a stream without keyframes, and the packet window cannot forget it.
 * For one thread.
 */
final class KeyframeRule {

  /* So long without one, in time and in frames, is not merely a long GOP of a slow camera. */
  private static final long MOST_US = 30_000_000;
  private static final int MOST_FRAMES = 300;

  private final String camera;
  private final long mostBytes;
  private boolean hasFirst;
  private long sinceUs;
  private long bytes;
  private long frames;

  KeyframeRule(String camera, long mostBytes) {
    this.camera = camera;
    this.mostBytes = mostBytes;
  }

  /**
   * Takes in the next packet.
   *
   * @throws CameraException of kind FORMAT_UNSUPPORTED, where there has been none for too long
   */
  void check(Packet packet) {
    if (packet.isKeyframe() || !hasFirst) {
      hasFirst = true;
      sinceUs = packet.dtsUs();
      bytes = 0;
      frames = 0;
    }
    bytes += packet.sizeBytes();
    frames++;
    long us = packet.dtsUs() - sinceUs;
    if (bytes > mostBytes || (us > MOST_US && frames > MOST_FRAMES)) {
      throw new CameraException(
          Kind.FORMAT_UNSUPPORTED,
          "the H.264 of camera "
              + camera
              + " has had no keyframe (IDR picture) for "
              + us / 1_000_000
              + " s, "
              + frames
              + " frames and "
              + bytes / 1_000_000
              + " MB");
    }
  }
}
