package io.github.raspberryspy.camera.audio;

/**
 * One encoded packet of sound. Immutable, an ordinary object on the heap.
 *
 * <p>Its time is counted in samples since the run's first frame, {@link AudioTrack#RATE_HZ} a
 * second.
 */
public final class AudioPacket {

  private final byte[] data;
  private final long startSample;
  private final int samples;

  /**
   * Takes over the bytes: the caller must not change them afterwards.
   *
   * @param startSample what it begins with; negative before the run's first frame
   * @param samples how long it is heard
   */
  AudioPacket(byte[] data, long startSample, int samples) {
    this.data = data;
    this.startSample = startSample;
    this.samples = samples;
  }

  /** The bytes themselves, to be copied into native memory: not to be changed. */
  public byte[] array() {
    return data;
  }

  /** The sample that it begins with. */
  public long startSample() {
    return startSample;
  }

  /** Number of samples of each channel. */
  public int samples() {
    return samples;
  }

  /** The sample after its last one. */
  public long endSample() {
    return startSample + samples;
  }
}
