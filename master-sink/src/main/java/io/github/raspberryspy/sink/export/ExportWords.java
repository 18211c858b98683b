package io.github.raspberryspy.sink.export;

import io.github.raspberryspy.segments.Mp4Label;
import io.github.raspberryspy.sink.export.ExportPlan.Stretch;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What an exported file says of itself: when and by what it was filmed, and what is not in it. */
final class ExportWords {

  private static final int MOST_HOLES = 50;

  private final String camera;
  private final ZoneId zone;
  private final List<Stretch> stretches;

  ExportWords(String camera, ZoneId zone, List<Stretch> stretches) {
    this.camera = camera;
    this.zone = zone;
    this.stretches = stretches;
  }

  private Instant start() {
    return stretches.get(0).start();
  }

  private Instant end() {
    return stretches.get(stretches.size() - 1).end();
  }

  /** Such as {@code front 2026-11-28 14-00-00 to 14-10-00.mp4}. */
  String fileName() {
    boolean sameDay = write(start(), "uuuu-MM-dd").equals(write(end(), "uuuu-MM-dd"));
    return camera
        + " "
        + write(start(), "uuuu-MM-dd HH-mm-ss")
        + " to "
        + write(end(), sameDay ? "HH-mm-ss" : "uuuu-MM-dd HH-mm-ss")
        + ".mp4";
  }

  /** For players. */
  Mp4Label label() {
    List<Mp4Label.Chapter> chapters = new ArrayList<>();
    if (stretches.size() > 1) {
      stretches.forEach(s -> chapters.add(new Mp4Label.Chapter(s.atUs(), moment(s.start()))));
    }
    return new Mp4Label(start(), camera + " " + moment(start()), comment(), chapters);
  }

  private String comment() {
    StringBuilder text = new StringBuilder();
    text.append("Filmed by ").append(camera).append(" from ").append(moment(start()));
    text.append(" to ").append(moment(end())).append(", ").append(zone.getId()).append('.');
    int holes = stretches.size() - 1;
    if (holes > 0) {
      text.append(" Without footage, and left out: ");
    }
    for (int i = 0; i < Math.min(holes, MOST_HOLES); i++) {
      text.append(i == 0 ? "" : "; ").append(moment(stretches.get(i).end()));
      text.append(" to ").append(moment(stretches.get(i + 1).start()));
    }
    return text + (holes > MOST_HOLES ? "; and " + (holes - MOST_HOLES) + " more." : "");
  }

  private String moment(Instant at) {
    return write(at, "uuuu-MM-dd HH:mm:ss");
  }

  private String write(Instant at, String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(zone).format(at);
  }
}
