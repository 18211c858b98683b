package io.github.raspberryspy.daemon.analyze;

import io.github.raspberryspy.segments.Box;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

/**
 * A table of one file: {@code frame,motion,score,x,y,w,h}, boxes in pixels, a row for each box, one
 * with an empty box where there is none. It has its name only once it is finished. For one thread.
 */
final class CsvFile implements AutoCloseable {

  private final Path target;
  private final Path unfinished;
  private final BufferedWriter out;

  /** What is known of one picture. */
  record Row(long number, double score, List<Box> boxes, int width, int height) {}

  CsvFile(Path target) {
    this.target = target;
    this.unfinished = target.resolveSibling(target.getFileName() + ".tmp");
    try {
      out = Files.newBufferedWriter(unfinished, StandardCharsets.UTF_8);
      out.write("frame,motion,score,x,y,w,h\n");
    } catch (IOException e) {
      throw failed(e);
    }
  }

  void add(Row row, boolean motion) {
    String start = String.format(Locale.ROOT, "%d,%d,%.6f,", row.number, motion ? 1 : 0, row.score);
    try {
      if (row.boxes.isEmpty()) {
        out.write(start + ",,,\n");
      }
      for (Box box : row.boxes) {
        out.write(
            start
                + Math.round(box.x() * row.width)
                + ","
                + Math.round(box.y() * row.height)
                + ","
                + Math.round(box.width() * row.width)
                + ","
                + Math.round(box.height() * row.height)
                + "\n");
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  void finish() {
    try {
      out.close();
      Files.move(
          unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Leaves nothing of a table that was not finished. */
  @Override
  public void close() {
    try {
      try (out) {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      // what could not be written was told of when it was written
    }
  }

  private UncheckedIOException failed(IOException e) {
    String why =
        e.getMessage() == null || e.getMessage().equals(unfinished.toString())
            ? e.getClass().getSimpleName()
            : e.getMessage();
    return new UncheckedIOException("writing " + target + " failed: " + why, e);
  }
}
