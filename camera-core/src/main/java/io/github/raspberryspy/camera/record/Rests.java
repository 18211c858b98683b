package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.Gap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The intervals in which, in event mode, nothing happened and nothing was to be recorded: kept in a
 * small file beside the segments, so that after a crash or a restart they are told apart from what
 * was lost. Where the file cannot be written or read, they count as lost. For one thread.
 */
final class Rests {

  private static final Logger log = LoggerFactory.getLogger(Rests.class);
  private static final String FILE = "rests";
  private static final int MOST = 1000;

  private final Path file;
  private final List<Gap> rests = new ArrayList<>();

  private Rests(Path file) {
    this.file = file;
  }

  /** Those of a camera's folder. */
  static Rests of(Path folder) {
    Rests rests = new Rests(folder.resolve(FILE));
    try {
      for (String line : Files.readAllLines(rests.file, StandardCharsets.US_ASCII)) {
        String[] ends = line.split(" ", -1);
        rests.rests.add(
            new Gap(Instant.parse(ends[0]), Instant.parse(ends[ends.length - 1]), Gap.NO_EVENT));
      }
    } catch (NoSuchFileException e) {
      log.trace("{} never rested", folder);
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      log.warn("when {} rested is not known: {}", folder, e.getMessage());
    }
    return rests;
  }

  /**
   * Notes a rest durably; one that began at the same moment is replaced by it. Those that ended
   * before {@code forgetBefore} are forgotten.
   */
  void note(Instant from, Instant until, Instant forgetBefore) {
    rests.removeIf(rest -> rest.start().equals(from) || rest.end().isBefore(forgetBefore));
    if (from.isBefore(until)) {
      rests.add(new Gap(from, until, Gap.NO_EVENT));
    }
    if (rests.size() > MOST) {
      rests.remove(0);
    }
    write();
  }

  /** Moves those that began within an interval: the clock was wrong by so much. */
  void redate(Instant since, Instant until, Duration by) {
    rests.replaceAll(
        rest ->
            rest.start().isBefore(since) || rest.start().isAfter(until)
                ? rest
                : new Gap(rest.start().plus(by), rest.end().plus(by), rest.reason()));
    write();
  }

  private void write() {
    StringBuilder text = new StringBuilder();
    rests.forEach(rest -> text.append(rest.start()).append(' ').append(rest.end()).append('\n'));
    try {
      DurableFiles.write(file, text.toString().getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      log.warn("{} cannot be written; after a crash its rests may count as lost", file, e);
    }
  }

  /** What is missing, in pieces: the rests in it, and what is left for its own reason. */
  List<Gap> split(Gap missing) {
    List<Gap> pieces = new ArrayList<>();
    Instant at = missing.start();
    for (Gap rest : restsIn(missing)) {
      if (rest.start().isAfter(at)) {
        pieces.add(new Gap(at, rest.start(), missing.reason()));
      }
      if (rest.end().isAfter(at)) {
        pieces.add(
            new Gap(rest.start().isAfter(at) ? rest.start() : at, rest.end(), rest.reason()));
        at = rest.end();
      }
    }
    if (missing.end().isAfter(at)) {
      pieces.add(new Gap(at, missing.end(), missing.reason()));
    }
    return pieces;
  }

  /** The rests within an interval, cut to it, in order. */
  List<Gap> restsIn(Gap interval) {
    return rests.stream()
        .filter(r -> r.end().isAfter(interval.start()) && r.start().isBefore(interval.end()))
        .map(
            r ->
                new Gap(
                    r.start().isAfter(interval.start()) ? r.start() : interval.start(),
                    r.end().isBefore(interval.end()) ? r.end() : interval.end(),
                    r.reason()))
        .sorted((a, b) -> a.start().compareTo(b.start()))
        .toList();
  }
}
