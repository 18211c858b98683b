package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Frame;
import java.util.ArrayList;
import java.util.List;

/**
 * How well the events of a drawn scene fit its truth, frame by frame. The first seconds are for
 * learning, and what is told within a second after a body has gone is not false.
 *
 * @param recall flagged share of the frames with a body; 1 where there are none
 * @param falseRate flagged share of the frames without
 * @param bodies how often bodies came
 * @param found how many times of those were noticed
 */
record SceneScore(double recall, double falseRate, int bodies, int found) {

  private static final double WARM_UP_SECONDS = 5;
  private static final double GRACE_SECONDS = 1;

  /** Shows a scene to a detector with the defaults, and closes it. */
  static SceneScore of(DrawnScene drawn) {
    List<Integer> truth = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    List<MotionEvent> events = new ArrayList<>();
    try (DrawnScene scene = drawn;
        MotionAnalyzer analyzer = new MotionAnalyzer(MotionConfig.defaults())) {
      for (int i = 0; i < Scenarios.SECONDS * scene.fps(); i++) {
        try (Frame frame = scene.frame()) {
          analyzer.analyze(frame).ended().ifPresent(events::add);
          times.add(frame.captureNanos());
          truth.add(scene.truth());
        }
      }
      analyzer.finish().ifPresent(events::add);
      return of(truth, times, events, scene.fps());
    }
  }

  private static SceneScore of(
      List<Integer> truth, List<Long> times, List<MotionEvent> events, double fps) {
    int[] moving = new int[2];
    int[] still = new int[2];
    int bodies = 0;
    int found = 0;
    int last = -(int) Math.ceil(GRACE_SECONDS * fps) - 1;
    boolean isFound = true;
    for (int i = (int) (WARM_UP_SECONDS * fps); i < truth.size(); i++) {
      long nanos = times.get(i);
      boolean isFlagged =
          events.stream().anyMatch(e -> e.startNanos() <= nanos && nanos <= e.endNanos());
      if (truth.get(i) == 1) {
        boolean isNew = i - last > GRACE_SECONDS * fps;
        bodies += isNew ? 1 : 0;
        isFound = isFound && !isNew;
        found += isFlagged && !isFound ? 1 : 0;
        isFound |= isFlagged;
        last = i;
        moving[isFlagged ? 1 : 0]++;
      } else if (truth.get(i) == 0 && i - last > GRACE_SECONDS * fps) {
        still[isFlagged ? 1 : 0]++;
      }
    }
    return new SceneScore(share(moving, 1), share(still, 0), bodies, found);
  }

  private static double share(int[] counts, double ofNothing) {
    int all = counts[0] + counts[1];
    return all == 0 ? ofNothing : counts[1] / (double) all;
  }
}
