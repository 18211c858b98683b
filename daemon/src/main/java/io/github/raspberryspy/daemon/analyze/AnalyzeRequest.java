package io.github.raspberryspy.daemon.analyze;

import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.segments.Box;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is to be looked through, how, and what is to be made of it. Immutable.
 *
 * @param files videos and folders of them
 * @param config of the detector
 * @param privacy parts of the picture that are black in debug videos; the detector's configuration
 *     masks them
 * @param jobs how many files are looked through at a time, 1 and above
 * @param csv folder for a table of each file
 * @param debugVideo folder for a video of how motion was told in each file
 * @param clips folder for a clip of each event
 * @param pre how much of a clip comes before the event, at least
 * @param post how much of it comes after the event
 */
public record AnalyzeRequest(
    List<Path> files,
    MotionConfig config,
    List<Box> privacy,
    int jobs,
    Optional<Path> csv,
    Optional<Path> debugVideo,
    Optional<Path> clips,
    Duration pre,
    Duration post) {

  /** Most threads that are taken. */
  public static final int MOST_JOBS = 256;

  /** Checks ranges and copies the lists. */
  public AnalyzeRequest {
    files = List.copyOf(files);
    privacy = List.copyOf(privacy);
    if (jobs < 1 || jobs > MOST_JOBS) {
      throw new IllegalArgumentException("--jobs is " + jobs + "; allowed is 1 to " + MOST_JOBS);
    }
    requireLength("--pre", pre);
    requireLength("--post", post);
  }

  private static void requireLength(String option, Duration value) {
    if (value.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new IllegalArgumentException(option + " is longer than the 10m that are allowed");
    }
  }
}
