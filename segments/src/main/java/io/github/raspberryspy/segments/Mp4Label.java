package io.github.raspberryspy.segments;

import java.time.Instant;
import java.util.List;

/**
 * What a video says of itself to who looks at its properties.
 *
 * @param made wall time of its first picture
 * @param title a line
 * @param comment some sentences
 * @param chapters in order; players take 255 of them
 */
public record Mp4Label(Instant made, String title, String comment, List<Chapter> chapters) {

  /**
   * A place to go to.
   *
   * @param startUs since the video's first picture, microseconds
   * @param title a few words
   */
  public record Chapter(long startUs, String title) {}

  /** Copies the list. */
  public Mp4Label {
    chapters = List.copyOf(chapters);
  }
}
