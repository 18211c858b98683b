package io.github.raspberryspy.daemon.analyze;

import io.github.raspberryspy.camera.clip.ClipCutter.Part;
import io.github.raspberryspy.camera.clip.ClipCutter.Piece;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which clips are cut out of a reel, and what they are called: {@code CAMERA_2026-11-23T14-03-12Z}
 * by the time of the event, or where that is not known {@code FILE_00-03-12} by how far into the
 * file it begins.
 *
 * @param parts the files
 * @param pieces a clip for each event
 */
record ClipPlan(List<Part> parts, List<Piece> pieces) {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * What is around an event.
   *
   * @param folder where clips go
   * @param pre how much comes before the event, at least
   * @param post how much comes after it
   */
  record Around(Path folder, Duration pre, Duration post) {}

  /** Plans. Names are unique among those that were given out before. */
  static ClipPlan of(List<Footage> files, List<Event> events, Around around, Set<String> taken) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      boolean isLast = i + 1 == files.size();
      long end = isLast ? Long.MAX_VALUE : files.get(i + 1).firstUs();
      parts.add(new Part(files.get(i).file(), files.get(i).firstUs(), end));
    }
    List<Piece> pieces = new ArrayList<>();
    for (Event event : events) {
      long from = event.startUs() - around.pre().toNanos() / 1000;
      long to = event.endUs() + around.post().toNanos() / 1000;
      String name = unique(name(files, event), taken);
      pieces.add(new Piece(from, to, around.folder().resolve(name + ".mp4")));
    }
    return new ClipPlan(parts, pieces);
  }

  /** What was cut, once it is. */
  List<ClipCut> cuts(List<Footage> files, List<Event> events) {
    List<ClipCut> cuts = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      Event event = events.get(i);
      Footage file = fileOf(files, event);
      cuts.add(
          new ClipCut(
              pieces.get(i).target(),
              file,
              (event.startUs() - file.firstUs()) / 1e6,
              (event.endUs() - file.firstUs()) / 1e6));
    }
    return cuts;
  }

  private static Footage fileOf(List<Footage> files, Event event) {
    Footage file = files.get(0);
    for (Footage next : files) {
      file = next.firstUs() <= event.startUs() ? next : file;
    }
    return file;
  }

  private static String name(List<Footage> files, Event event) {
    Footage file = fileOf(files, event);
    Optional<Instant> time = file.wallTime(event.startUs());
    if (time.isPresent()) {
      return file.place().get().id().camera() + "_" + TIME.format(time.get());
    }
    long second = (event.startUs() - file.firstUs()) / 1_000_000;
    return String.format(
        Locale.ROOT,
        "%s_%02d-%02d-%02d",
        file.name(),
        second / 3600,
        second / 60 % 60,
        second % 60);
  }

  private static String unique(String name, Set<String> taken) {
    String unique = name;
    for (int n = 2; !taken.add(unique); n++) {
      unique = name + "-" + n;
    }
    return unique;
  }
}
