package io.github.raspberryspy.sink;

import io.github.raspberryspy.segments.Needed;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.sink.Footage.Clip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Segments that FFmpeg has made, and its word on others: real pictures, a keyframe every 0.7 s. */
final class Filmed {

  /** How long a segment is. */
  static final int SECONDS = (int) Footage.LENGTH.toSeconds();

  private static final AtomicInteger FILES = new AtomicInteger();

  private final Path folder;

  Filmed(Path folder) {
    Needed.require(Needed.isPresent("ffmpeg") && Needed.isPresent("ffprobe"), "FFmpeg");
    this.folder = folder;
  }

  /** So many seconds after the first segment's start. */
  static Instant at(double seconds) {
    return Footage.START.plusMillis(Math.round(seconds * 1000));
  }

  /** A segment of 20 pictures of this size, which no other one has. */
  Clip clip(int sequence, String size) throws IOException, InterruptedException {
    return clip(sequence, List.of("-i", "testsrc2=rate=10:size=" + size), List.of());
  }

  /** One of 15 MB: more than connections hold of what nobody takes. */
  Clip big(int sequence) throws IOException, InterruptedException {
    return clip(
        sequence,
        List.of("-i", "color=gray:rate=10:size=1280x720,noise=alls=100:allf=t"),
        List.of());
  }

  /** One with sound, in fragments that begin anywhere. */
  Clip withSound(int sequence) throws IOException, InterruptedException {
    return clip(
        sequence,
        List.of(
            "-i", "testsrc2=rate=10:size=640x480", "-f", "lavfi", "-i", "sine=sample_rate=48000"),
        List.of("-c:a", "aac"));
  }

  private Clip clip(int sequence, List<String> inputs, List<String> more)
      throws IOException, InterruptedException {
    Path file = file();
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-f", "lavfi"));
    command.addAll(inputs);
    command.addAll(List.of("-ss", "" + sequence * SECONDS, "-t", "" + SECONDS));
    command.addAll(List.of("-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "baseline"));
    command.addAll(List.of("-pix_fmt", "yuv420p", "-level", "3.0", "-g", "7"));
    command.addAll(List.of("-video_track_timescale", "1000000", "-frag_duration", "900000"));
    command.addAll(more);
    command.addAll(List.of("-movflags", "empty_moov+default_base_moof", file.toString()));
    run(command);
    SegmentId id = new SegmentId("front", "0a1b2c3d", 1, sequence);
    return Footage.of(id, Files.readAllBytes(file), List.of());
  }

  /** A hash of each picture that is shown, decoded. */
  List<String> frames(byte[] video) throws IOException, InterruptedException {
    String listing =
        run(
            List.of(
                "ffmpeg",
                "-v",
                "error",
                "-i",
                file(video).toString(),
                "-map",
                "0:v",
                "-fps_mode",
                "passthrough",
                "-f",
                "framemd5",
                "-"));
    return listing
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.substring(line.lastIndexOf(',') + 1).strip())
        .toList();
  }

  /** What a decoder says, of sound too. */
  String complaints(byte[] video) throws IOException, InterruptedException {
    return run(List.of("ffmpeg", "-v", "warning", "-i", file(video).toString(), "-f", "null", "-"));
  }

  /** Between one picture and the next, microseconds. */
  List<Long> steps(byte[] video) throws IOException, InterruptedException {
    List<Long> times = ask(video, "v", "packet=pts").stream().map(Long::parseLong).toList();
    List<Long> steps = new ArrayList<>();
    for (int i = 1; i < times.size(); i++) {
      steps.add(times.get(i) - times.get(i - 1));
    }
    return steps;
  }

  /** From the first sound to the end of the last. */
  double soundSeconds(byte[] video) throws IOException, InterruptedException {
    List<Double> times =
        ask(video, "a", "packet=pts_time").stream().map(Double::parseDouble).toList();
    return times.get(times.size() - 1) - times.get(0);
  }

  /** Facts, a line each. */
  List<String> probe(byte[] video, String entries) throws IOException, InterruptedException {
    return ask(video, "", entries);
  }

  private List<String> ask(byte[] video, String stream, String entries)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ffprobe", "-v", "error"));
    if (!stream.isEmpty()) {
      command.addAll(List.of("-select_streams", stream));
    }
    command.addAll(List.of("-show_entries", entries, "-of", "csv=p=0", file(video).toString()));
    return run(command).lines().map(l -> l.replaceAll(",$", "")).toList();
  }

  private Path file() {
    return folder.resolve("filmed-" + FILES.incrementAndGet() + ".mp4");
  }

  private Path file(byte[] video) throws IOException {
    return Files.write(file(), video);
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + ": " + said);
    }
    return said;
  }
}
