package io.github.raspberryspy.daemon.analyze;

import io.github.raspberryspy.motion.MotionConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What each of some sensitivities would have flagged. For one thread. */
final class Tuning {

  /** From hardly anything to almost everything. */
  static final List<Integer> SENSITIVITIES = List.of(10, 25, 40, 50, 60, 75, 90);

  private final List<MotionConfig> configs;
  private final long apartUs;
  private final List<List<List<Event>>> found = new ArrayList<>(); // by sensitivity, by reel
  private double seconds;
  private int files;

  /** Everything but the sensitivity is as in this. */
  Tuning(MotionConfig config) {
    configs = SENSITIVITIES.stream().map(s -> config.toBuilder().sensitivity(s).build()).toList();
    apartUs = config.hold().toNanos() / 1000;
    SENSITIVITIES.forEach(s -> found.add(new ArrayList<>()));
  }

  List<MotionConfig> configs() {
    return configs;
  }

  /** There is one more reel: its number. */
  int addReel() {
    found.forEach(reels -> reels.add(new ArrayList<>()));
    return found.get(0).size() - 1;
  }

  /** Takes in the next stretch of a reel. */
  void add(int reel, TuningTask.Outcome outcome) {
    seconds += outcome.seconds();
    files += outcome.files();
    for (int i = 0; i < found.size(); i++) {
      List<Event> events = found.get(i).get(reel);
      events.addAll(outcome.events().get(i));
      found.get(i).set(reel, Event.joined(events, apartUs));
    }
  }

  List<SensitivityRow> rows() {
    List<SensitivityRow> rows = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      List<List<Event>> lower = found.get(Math.max(0, i - 1));
      rows.add(SensitivityRow.of(SENSITIVITIES.get(i), found.get(i), lower, seconds));
    }
    return rows;
  }

  /** Says it. */
  void report(AnalyzeOutput output) {
    List<SensitivityRow> rows = rows();
    Advice advice = Advice.on(rows);
    if (output.isJson()) {
      rows.forEach(row -> output.object(object(row)));
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("event", "advice");
      object.put("sensitivity", advice.sensitivity());
      object.put("text", advice.sentence());
      object.put("files", files);
      object.put("seconds", seconds);
      output.object(object);
      return;
    }
    output.line(
        (files == 1 ? "1 file, " : files + " files, ") + Lengths.text(seconds) + " of footage");
    output.line("sensitivity  events         motion  of footage        longest  new  gone");
    for (SensitivityRow row : rows) {
      output.line(
          String.format(
              Locale.ROOT,
              "%11d  %6d  %13s  %8.1f %%  %13s  %3s  %4s",
              row.sensitivity(),
              row.events(),
              Lengths.text(row.seconds()),
              100 * row.share(),
              Lengths.text(row.longest()),
              row.more() == 0 ? "" : "+" + row.more(),
              row.fewer() == 0 ? "" : "-" + row.fewer()));
    }
    output.line("new, gone: events that the sensitivity above does not find, or that only it does");
    output.line(advice.sentence());
  }

  private static Map<String, Object> object(SensitivityRow row) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("event", "sensitivity");
    object.put("sensitivity", row.sensitivity());
    object.put("events", row.events());
    object.put("seconds", row.seconds());
    object.put("share", row.share());
    object.put("longest", row.longest());
    object.put("new", row.more());
    object.put("gone", row.fewer());
    return object;
  }
}
