package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.segments.Box;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the detector over a set of labelled video and writes what it says in the form that the set's
 * {@code score.py} reads. Not part of an ordinary build: {@code motion.set} names the folder of the
 * set, {@code motion.flags} the folder to write to, {@code motion.sensitivity} another sensitivity.
 * With {@code motion.live=true} a frame is flagged by what was known at that frame.
 */
@EnabledIfSystemProperty(named = "motion.set", matches = ".+")
class EvaluationTest {

  private final List<MotionResult> results = new ArrayList<>();
  private final List<Long> times = new ArrayList<>();
  private final List<MotionEvent> events = new ArrayList<>();
  private int width;
  private int height;

  static List<Path> sequences() throws IOException {
    String set = System.getProperty("motion.set", "");
    if (set.isEmpty()) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(Path.of(set))) {
      return folders.filter(f -> Files.exists(f.resolve("video.mkv"))).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("sequences")
  void flagsAreWritten(Path folder) throws IOException {
    Path out = Files.createDirectories(Path.of(System.getProperty("motion.flags")));
    int sensitivity = Integer.getInteger("motion.sensitivity", 50);
    MotionConfig config = MotionConfig.builder().sensitivity(sensitivity).build();
    try (MotionAnalyzer analyzer = new MotionAnalyzer(config);
        VideoFrames video = new VideoFrames(folder.resolve("video.mkv"))) {
      video.forEach(frame -> look(analyzer, frame));
      analyzer.finish().ifPresent(events::add);
    }
    assertThat(results).isNotEmpty();
    write(out.resolve(folder.getFileName() + ".csv"));
  }

  private void look(MotionAnalyzer analyzer, Frame frame) {
    width = frame.image().width();
    height = frame.image().height();
    MotionResult result = analyzer.analyze(frame);
    results.add(result);
    times.add(frame.captureNanos());
    result.ended().ifPresent(events::add);
  }

  private void write(Path csv) throws IOException {
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
    Files.writeString(csv, text);
  }

  /**
   * As a recorder has it: by the events' own times, which are known only when they are over. Live,
   * a flag comes later by what it takes to recognise an event, and stays for the hold.
   */
  private boolean isMotion(int i) {
    if (Boolean.getBoolean("motion.live")) {
      return results.get(i).motion();
    }
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
}
