package io.github.raspberryspy.daemon.analyze;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.clip.ClipCutter;
import io.github.raspberryspy.camera.source.MediaFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks through recorded video on several threads at once, and reports in the order of the files.
 *
 * <p>A file that cannot be read is told of, and the others are looked through all the same; output
 * that cannot be written ends it. Thread-safe is only {@link #close}, which stops it.
 */
public final class AnalyzeRun implements AutoCloseable {

  /** How it ended. */
  public enum Outcome {
    /** Everything was done. */
    DONE,
    /** Some of it could not be done. */
    FAILED,
    /** Nothing that was named can be looked through. */
    WRONG_USE
  }

  private final AnalyzeRequest request;
  private final AnalyzeOutput output;
  private final Progress progress;
  private final Batch batch;
  private final Set<String> clipNames = new HashSet<>();
  private int done;
  private int failures;
  private int wrongUses;

  private AnalyzeRun(AnalyzeRequest request, AnalyzeOutput output, Progress progress) {
    this.request = request;
    this.output = output;
    this.progress = progress;
    this.batch = new Batch(request.jobs());
  }

  /** One that shows on a terminal how far it is, where standard error is one. */
  public static AnalyzeRun on(AnalyzeRequest request, AnalyzeOutput output) {
    Progress progress = ProgressLine.isTerminal() ? new ProgressLine(System.err) : Progress.NONE;
    return new AnalyzeRun(request, output, progress);
  }

  /**
   * Looks through everything.
   *
   * @throws CameraException in one sentence, if something cannot be written
   * @throws IllegalArgumentException in one sentence, if what was asked for cannot be
   */
  public Outcome look() throws IOException, InterruptedException {
    FootageFinder.Found found = find();
    Outputs outputs = outputs(found.footage());
    List<Reel> reels = reels(found.footage());
    MotionReport report = new MotionReport(output);
    List<MotionTask> tasks = new ArrayList<>();
    for (Reel reel : reels) {
      for (Reel.Stretch stretch : reel.stretches()) {
        tasks.add(new MotionTask(stretch, request.config(), outputs, progress, batch::isStopped));
      }
    }
    ReelCollector collector = new ReelCollector(reels, reel -> finished(reel, report));
    batch.run(
        tasks,
        (MotionTask.Outcome outcome) -> {
          progress.print(() -> outcome.files().forEach(file -> told(file, report)));
          collector.add(outcome.events());
        });
    progress.close();
    report.summary();
    return outcome();
  }

  /** Says what each sensitivity would have flagged; each picture is decoded once. */
  public Outcome tune() throws IOException, InterruptedException {
    List<Reel> reels = reels(find().footage());
    Tuning tuning = new Tuning(request.config());
    List<TuningTask> tasks = new ArrayList<>();
    List<Integer> reelOf = new ArrayList<>();
    for (Reel reel : reels) {
      int number = tuning.addReel();
      for (Reel.Stretch stretch : reel.stretches()) {
        tasks.add(new TuningTask(stretch, tuning.configs(), progress, batch::isStopped));
        reelOf.add(number);
      }
    }
    int[] next = {0};
    batch.run(
        tasks,
        (TuningTask.Outcome outcome) -> {
          progress.print(() -> outcome.problems().forEach(this::failed));
          done += outcome.files();
          tuning.add(reelOf.get(next[0]++), outcome);
        });
    progress.close();
    if (done > 0) {
      tuning.report(output);
    }
    return outcome();
  }

  /** Stops it, and waits until nothing half-written is left. */
  @Override
  public void close() {
    batch.close();
    progress.close();
  }

  /** Asks it to end soon, on any thread: {@link #look} then fails, of kind CANCELLED. */
  public void stop() {
    batch.stop();
  }

  private FootageFinder.Found find() throws IOException {
    FootageFinder.Found found = FootageFinder.find(request.files());
    progress.print(() -> found.problems().forEach(this::failed));
    return found;
  }

  private Outputs outputs(List<Footage> footage) throws IOException {
    boolean isNamed = request.csv().isPresent() || request.debugVideo().isPresent();
    String ending = request.csv().isPresent() ? ".csv" : ".mp4";
    Map<Footage, String> names = isNamed ? Names.of(footage, ending) : Map.of();
    for (Optional<Path> folder : List.of(request.csv(), request.debugVideo(), request.clips())) {
      if (folder.isPresent()) {
        Files.createDirectories(folder.get());
      }
    }
    request.debugVideo().ifPresent(folder -> refuseAmong(footage, folder, "--debug-video"));
    request.clips().ifPresent(folder -> refuseAmong(footage, folder, "--clips"));
    return new Outputs(request.csv(), request.debugVideo(), request.privacy(), names);
  }

  /** What is written there could take the place of what is read. */
  private static void refuseAmong(List<Footage> footage, Path folder, String option) {
    Set<Path> read =
        footage.stream()
            .map(file -> file.file().toAbsolutePath().getParent())
            .collect(Collectors.toSet());
    try {
      for (Path parent : read) {
        if (Files.isSameFile(parent, folder)) {
          throw new IllegalArgumentException(
              option + " " + folder + " holds footage that is read; name another folder");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Reel> reels(List<Footage> footage) {
    if (progress.isShown()) {
      footage.forEach(file -> progress.expect(lengthUs(file)));
    }
    return Reel.of(footage);
  }

  private static long lengthUs(Footage file) {
    if (file.place().isPresent()) {
      return file.length().toNanos() / 1000;
    }
    try (MediaFile media = MediaFile.open(file.file())) {
      return media.durationUs();
    } catch (CameraException e) {
      return 0; // it is told of when it is its turn
    }
  }

  private void told(FileReport file, MotionReport report) {
    report.file(file);
    if (file.problem().isPresent()) {
      count(file.problem().get());
    } else {
      done++;
    }
  }

  private void finished(ReelCollector.Finished reel, MotionReport report) {
    long apartUs = request.config().hold().toNanos() / 1000;
    List<Event> events = Event.joined(reel.events(), apartUs);
    report.reel(events);
    if (request.clips().isEmpty() || events.isEmpty()) {
      return;
    }
    ClipPlan.Around around =
        new ClipPlan.Around(request.clips().get(), request.pre(), request.post());
    List<Footage> files = reel.reel().files();
    ClipPlan plan = ClipPlan.of(files, events, around, clipNames);
    try {
      List<String> leftOut = ClipCutter.cut(plan.parts(), plan.pieces(), batch::isStopped);
      progress.print(
          () -> {
            leftOut.forEach(output::problem);
            plan.cuts(files, events).forEach(report::clip);
          });
    } catch (CameraException e) {
      if (Pass.isFatal(e)) {
        throw e;
      }
      progress.print(() -> failed(new Problem(e.getMessage(), false)));
    } catch (IOException e) {
      throw new UncheckedIOException("a clip cannot be written: " + e.getMessage(), e);
    }
  }

  private void failed(Problem problem) {
    output.problem(problem.sentence());
    count(problem);
  }

  private void count(Problem problem) {
    failures++;
    wrongUses += problem.isWrongUse() ? 1 : 0;
  }

  private Outcome outcome() {
    if (failures == 0) {
      return Outcome.DONE;
    }
    return done == 0 && wrongUses == failures ? Outcome.WRONG_USE : Outcome.FAILED;
  }
}
