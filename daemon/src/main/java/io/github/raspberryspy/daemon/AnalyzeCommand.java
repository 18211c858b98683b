package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.camera.source.CameraSource;
import io.github.raspberryspy.camera.source.Sources;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.daemon.config.MotionKeys;
import io.github.raspberryspy.daemon.config.Settings;
import io.github.raspberryspy.motion.MotionAnalyzer;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.MotionEvent;
import io.github.raspberryspy.motion.MotionResult;
import io.github.raspberryspy.segments.Box;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.commons.io.FilenameUtils;
import org.apache.commons.io.output.NullWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the motion detector over recorded video, as fast as it can. */
@Command(
    name = "analyze",
    description = "Looks for motion in recorded video, with the very detector that runs live.")
final class AnalyzeCommand implements Callable<Integer> {

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Videos.")
  private List<Path> files;

  @Option(
      names = "--csv",
      paramLabel = "DIR",
      description =
          "Write NAME.csv for each: frame,motion,score,x,y,w,h. Files of one name take that of their"
              + " folder.")
  private Path csv;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of the detector, such as motion.sensitivity=60.")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--json", description = "Print one JSON object for each file.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    MotionConfig config = MotionKeys.config(Settings.of(MotionKeys.DETECTION, sets));
    Map<Path, String> names = names();
    for (Path file : files) {
      if (!Files.isRegularFile(file)) {
        throw new UsageException("file " + file + " does not exist");
      }
    }
    if (csv != null) {
      Files.createDirectories(csv);
    }
    for (Path file : files) {
      try (Writer out =
          csv == null
              ? NullWriter.INSTANCE
              : Files.newBufferedWriter(
                  csv.resolve(names.get(file) + ".csv"), StandardCharsets.UTF_8)) {
        report(file, new Pass(config, new PrintWriter(out)).over(file));
      }
    }
    return Main.OK;
  }

  /** What each file's result is called: its own name, or its folder's where names repeat. */
  private Map<Path, String> names() {
    Map<String, Long> count =
        files.stream()
            .collect(Collectors.groupingBy(AnalyzeCommand::nameOf, Collectors.counting()));
    Map<Path, String> names = new LinkedHashMap<>();
    for (Path file : files) {
      String name = nameOf(file);
      if (count.get(name) > 1) {
        name = String.valueOf(file.toAbsolutePath().getParent().getFileName());
      }
      if (csv != null && names.containsValue(name)) {
        throw new UsageException("two of the files would both become " + name + ".csv");
      }
      names.put(file, name);
    }
    return names;
  }

  private static String nameOf(Path file) {
    return FilenameUtils.getBaseName(file.toString());
  }

  private void report(Path file, Pass pass) {
    if (json) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("file", file.toString());
      line.put("frames", pass.frames);
      line.put("framesWithMotion", pass.framesWithMotion);
      line.put("events", pass.events.stream().map(pass::describe).toList());
      Json.print(line);
      return;
    }
    System.out.printf(
        Locale.ROOT,
        "%s: %d frames, %d with motion, %d events%n",
        file,
        pass.frames,
        pass.framesWithMotion,
        pass.events.size());
    for (MotionEvent e : pass.events) {
      System.out.printf(
          Locale.ROOT,
          "  %9.3f s to %9.3f s, score %.4f%n",
          pass.seconds(e.startNanos()),
          pass.seconds(e.endNanos()),
          e.score());
    }
  }

  /** One file, from its first frame to its last. */
  private static final class Pass implements CameraSource.Receiver {
    private final MotionAnalyzer analyzer;
    private final PrintWriter out;
    private final List<MotionEvent> events = new ArrayList<>();
    private long originNanos;
    private long frames;
    private long framesWithMotion;

    Pass(MotionConfig config, PrintWriter out) {
      this.analyzer = new MotionAnalyzer(config);
      this.out = out;
    }

    Pass over(Path file) {
      out.println("frame,motion,score,x,y,w,h");
      try (analyzer;
          CameraSource source =
              Sources.create(file.toAbsolutePath().toUri().toString(), Sources.Delivery.FRAMES)) {
        StreamInfo info = source.open();
        boolean goesOn = true;
        while (goesOn) {
          goesOn = source.deliver(this);
        }
        analyzer.finish().ifPresent(events::add);
        if (frames == 0) {
          throw new CameraException(
              CameraException.Kind.CORRUPT,
              "file " + file + " holds no readable picture of " + info);
        }
      }
      if (out.checkError()) {
        throw new UncheckedIOException(new IOException("writing the CSV of " + file + " failed"));
      }
      return this;
    }

    @Override
    public void onFrame(Frame frame) {
      if (frames == 0) {
        originNanos = frame.captureNanos();
      }
      MotionResult result = analyzer.analyze(frame);
      result.ended().ifPresent(events::add);
      write(result, frame.image().width(), frame.image().height());
      frames++;
      framesWithMotion += result.motion() ? 1 : 0;
    }

    @Override
    public void onPacket(Packet packet) {
      throw new IllegalStateException("frames were asked for");
    }

    @Override
    public void onLost(long lost) {
      throw new IllegalStateException("a file that is not live lost " + lost + " frames");
    }

    double seconds(long nanos) {
      return (nanos - originNanos) / 1e9;
    }

    Map<String, Object> describe(MotionEvent e) {
      Map<String, Object> event = new LinkedHashMap<>();
      event.put("start", seconds(e.startNanos()));
      event.put("end", seconds(e.endNanos()));
      event.put("score", e.score());
      return event;
    }

    private void write(MotionResult result, int width, int height) {
      int motion = result.motion() ? 1 : 0;
      if (result.boxes().isEmpty()) {
        out.printf(Locale.ROOT, "%d,%d,%.6f,,,,%n", frames, motion, result.score());
      }
      for (Box box : result.boxes()) {
        out.printf(
            Locale.ROOT,
            "%d,%d,%.6f,%d,%d,%d,%d%n",
            frames,
            motion,
            result.score(),
            Math.round(box.x() * width),
            Math.round(box.y() * height),
            Math.round(box.width() * width),
            Math.round(box.height() * height));
      }
    }
  }
}
