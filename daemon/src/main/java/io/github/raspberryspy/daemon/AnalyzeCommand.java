package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.daemon.analyze.AnalyzeOutput;
import io.github.raspberryspy.daemon.analyze.AnalyzeRequest;
import io.github.raspberryspy.daemon.analyze.AnalyzeRun;
import io.github.raspberryspy.daemon.config.ConfigKey;
import io.github.raspberryspy.daemon.config.DurationConverter;
import io.github.raspberryspy.daemon.config.MotionKeys;
import io.github.raspberryspy.daemon.config.OverlayKeys;
import io.github.raspberryspy.daemon.config.Settings;
import io.github.raspberryspy.segments.Box;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the motion detector over recorded video, as fast as it can. */
@Command(
    name = "analyze",
    description = "Looks for motion in recorded video, with the very detector that runs live.")
final class AnalyzeCommand implements Callable<Integer> {

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Videos, and folders with videos in them, such as a camera's footage.")
  private List<Path> files;

  @Option(
      names = "--csv",
      paramLabel = "DIR",
      description =
          "Write NAME.csv for each: frame,motion,score,x,y,w,h. Files of one name take that of their"
              + " folder.")
  private Path csv;

  @Option(
      names = "--clips",
      paramLabel = "DIR",
      description = "Cut a clip of each event out of H.264, without encoding it anew.")
  private Path clips;

  @Option(
      names = "--pre",
      defaultValue = "2s",
      converter = DurationConverter.class,
      paramLabel = "TIME",
      description = "What a clip shows before the event, at least; default: ${DEFAULT-VALUE}.")
  private Duration pre;

  @Option(
      names = "--post",
      defaultValue = "2s",
      converter = DurationConverter.class,
      paramLabel = "TIME",
      description = "What a clip shows after the event; default: ${DEFAULT-VALUE}.")
  private Duration post;

  @Option(
      names = "--debug-video",
      paramLabel = "DIR",
      description = "Write NAME.mp4 for each: what the detector sees, and how it decides.")
  private Path debugVideo;

  @Option(
      names = "--tune",
      description =
          "Say what each sensitivity from 10 to 90 would have flagged, and write nothing.")
  private boolean tune;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Look through so many files at a time; default: the number of processors.")
  private int jobs = Math.min(AnalyzeRequest.MOST_JOBS, Runtime.getRuntime().availableProcessors());

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of the detector, such as motion.sensitivity=60.")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--json", description = "Print one JSON object for each file, and a summary.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<ConfigKey<?>> keys = new ArrayList<>(MotionKeys.DETECTION);
    keys.add(OverlayKeys.MASKS);
    Settings settings = Settings.of(keys, sets);
    List<Box> hidden = settings.get(OverlayKeys.MASKS);
    AnalyzeRequest request =
        new AnalyzeRequest(
            files,
            MotionKeys.config(settings, hidden),
            hidden,
            jobs,
            Optional.ofNullable(csv),
            Optional.ofNullable(debugVideo),
            Optional.ofNullable(clips),
            pre,
            post);
    requireSense();
    AnalyzeRun run = AnalyzeRun.on(request, new Lines(json));
    try (Interrupts interrupts = Interrupts.closing(run::stop);
        run) {
      return switch (tune ? run.tune() : run.look()) {
        case DONE -> Main.OK;
        case FAILED -> Main.FAILED;
        case WRONG_USE -> Main.WRONG_USE;
      };
    } catch (CameraException e) {
      if (e.kind() == CameraException.Kind.CANCELLED) {
        return Main.INTERRUPTED; // nobody else stops it
      }
      throw e;
    }
  }

  private void requireSense() {
    if (tune && (csv != null || clips != null || debugVideo != null)) {
      throw new UsageException(
          "--tune writes no files: it does not go with --csv, --clips or --debug-video");
    }
    if (tune && sets.stream().anyMatch(set -> set.strip().startsWith("motion.sensitivity="))) {
      throw new UsageException(
          "--tune tries each sensitivity: it does not go with one that is set");
    }
  }

  /** The report on standard output, problems on standard error. */
  private record Lines(boolean isJson) implements AnalyzeOutput {
    @Override
    public void line(String text) {
      System.out.println(text);
    }

    @Override
    public void object(Map<String, Object> fields) {
      Json.print(fields);
    }

    @Override
    public void problem(String sentence) {
      System.err.println("raspberryspy: " + sentence);
    }
  }
}
