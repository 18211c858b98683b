package io.github.raspberryspy.camera.audio;

import java.util.Arrays;

/**
 * Some samples in a row: those of all channels side by side, each from -1 to 1. It grows as needed
 * and is used again and again. For one thread.
 */
public final class AudioBlock {

  private float[] samples = new float[4096];
  private int size;

  /** Forgets all samples. */
  void clear() {
    size = 0;
  }

  /** Adds a sample of the next channel. */
  public void add(float sample) {
    if (size == samples.length) {
      samples = Arrays.copyOf(samples, 2 * size);
    }
    samples[size++] = sample;
  }

  /** The samples; those from {@link #size} on mean nothing. */
  float[] samples() {
    return samples;
  }

  /** Number of samples, of all channels together. */
  int size() {
    return size;
  }
}
