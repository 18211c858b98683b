package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Looks into folders while others change them: what goes away meanwhile was not there. */
final class Spools {

  static final String RECEIPT = ".ack";

  private Spools() {}

  /** Files below a folder with this ending, without those in folders of this name. */
  static List<Path> files(Path folder, String ending, String... without) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(f -> f.toString().endsWith(ending))
          .filter(f -> Stream.of(without).noneMatch(w -> folder.relativize(f).startsWith(w)))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of(); // a folder went away: the next look finds what is there then
    }
  }

  /** Manifests of sealed segments of a camera's spool. */
  static List<Path> sealed(Path spool) {
    return files(spool, SegmentName.MANIFEST).stream()
        .filter(f -> !f.toString().contains("quarantine"))
        .filter(f -> Files.exists(beside(f, SegmentName.VIDEO)))
        .toList();
  }

  static Path beside(Path file, String ending) {
    String name = file.getFileName().toString();
    return file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ending);
  }

  /** Null where it is gone by now. */
  static SegmentManifest manifestOrNull(Path file) {
    try {
      return ManifestCodec.read(file);
    } catch (IOException e) {
      if (Files.exists(file)) {
        throw new UncheckedIOException(e);
      }
      return null;
    }
  }
}
