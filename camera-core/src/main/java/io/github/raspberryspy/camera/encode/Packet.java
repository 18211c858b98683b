package io.github.raspberryspy.camera.encode;

import java.nio.ByteBuffer;

/**
 * One access unit of H.264: the NAL units of one picture, with start codes (Annex B). A keyframe
 * carries its parameter sets in front.
 *
 * <p>Immutable, an ordinary object on the heap. Times are microseconds since the run's first frame.
 */
public final class Packet {

  private final byte[] data;
  private final long ptsUs;
  private final long dtsUs;
  private final long durationUs;
  private final boolean isKeyframe;

  /**
   * Takes over the bytes: the caller must not change them afterwards.
   *
   * @param isKeyframe whether it is an IDR picture
   */
  public Packet(byte[] data, long ptsUs, long dtsUs, long durationUs, boolean isKeyframe) {
    if (data.length == 0) {
      throw new IllegalArgumentException("a packet without data");
    }
    this.data = data;
    this.ptsUs = ptsUs;
    this.dtsUs = dtsUs;
    this.durationUs = durationUs;
    this.isKeyframe = isKeyframe;
  }

  /** The bytes, read-only. */
  public ByteBuffer data() {
    return ByteBuffer.wrap(data).asReadOnlyBuffer();
  }

  /** The bytes themselves, to be copied into native memory: not to be changed. */
  public byte[] array() {
    return data;
  }

  /** Number of bytes. */
  public int sizeBytes() {
    return data.length;
  }

  /** Presentation time. */
  public long ptsUs() {
    return ptsUs;
  }

  /** Decode time; at most the presentation time. */
  public long dtsUs() {
    return dtsUs;
  }

  /** How long it is shown. */
  public long durationUs() {
    return durationUs;
  }

  /** Whether decoding can start here. */
  public boolean isKeyframe() {
    return isKeyframe;
  }

  @Override
  public String toString() {
    return "Packet(pts " + ptsUs + " µs, " + data.length + " B" + (isKeyframe ? ", key)" : ")");
  }
}
