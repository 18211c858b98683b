package io.github.raspberryspy.motion;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.segments.Box;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Runs the detector over a set of labelled video and writes what it says in the form that the set's
 * {@code score.py} reads. Arguments: folder of the set, folder for the flags, and names of
 * sequences where not all are wanted.
 */
final class Evaluation {

  private final List<MotionResult> results = new ArrayList<>();
  private final List<Long> times = new ArrayList<>();
  private final List<MotionEvent> events = new ArrayList<>();
  private int width;
  private int height;
  private long spentNanos;

  private Evaluation() {}

  /** Runs it. */
  public static void main(String[] arguments) throws IOException {
    Path set = Path.of(arguments[0]);
    Path out = Files.createDirectories(Path.of(arguments[1]));
    List<String> wanted = List.of(arguments).subList(2, arguments.length);
    try (Stream<Path> folders = Files.list(set)) {
      folders
          .filter(folder -> Files.exists(folder.resolve("video.mkv")))
          .filter(folder -> wanted.isEmpty() || wanted.contains(name(folder)))
          .sorted()
          .forEach(folder -> evaluate(folder, out.resolve(name(folder) + ".csv")));
    }
  }

  static void evaluate(Path folder, Path csv) {
    Evaluation evaluation = new Evaluation();
    int sensitivity = Integer.getInteger("motion.sensitivity", 50);
    MotionConfig config = MotionConfig.builder().sensitivity(sensitivity).build();
    try (MotionAnalyzer analyzer = new MotionAnalyzer(config);
        VideoFrames video = new VideoFrames(folder.resolve("video.mkv"))) {
      video.forEach(frame -> evaluation.look(analyzer, frame));
      analyzer.finish().ifPresent(evaluation.events::add);
    }
    evaluation.write(csv);
    System.out.printf(
        Locale.ROOT,
        "%-26s %dx%d %.3f ms a frame, %d events%n",
        name(folder),
        evaluation.width,
        evaluation.height,
        evaluation.spentNanos / 1e6 / evaluation.results.size(),
        evaluation.events.size());
  }

  private void look(MotionAnalyzer analyzer, Frame frame) {
    width = frame.image().width();
    height = frame.image().height();
    long start = System.nanoTime();
    MotionResult result = analyzer.analyze(frame);
    spentNanos += System.nanoTime() - start;
    results.add(result);
    times.add(frame.captureNanos());
    result.ended().ifPresent(events::add);
  }

  private void write(Path csv) {
    StringBuilder text = new StringBuilder("frame,motion,score,x,y,w,h\n");
    for (int i = 0; i < results.size(); i++) {
      MotionResult result = results.get(i);
      String head =
          String.format(Locale.ROOT, "%d,%d,%.5f", i, isMotion(i) ? 1 : 0, result.score());
      if (result.boxes().isEmpty()) {
        text.append(head).append(",,,,\n");
      }
      for (Box box : result.boxes()) {
        text.append(head).append(pixels(box)).append('\n');
      }
    }
    try {
      Files.writeString(csv, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An event begins before it is recognised: its first frames are flagged afterwards. */
  private boolean isMotion(int i) {
    long nanos = times.get(i);
    return events.stream().anyMatch(e -> e.startNanos() <= nanos && nanos <= e.endNanos());
  }

  private String pixels(Box box) {
    return String.format(
        Locale.ROOT,
        ",%d,%d,%d,%d",
        Math.round(box.x() * width),
        Math.round(box.y() * height),
        Math.round(box.width() * width),
        Math.round(box.height() * height));
  }

  private static String name(Path folder) {
    return folder.getFileName().toString();
  }
}
