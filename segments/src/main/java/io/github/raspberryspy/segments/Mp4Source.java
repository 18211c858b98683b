package io.github.raspberryspy.segments;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of a video, wherever they lie. */
public interface Mp4Source {

  /** How many there are. */
  long bytes();

  /**
   * Reads so many of them from an offset on, fewer where they end before. The caller closes.
   *
   * @throws IOException if they cannot be read
   */
  InputStream open(long from, long count) throws IOException;
}
