package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.Frame;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Writes the drawn scenes as labelled video, H.264 with its own noise included, for {@link
 * EvaluationTest} and for other detectors. Not part of an ordinary build: {@code motion.draw} names
 * the folder to write to, {@code motion.seeds} how many seeds of each scene, from {@code
 * motion.seed} on. Needs the {@code ffmpeg} command.
 */
@EnabledIfSystemProperty(named = "motion.draw", matches = ".+")
class DrawnSetTest {

  private static final double WARM_UP_SECONDS = 5;

  static Stream<Arguments> scenes() {
    long first = Long.getLong("motion.seed", 1);
    long seeds = Long.getLong("motion.seeds", 1);
    return LongStream.range(first, first + seeds)
        .boxed()
        .flatMap(seed -> Scenarios.all().keySet().stream().map(name -> Arguments.of(name, seed)));
  }

  @ParameterizedTest
  @MethodSource("scenes")
  void sceneIsWritten(String name, long seed) throws IOException, InterruptedException {
    Path folder =
        Files.createDirectories(Path.of(System.getProperty("motion.draw"), name + "-" + seed));
    try (DrawnScene scene = Scenarios.draw(name, seed)) {
      Process ffmpeg =
          new ProcessBuilder(command(scene, folder))
              .inheritIO()
              .redirectInput(ProcessBuilder.Redirect.PIPE)
              .start();
      StringBuilder truth = new StringBuilder("frame,motion,fg_frac\n");
      int frames = (int) (Scenarios.SECONDS * scene.fps());
      try (OutputStream pixels = ffmpeg.getOutputStream()) {
        byte[] row = new byte[scene.width()];
        for (int i = 0; i < frames; i++) {
          try (Frame frame = scene.frame()) {
            BytePointer plane = frame.image().avFrame().data(0);
            for (int y = 0; y < scene.height(); y++) {
              plane.position((long) y * frame.image().stride(0)).get(row);
              pixels.write(row);
            }
          }
          truth.append(i).append(',').append(scene.truth()).append(",\n");
        }
      }
      assertThat(ffmpeg.waitFor()).isZero();
      Files.writeString(folder.resolve("truth.csv"), truth);
      Files.writeString(folder.resolve("meta.json"), meta(name, scene));
    }
  }

  private static String meta(String name, DrawnScene scene) {
    return String.format(
        Locale.ROOT,
        "{\"name\":\"%s\",\"kind\":\"drawn\",\"category\":\"drawn\",\"fps\":%s,\"width\":%d,\"height\":%d,"
            + "\"masks\":null,\"truth\":\"by construction\",\"warmup\":%d}",
        name,
        scene.fps(),
        scene.width(),
        scene.height(),
        (int) (WARM_UP_SECONDS * scene.fps()));
  }

  private static List<String> command(DrawnScene scene, Path folder) {
    String size = scene.width() + "x" + scene.height();
    return List.of(
        ("ffmpeg -v error -y -f rawvideo -pix_fmt gray -s "
                + size
                + " -r "
                + scene.fps()
                + " -i - -c:v libx264 -preset veryfast -crf 24 -g 60 -pix_fmt yuv420p "
                + folder.resolve("video.mkv"))
            .split(" "));
  }
}
