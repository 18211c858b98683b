package io.github.raspberryspy.daemon.analyze;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.MotionResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/** Looks through one stretch once, with a detector of each sensitivity. */
final class TuningTask implements Callable<TuningTask.Outcome>, Pass.Listener {

  /**
   * What came of it.
   *
   * @param seconds of footage that was looked at
   * @param events of each sensitivity, in order
   * @param files how many were read
   * @param problems with the others
   */
  record Outcome(double seconds, List<List<Event>> events, int files, List<Problem> problems) {}

  private final Reel.Stretch stretch;
  private final List<MotionConfig> configs;
  private final Progress progress;
  private final BooleanSupplier isStopped;
  private final List<Problem> problems = new ArrayList<>();
  private long latestUs;
  private long seenUs;
  private long frames; // of the file that is looked through
  private int files;

  TuningTask(
      Reel.Stretch stretch,
      List<MotionConfig> configs,
      Progress progress,
      BooleanSupplier isStopped) {
    this.stretch = stretch;
    this.configs = configs;
    this.progress = progress;
    this.isStopped = isStopped;
  }

  @Override
  public Outcome call() {
    try (Pass pass = new Pass(stretch, configs, isStopped)) {
      pass.run(this);
      List<List<Event>> events = new ArrayList<>();
      for (int i = 0; i < configs.size(); i++) {
        events.add(List.copyOf(pass.events(i)));
      }
      return new Outcome(seenUs / 1e6, events, files, problems);
    }
  }

  @Override
  public void begins(Footage file) {
    latestUs = file.firstUs();
    frames = 0;
  }

  @Override
  public void seen(Footage file, Frame frame, long us, MotionResult result) {
    progress.seen(us - latestUs);
    seenUs += us - latestUs;
    latestUs = us;
    frames++;
  }

  @Override
  public void ended(Footage file, long lost) {
    files++;
    seenUs += (latestUs - file.firstUs()) / Math.max(1, frames - 1); // the last one is shown too
  }

  @Override
  public void failed(Footage file, CameraException why) {
    problems.add(Problem.of(why));
  }
}
