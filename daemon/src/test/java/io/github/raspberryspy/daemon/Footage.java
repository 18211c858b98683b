package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One camera's segments in a footage folder, looked at from outside. */
final class Footage {

  /** A segment and its video. */
  record Segment(SegmentManifest manifest, Path video) {}

  private final List<Segment> segments = new ArrayList<>();

  /** All segments of a camera below a folder, in the order of filming. */
  static Footage of(Path folder, String camera) throws IOException {
    Footage footage = new Footage();
    try (Stream<Path> files = Files.walk(folder.resolve(camera))) {
      for (Path file :
          files.filter(f -> f.toString().endsWith(SegmentName.MANIFEST)).sorted().toList()) {
        SegmentManifest manifest = ManifestCodec.read(file);
        footage.segments.add(
            new Segment(manifest, file.resolveSibling(manifest.name() + SegmentName.VIDEO)));
      }
    }
    footage.segments.sort((a, b) -> a.manifest.id().compareTo(b.manifest.id()));
    return footage;
  }

  List<Segment> segments() {
    return segments;
  }

  /**
   * Every file decodes from its first to its last frame without a word from an independent reader.
   */
  void assertPlays() throws IOException, InterruptedException {
    for (Segment s : segments) {
      assertThat(Program.tool("ffmpeg", "-v", "error", "-i", s.video.toString(), "-f", "null", "-"))
          .as("ffmpeg on %s", s.video)
          .isEmpty();
    }
  }

  /**
   * Read from the files: the first frame of a segment follows the last one of the segment before it
   * by one frame interval, but where the manifest lists a gap, and within each run.
   */
  void assertFollowsOn() throws IOException, InterruptedException {
    Segment before = null;
    Instant lastFrame = null;
    for (Segment s : segments) {
      List<Double> pts = presentationTimes(s.video);
      assertThat(pts).hasSize((int) s.manifest.frames());
      Instant first = s.manifest.start();
      double interval = 1 / s.manifest.video().fps();
      if (before != null && before.manifest.id().run() == s.manifest.id().run()) {
        double step = Duration.between(lastFrame, first).toNanos() / 1e9;
        if (before.manifest.gaps().isEmpty() && s.manifest.gaps().isEmpty()) {
          assertThat(step)
              .as("from %s to %s", before.video, s.video)
              .isBetween(interval * 0.5, interval * 1.5);
        }
      }
      lastFrame =
          first.plus(Math.round((pts.get(pts.size() - 1) - pts.get(0)) * 1e6), ChronoUnit.MICROS);
      assertThat(Duration.between(lastFrame, filmedUntil(s.manifest)).toNanos() / 1e9)
          .as("the last frame of %s and the manifest's end", s.video)
          .isBetween(0.0, interval * 1.6);
      before = s;
    }
  }

  /** Its end, or, where frames are missing there and listed, the last one's. */
  private static Instant filmedUntil(SegmentManifest manifest) {
    return manifest.gaps().stream()
        .filter(gap -> gap.end().equals(manifest.end()))
        .map(Gap::start)
        .findFirst()
        .orElse(manifest.end());
  }

  /** Seconds of footage. */
  double seconds() {
    return segments.stream().mapToDouble(s -> s.manifest.duration().toNanos() / 1e9).sum();
  }

  private static List<Double> presentationTimes(Path video)
      throws IOException, InterruptedException {
    String text =
        Program.tool(
            "ffprobe",
            "-v",
            "error",
            "-select_streams",
            "v",
            "-show_entries",
            "packet=pts_time",
            "-of",
            "csv=p=0",
            video.toString());
    return text.lines().map(line -> Double.parseDouble(line.replace(",", ""))).sorted().toList();
  }
}
