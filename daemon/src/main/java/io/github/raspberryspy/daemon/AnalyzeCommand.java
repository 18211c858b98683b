package io.github.raspberryspy.daemon;

import io.github.raspberryspy.daemon.config.MotionKeys;
import io.github.raspberryspy.daemon.config.Settings;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.MotionEvent;
import java.io.IOException;
import java.io.PrintWriter;
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
        report(file, AnalyzePass.over(file, config, new PrintWriter(out)));
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

  private void report(Path file, AnalyzePass pass) {
    if (json) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("file", file.toString());
      line.put("frames", pass.frames());
      line.put("framesWithMotion", pass.framesWithMotion());
      line.put("events", pass.events().stream().map(e -> describe(pass, e)).toList());
      Json.print(line);
      return;
    }
    System.out.printf(
        Locale.ROOT,
        "%s: %d frames, %d with motion, %d events%n",
        file,
        pass.frames(),
        pass.framesWithMotion(),
        pass.events().size());
    for (MotionEvent e : pass.events()) {
      System.out.printf(
          Locale.ROOT,
          "  %9.3f s to %9.3f s, score %.4f%n",
          pass.seconds(e.startNanos()),
          pass.seconds(e.endNanos()),
          e.score());
    }
  }

  private static Map<String, Object> describe(AnalyzePass pass, MotionEvent e) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("start", pass.seconds(e.startNanos()));
    event.put("end", pass.seconds(e.endNanos()));
    event.put("score", e.score());
    return event;
  }
}
