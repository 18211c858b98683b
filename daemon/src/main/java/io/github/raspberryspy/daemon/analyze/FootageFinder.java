package io.github.raspberryspy.daemon.analyze;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.io.FilenameUtils;

/** Finds the videos that were meant: files as they were named, and all that folders hold. */
final class FootageFinder extends SimpleFileVisitor<Path> {

  /** What in a folder is taken for a video. */
  private static final Set<String> ENDINGS =
      Set.of(
          "mp4", "m4v", "mov", "mkv", "webm", "avi", "ts", "m2ts", "mts", "mpg", "mpeg", "3gp",
          "flv", "wmv", "h264", "264", "mjpeg");

  /** Folders in which files lie that are no segments yet, or no longer. */
  private static final Set<String> INTERNAL = Set.of("quarantine", ".raspberryspy");

  /** Segments as they were filmed, and everything else by name. */
  private static final Comparator<Footage> ORDER =
      Comparator.comparing((Footage f) -> f.place().isEmpty())
          .thenComparing(f -> f.place().map(Footage.Place::id).orElse(null), idsFirst())
          .thenComparing(Footage::file);

  private final List<Footage> found = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  /**
   * What was found.
   *
   * @param footage in the order of the arguments; that of a folder in the order of filming
   * @param problems with arguments, which leave the others as they are
   */
  record Found(List<Footage> footage, List<Problem> problems) {}

  private FootageFinder() {}

  /**
   * Looks for videos.
   *
   * @throws IllegalArgumentException in one sentence, if something was named that is not there
   */
  static Found find(List<Path> arguments) throws IOException {
    for (Path argument : arguments) {
      if (!Files.exists(argument)) {
        throw new IllegalArgumentException("file " + argument + " does not exist");
      }
    }
    List<Footage> all = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (Path argument : arguments) {
      if (!Files.isDirectory(argument)) {
        all.add(Footage.of(argument));
        continue;
      }
      FootageFinder finder = new FootageFinder();
      Files.walkFileTree(argument, finder);
      if (finder.found.isEmpty() && finder.problems.isEmpty()) {
        problems.add(new Problem("folder " + argument + " holds no video", true));
      }
      finder.found.sort(ORDER);
      all.addAll(finder.found);
      problems.addAll(finder.problems);
    }
    return new Found(all, problems);
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    return INTERNAL.contains(String.valueOf(folder.getFileName()))
        ? FileVisitResult.SKIP_SUBTREE
        : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    String ending = FilenameUtils.getExtension(file.toString()).toLowerCase(Locale.ROOT);
    if (ENDINGS.contains(ending) && Files.isRegularFile(file)) {
      found.add(Footage.of(file));
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) {
    problems.add(new Problem(file + " cannot be read", false));
    return FileVisitResult.CONTINUE;
  }

  private static <T extends Comparable<? super T>> Comparator<T> idsFirst() {
    return Comparator.nullsLast(Comparator.naturalOrder());
  }
}
