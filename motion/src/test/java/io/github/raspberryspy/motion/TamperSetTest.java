package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Nobody puts hands on the camera in recorded video: {@code -Dmotion.tamper.videos=FILE:FOLDER…},
 * whole trees of it.
 */
@EnabledIfSystemProperty(named = "motion.tamper.videos", matches = ".+")
class TamperSetTest {

  /** Most are over before a view is known. */
  private static final int TIMES = 5;

  @Test
  void nothingIsTold() throws Exception {
    List<String> told = new ArrayList<>();
    for (Path video : videos()) {
      TamperWatch watch = new TamperWatch("x", fault -> told.add(video + ": " + fault));
      for (int time = 0; time < TIMES; time++) {
        try (VideoFrames frames = new VideoFrames(video);
            MotionAnalyzer analyzer =
                new MotionAnalyzer(MotionConfig.defaults(), Optional.of(watch))) {
          frames.forEach(analyzer::analyze);
        }
      }
      System.out.printf("%s: told so far: %d%n", video, told.size());
    }
    assertThat(told).isEmpty();
  }

  private static List<Path> videos() throws Exception {
    List<Path> found = new ArrayList<>();
    for (String root : Arrays.asList(System.getProperty("motion.tamper.videos").split(":"))) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        files
            .filter(f -> f.toString().matches(".*[.](mkv|mp4|avi)"))
            .filter(f -> !f.endsWith("masks.mkv"))
            .sorted()
            .forEach(found::add);
      }
    }
    assertThat(found).isNotEmpty();
    return found;
  }
}
