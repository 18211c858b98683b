package io.github.raspberryspy.daemon.analyze;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Files that follow each other and show one scene: the segments of one run of a camera, or a file
 * alone. What has been learnt of the scene goes on from file to file, as it did when it was filmed.
 *
 * <p>So that a long run can be looked through by several at a time, it is divided into stretches at
 * borders of its files. Who begins with a later stretch first looks at the end of the one before it
 * to know the scene. How it is divided does not depend on how many look.
 *
 * @param stretches in order
 */
record Reel(List<Stretch> stretches) {

  /** A stretch ends with the file that makes it so long. */
  private static final Duration STRETCH = Duration.ofMinutes(15);

  /** What is looked at before it: several times what it takes to know what is usual. */
  static final Duration LEAD = Duration.ofSeconds(60);

  /**
   * A part of it.
   *
   * @param lead files before it, the last {@link #LEAD} of which are looked at beforehand
   * @param files what it consists of
   */
  record Stretch(List<Footage> lead, List<Footage> files) {

    /** When the lead begins, on the clock of the run. */
    long leadFromUs() {
      return files.get(0).firstUs() - LEAD.toNanos() / 1000;
    }
  }

  /** Puts together what belongs together: neighbours only, so the order stays. */
  static List<Reel> of(List<Footage> footage) {
    List<Reel> reels = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= footage.size(); i++) {
      if (i == footage.size() || !footage.get(i - 1).isFollowedBy(footage.get(i))) {
        reels.add(new Reel(divide(footage.subList(from, i))));
        from = i;
      }
    }
    return reels;
  }

  private static List<Stretch> divide(List<Footage> files) {
    List<Stretch> stretches = new ArrayList<>();
    Duration length = Duration.ZERO;
    int from = 0;
    for (int i = 0; i < files.size(); i++) {
      length = length.plus(files.get(i).length());
      if (i == files.size() - 1 || length.compareTo(STRETCH) >= 0) {
        stretches.add(new Stretch(lead(files, from), List.copyOf(files.subList(from, i + 1))));
        from = i + 1;
        length = Duration.ZERO;
      }
    }
    return stretches;
  }

  private static List<Footage> lead(List<Footage> files, int before) {
    int from = before;
    while (from > 0 && files.get(before).firstUs() - files.get(from).firstUs() < micros(LEAD)) {
      from--;
    }
    return List.copyOf(files.subList(from, before));
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }

  /** All of its files. */
  List<Footage> files() {
    return stretches.stream().flatMap(stretch -> stretch.files().stream()).toList();
  }
}
