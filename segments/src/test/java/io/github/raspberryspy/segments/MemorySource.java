package io.github.raspberryspy.segments;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** A video in memory. */
public class MemorySource implements Mp4Source {

  private final byte[] video;

  /** Of these bytes. */
  public MemorySource(byte[] video) {
    this.video = video;
  }

  @Override
  public long bytes() {
    return video.length;
  }

  @Override
  public InputStream open(long from, long count) {
    return new ByteArrayInputStream(
        video, (int) from, (int) Math.min(count, Math.max(0, video.length - from)));
  }
}
