package io.github.raspberryspy.daemon.analyze;

import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.Sources;
import io.github.raspberryspy.motion.MotionConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Footage of the test pattern, recorded as a camera does, and what a run says of some. */
final class Filmed {

  static final int FPS = 15;

  /** Long enough for several objects to come and to go. */
  static final int FRAMES = 40 * FPS;

  private static final String PATTERN = "test://?size=320x240&realtime=false&seed=7&fps=" + FPS;

  private Filmed() {}

  /** The detector as it is behind the pattern: it passes over the clock that it draws. */
  static MotionConfig config() {
    try (CameraSource source = Sources.create(PATTERN)) {
      return MotionConfig.defaults().withMasks(source.open().overlays());
    }
  }

  /** Records the pattern in segments of this length; the folder then holds those of one run. */
  static Path segments(Path folder, Duration length) {
    try (CameraPipeline camera =
        CameraPipeline.builder()
            .name("front")
            .source(PATTERN + "&frames=" + FRAMES)
            .record(RecorderConfig.into(folder).segment(length))
            .start()) {
      camera.awaitStop();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return folder;
  }

  /** The videos in a folder, in order of their names. */
  static List<Path> videos(Path folder) {
    return files(folder).stream().filter(file -> file.toString().endsWith(".mp4")).toList();
  }

  static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static AnalyzeRequest request(Path... files) {
    return new AnalyzeRequest(
        List.of(files),
        config(),
        List.of(),
        2,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ofSeconds(2),
        Duration.ofSeconds(2));
  }

  /** What a run reported. */
  static final class Said implements AnalyzeOutput {
    final List<Map<String, Object>> objects = new ArrayList<>();
    final List<String> lines = new ArrayList<>();
    final List<String> problems = new ArrayList<>();
    final boolean isJson;
    AnalyzeRun.Outcome outcome;

    private Said(boolean isJson) {
      this.isJson = isJson;
    }

    static Said json(AnalyzeRequest request) throws Exception {
      return of(request, true, false);
    }

    static Said text(AnalyzeRequest request) throws Exception {
      return of(request, false, false);
    }

    static Said tuning(AnalyzeRequest request, boolean isJson) throws Exception {
      return of(request, isJson, true);
    }

    private static Said of(AnalyzeRequest request, boolean isJson, boolean tune) throws Exception {
      Said said = new Said(isJson);
      try (AnalyzeRun run = AnalyzeRun.on(request, said)) {
        said.outcome = tune ? run.tune() : run.look();
      }
      return said;
    }

    @Override
    public boolean isJson() {
      return isJson;
    }

    @Override
    public void line(String text) {
      lines.add(text);
    }

    @Override
    public void object(Map<String, Object> fields) {
      objects.add(new LinkedHashMap<>(fields));
    }

    @Override
    public void problem(String sentence) {
      problems.add(sentence);
    }

    /** The objects about files. */
    List<Map<String, Object>> files() {
      return objects.stream().filter(object -> !object.containsKey("event")).toList();
    }

    Map<String, Object> summary() {
      return objects.get(objects.size() - 1);
    }

    @SuppressWarnings("unchecked") // as the report puts it together
    static List<Map<String, Object>> events(Map<String, Object> file) {
      return (List<Map<String, Object>>) file.get("events");
    }

    /** Events as seconds from the first of these files on, halves at borders put together. */
    List<double[]> joinedEvents() {
      List<double[]> joined = new ArrayList<>();
      double start = 0;
      for (Map<String, Object> file : files()) {
        for (Map<String, Object> event : events(file)) {
          double from = start + (double) event.get("start");
          double to = start + (double) event.get("end");
          if ((boolean) event.get("fromBefore") && !joined.isEmpty()) {
            joined.get(joined.size() - 1)[1] = to;
          } else {
            joined.add(new double[] {from, to});
          }
        }
        start += ((long) file.get("frames")) / (double) FPS;
      }
      return joined;
    }
  }
}
