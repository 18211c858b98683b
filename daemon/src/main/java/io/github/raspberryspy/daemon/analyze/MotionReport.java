package io.github.raspberryspy.daemon.analyze;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Says what was seen: of each file, of each clip, and of all together. For one thread. */
final class MotionReport {

  private final AnalyzeOutput output;
  private int files;
  private int failed;
  private long frames;
  private long framesWithMotion;
  private double seconds;
  private int events;
  private double secondsWithMotion;

  MotionReport(AnalyzeOutput output) {
    this.output = output;
  }

  void file(FileReport report) {
    if (report.problem().isPresent()) {
      failed++;
      output.problem(report.problem().get().sentence());
      return;
    }
    files++;
    frames += report.frames();
    framesWithMotion += report.framesWithMotion();
    seconds += report.seconds();
    if (output.isJson()) {
      output.object(object(report));
      return;
    }
    String lost = report.lost() == 0 ? "" : ", " + report.lost() + " that cannot be decoded";
    output.line(
        String.format(
            Locale.ROOT,
            "%s: %d frames%s, %d with motion, %d %s",
            report.footage().file(),
            report.frames(),
            lost,
            report.framesWithMotion(),
            report.events().size(),
            report.events().size() == 1 ? "event" : "events"));
    report.events().forEach(event -> output.line(line(report, event)));
  }

  /** The events of files that follow each other; one that crosses a border is one. */
  void reel(List<Event> found) {
    events += found.size();
    secondsWithMotion += found.stream().mapToDouble(Event::seconds).sum();
  }

  void clip(ClipCut cut) {
    if (output.isJson()) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("event", "clip");
      object.put("file", cut.clip().toString());
      object.put("source", cut.source().file().toString());
      object.put("start", cut.startSeconds());
      object.put("end", cut.endSeconds());
      output.object(object);
    } else {
      output.line("  clip " + cut.clip());
    }
  }

  void summary() {
    if (output.isJson()) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("event", "summary");
      object.put("files", files);
      object.put("failed", failed);
      object.put("frames", frames);
      object.put("framesWithMotion", framesWithMotion);
      object.put("seconds", seconds);
      object.put("events", events);
      object.put("secondsWithMotion", secondsWithMotion);
      output.object(object);
    } else if (files > 1) {
      output.line(
          String.format(
              Locale.ROOT,
              "%d files, %s: %d %s, %s with motion (%.1f %%)",
              files,
              Lengths.text(seconds),
              events,
              events == 1 ? "event" : "events",
              Lengths.text(secondsWithMotion),
              seconds > 0 ? 100 * Math.min(1, secondsWithMotion / seconds) : 0));
    }
  }

  private static String line(FileReport report, Event event) {
    Event part = event.within(report.footage().firstUs(), report.lastUs());
    String zones = event.zones().isEmpty() ? "" : ", in " + String.join(", ", event.zones());
    String time = report.footage().wallTime(part.startUs()).map(MotionReport::seconds).orElse("");
    return String.format(
        Locale.ROOT,
        "  %9.3f s to %9.3f s, score %.4f%s%s",
        report.offset(part.startUs()),
        report.offset(part.endUs()),
        event.score(),
        zones,
        time);
  }

  private static String seconds(Instant time) {
    return ", " + Instant.ofEpochSecond(time.getEpochSecond());
  }

  private static Map<String, Object> object(FileReport report) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("file", report.footage().file().toString());
    object.put("frames", report.frames());
    object.put("framesWithMotion", report.framesWithMotion());
    object.put("framesLost", report.lost());
    object.put("seconds", report.seconds());
    object.put("events", report.events().stream().map(e -> object(report, e)).toList());
    return object;
  }

  private static Map<String, Object> object(FileReport report, Event event) {
    Event part = event.within(report.footage().firstUs(), report.lastUs());
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("start", report.offset(part.startUs()));
    object.put("end", report.offset(part.endUs()));
    object.put("score", event.score());
    object.put("zones", event.zones());
    report
        .footage()
        .wallTime(part.startUs())
        .ifPresent(time -> object.put("time", time.toString()));
    object.put("fromBefore", event.startUs() < report.footage().firstUs());
    object.put("goesOn", event.endUs() > report.lastUs());
    return object;
  }
}
