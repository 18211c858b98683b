package io.github.raspberryspy.daemon.analyze;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.Image;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.MotionResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/** Looks through one stretch, and writes what is wanted of its files meanwhile. */
final class MotionTask implements Callable<MotionTask.Outcome>, Pass.Listener {

  /**
   * What came of it.
   *
   * @param files in order
   * @param events of all of them, in order
   */
  record Outcome(Reel.Stretch stretch, List<FileReport> files, List<Event> events) {}

  /** One file while it is looked through, and until all its pictures are flagged. */
  private static final class FileState {
    private final Footage footage;
    private final Optional<CsvFile> csv;
    private long pending;
    private long frames;
    private long framesWithMotion;
    private long lost;
    private long lastUs;
    private boolean isEnded;
    private Optional<Problem> problem = Optional.empty();

    FileState(Footage footage, Optional<CsvFile> csv) {
      this.footage = footage;
      this.csv = csv;
    }

    void flagged(CsvFile.Row row, boolean motion) {
      pending--;
      framesWithMotion += motion ? 1 : 0;
      if (problem.isEmpty()) {
        csv.ifPresent(table -> table.add(row, motion));
        finishIfComplete();
      }
    }

    void finishIfComplete() {
      if (isEnded && pending == 0 && problem.isEmpty()) {
        csv.ifPresent(CsvFile::finish);
      }
    }

    FileReport report(List<Event> events) {
      List<Event> mine = events.stream().filter(e -> e.touches(footage.firstUs(), lastUs)).toList();
      return new FileReport(footage, frames, framesWithMotion, lost, lastUs, mine, problem);
    }
  }

  private record Picture(FileState file, CsvFile.Row row) {}

  private final Reel.Stretch stretch;
  private final MotionConfig config;
  private final Outputs outputs;
  private final Progress progress;
  private final BooleanSupplier isStopped;
  private final List<FileState> files = new ArrayList<>();
  private final Flags<Picture> flags;
  private Pass pass;
  private Optional<DebugVideo> debug = Optional.empty();

  MotionTask(
      Reel.Stretch stretch,
      MotionConfig config,
      Outputs outputs,
      Progress progress,
      BooleanSupplier isStopped) {
    this.stretch = stretch;
    this.config = config;
    this.outputs = outputs;
    this.progress = progress;
    this.isStopped = isStopped;
    this.flags = new Flags<>(config, (p, motion) -> p.file.flagged(p.row, motion));
  }

  @Override
  public Outcome call() {
    try (Pass ours = new Pass(stretch, List.of(config), isStopped)) {
      pass = ours;
      debug =
          outputs
              .debugVideo()
              .map(folder -> new DebugVideo(config, outputs.privacy(), ours.detector()));
      ours.run(this);
      flags.finish(ours.events(0));
      List<Event> events = List.copyOf(ours.events(0));
      return new Outcome(stretch, files.stream().map(f -> f.report(events)).toList(), events);
    } finally {
      debug.ifPresent(DebugVideo::close);
      files.forEach(file -> file.csv.ifPresent(CsvFile::close));
    }
  }

  @Override
  public void begins(Footage file) {
    String name = outputs.names().get(file);
    files.add(
        new FileState(
            file, outputs.csv().map(folder -> new CsvFile(folder.resolve(name + ".csv")))));
    debug.ifPresent(video -> video.begin(file, outputs.debugVideo().get().resolve(name + ".mp4")));
  }

  @Override
  public void seen(Footage footage, Frame frame, long us, MotionResult result) {
    FileState file = files.get(files.size() - 1);
    file.frames++;
    file.pending++;
    progress.seen(us - Math.max(file.lastUs, footage.firstUs()));
    file.lastUs = us;
    Image image = frame.image();
    CsvFile.Row row =
        new CsvFile.Row(
            frame.number(), result.score(), result.boxes(), image.width(), image.height());
    flags.add(
        new Picture(file, row),
        us,
        pass.events(0),
        result.motion() ? pass.detector().current().map(Event::of) : Optional.empty());
    debug.ifPresent(video -> video.add(frame, us, result));
  }

  @Override
  public void ended(Footage footage, long lost) {
    FileState file = files.get(files.size() - 1);
    file.lost = lost;
    file.isEnded = true;
    file.finishIfComplete();
    debug.ifPresent(DebugVideo::finish);
  }

  @Override
  public void failed(Footage footage, CameraException why) {
    files.get(files.size() - 1).problem = Optional.of(Problem.of(why));
    debug.ifPresent(DebugVideo::discard);
  }
}
