package io.github.raspberryspy.upload;

/**
 * What is sealed and not yet verified.
 *
 * @param segments number of them
 * @param bytes size of their videos
 */
public record Backlog(long segments, long bytes) {

  /** Whether nothing waits. */
  public boolean isEmpty() {
    return segments == 0;
  }
}
