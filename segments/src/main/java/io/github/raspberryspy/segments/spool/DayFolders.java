package io.github.raspberryspy.segments.spool;

import io.github.raspberryspy.segments.SegmentName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folders of days in a camera's folder, and the files in them that are named like segments.
 *
 * @param root the camera's folder
 */
record DayFolders(Path root) {

  private static final Logger log = LoggerFactory.getLogger(DayFolders.class);
  private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

  /** The folders, oldest first. */
  List<Path> folders() throws IOException {
    return children(root).stream()
        .filter(p -> DAY.matcher(p.getFileName().toString()).matches() && Files.isDirectory(p))
        .toList();
  }

  /** The files with this ending, oldest name first. */
  List<SegmentFiles> list(String ending) throws IOException {
    List<SegmentFiles> found = new ArrayList<>();
    for (Path day : folders()) {
      try {
        for (Path file : children(day)) {
          String name = file.getFileName().toString();
          if (name.endsWith(ending)) {
            addIfOurs(day, name.substring(0, name.length() - ending.length()), found);
          }
        }
      } catch (NoSuchFileException e) {
        log.debug("{} became empty and was removed meanwhile", day);
      }
    }
    return found;
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of(); // its recorder has not begun, or the day has just gone
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void addIfOurs(Path day, String name, List<SegmentFiles> into) {
    try {
      into.add(new SegmentFiles(day, SegmentName.parse(name)));
    } catch (IllegalArgumentException e) {
      log.debug("{} is not ours: {}", day.resolve(name), e.getMessage());
    }
  }
}
