package io.github.raspberryspy.camera.snapshot;

import java.time.Instant;

/** One picture as a JPEG file. Immutable. */
public final class Snapshot {

  private final byte[] jpeg;
  private final Instant time;
  private final long captureNanos;
  private final int width;
  private final int height;

  /** Takes over the bytes. */
  Snapshot(byte[] jpeg, Instant time, long captureNanos, int width, int height) {
    this.jpeg = jpeg;
    this.time = time;
    this.captureNanos = captureNanos;
    this.width = width;
    this.height = height;
  }

  /** The file's bytes, the caller's own: others may have got the same picture. */
  public byte[] jpeg() {
    return jpeg.clone();
  }

  /** Wall time at which it was filmed. */
  public Instant time() {
    return time;
  }

  /** When it was filmed, on the clock of {@link System#nanoTime}. */
  public long captureNanos() {
    return captureNanos;
  }

  /** Pixels across. */
  public int width() {
    return width;
  }

  /** Pixels down. */
  public int height() {
    return height;
  }
}
