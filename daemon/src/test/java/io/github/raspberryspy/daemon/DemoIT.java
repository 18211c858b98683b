package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.source.TestPattern;
import io.github.raspberryspy.segments.EventSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole chain, as a user starts it: camera, segments, motion, upload, master. */
class DemoIT {

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final double TOLERANCE_SECONDS = 0.5;

  @TempDir Path folder;

  @Test
  void everyClosedSegmentOfTwoCamerasReachesTheMasterAndPlays() throws Exception {
    Tools.need("ffmpeg", "ffprobe");
    Program.Result demo =
        Program.run(
            folder,
            LIMIT,
            "demo",
            "--cameras",
            "2",
            "--segment",
            "5s",
            "--for",
            "25s",
            "--json",
            "--port",
            "0",
            "--dir",
            folder.toString());

    assertThat(demo.exit()).as("%s", demo.err()).isZero();
    assertThat(demo.out().get(0)).startsWith("{\"event\":\"ready\",\"url\":\"http://127.0.0.1:");
    assertThat(leftIn(folder.resolve("spool"))).isEmpty();
    int seed = 7;
    for (String camera : List.of("front-door", "garden")) {
      Footage footage = Footage.of(folder.resolve("footage"), camera);
      assertThat(footage.segments()).hasSizeBetween(4, 7);
      assertThat(footage.seconds()).isGreaterThan(15);
      footage.assertPlays();
      footage.assertFollowsOn();
      assertThat(demo.out())
          .anyMatch(
              line ->
                  line.contains("\"summary\"")
                      && line.contains("\"camera\":\"" + camera + "\"")
                      && line.contains("\"segments\":" + footage.segments().size() + ","));
      assertMotionMatchesTruth(footage, new TestPattern(1280, 720, 30, 1, seed++));
    }
    Program.Result check =
        Program.run(folder, LIMIT, "check", folder.resolve("footage").toString());
    assertThat(check.exit()).as("%s", check.out()).isZero();
  }

  /** Spans across segment borders are joined first: the truth knows of no segments. */
  private static void assertMotionMatchesTruth(Footage footage, TestPattern pattern) {
    Instant origin = footage.segments().get(0).manifest().start();
    Footage.Segment last = footage.segments().get(footage.segments().size() - 1);
    double end = seconds(origin, last.manifest().end());
    List<double[]> seen = new ArrayList<>();
    for (Footage.Segment segment : footage.segments()) {
      for (EventSpan span : segment.manifest().motion()) {
        double from = seconds(origin, span.start());
        double to = seconds(origin, span.end());
        if (!seen.isEmpty() && from - seen.get(seen.size() - 1)[1] < 0.3) {
          seen.get(seen.size() - 1)[1] = to;
        } else {
          seen.add(new double[] {from, to});
        }
      }
    }
    List<double[]> truth = new ArrayList<>();
    for (TestPattern.Interval i : pattern.motion((long) (end * 30))) {
      truth.add(new double[] {i.firstFrame() / 30.0, Math.min(end, i.endFrame() / 30.0)});
    }
    assertThat(seen).as("spans of motion, seconds").hasSameSizeAs(truth);
    for (int i = 0; i < truth.size(); i++) {
      assertThat(seen.get(i))
          .as("span %d", i)
          .containsExactly(truth.get(i), org.assertj.core.data.Offset.offset(TOLERANCE_SECONDS));
    }
  }

  private static double seconds(Instant from, Instant to) {
    return ChronoUnit.MICROS.between(from, to) / 1e6;
  }

  private static List<Path> leftIn(Path spool) throws IOException {
    try (Stream<Path> files = Files.walk(spool)) {
      return files.filter(f -> f.toString().matches(".*\\.(mp4|json|part|ack|tmp)")).toList();
    }
  }
}
