package io.github.raspberryspy.daemon;

import io.github.raspberryspy.segments.AudioFormat;
import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.Mp4Audio;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Verifies a folder by its files alone: presence, size, hash, playable. Only reads. For one thread.
 */
final class FolderCheck {

  /** Folders in which files lie that are no segments yet, or no longer. */
  private static final List<String> INTERNAL = List.of("quarantine", ".raspberryspy");

  private final Path folder;
  private final BiConsumer<Path, String> told;
  private long segments;
  private long bytes;

  /**
   * Looks at nothing yet.
   *
   * @param told each fault as it is found: the file, and the rest of a sentence that begins with it
   */
  FolderCheck(Path folder, BiConsumer<Path, String> told) {
    this.folder = folder;
    this.told = told;
  }

  /** Looks at everything. */
  void run() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(this::isFootage).sorted().toList()) {
        check(file);
      }
    }
  }

  /** How many segments there are. */
  long segments() {
    return segments;
  }

  /** How many bytes of them were read. */
  long bytes() {
    return bytes;
  }

  private boolean isFootage(Path file) {
    Path relative = folder.relativize(file);
    for (Path part : relative) {
      if (INTERNAL.contains(part.toString())) {
        return false;
      }
    }
    return Files.isRegularFile(file);
  }

  private void check(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (name.endsWith(SegmentName.MANIFEST)) {
      checkSegment(file, name.substring(0, name.length() - SegmentName.MANIFEST.length()));
    } else if (name.endsWith(SegmentName.VIDEO)) {
      Path manifest = sibling(file, SegmentName.VIDEO, SegmentName.MANIFEST);
      if (!Files.exists(manifest)) {
        told.accept(file, "has no manifest");
      }
    }
  }

  private void checkSegment(Path manifestFile, String name) throws IOException {
    segments++;
    Path video = manifestFile.resolveSibling(name + SegmentName.VIDEO);
    try {
      SegmentManifest manifest = ManifestCodec.read(manifestFile);
      problem(video, name, manifest).ifPresent(problem -> told.accept(video, problem));
    } catch (NoSuchFileException e) {
      if (Files.exists(manifestFile)) {
        told.accept(video, "is missing; its manifest is there");
      } else {
        segments--; // uploaded, verified and reclaimed while this looked
      }
    } catch (IOException e) {
      told.accept(manifestFile, e.getMessage());
    }
  }

  /** A camera's spool keeps the name of before the clock was set; the master gives the new one. */
  private static boolean isRedated(String name, SegmentManifest manifest) {
    return manifest.clock() == ClockState.CORRECTED
        && name.endsWith("u_" + manifest.id().runAndSequence());
  }

  /**
   * The master puts the key behind a name that is taken, and what was salvaged beside the whole.
   */
  private static boolean isBeside(String name, SegmentManifest manifest) {
    String key = manifest.name() + "_" + manifest.id().key();
    return manifest.closed() == CloseReason.SALVAGED
        ? name.equals(key + "_salvaged-" + manifest.content().bytes())
        : name.equals(key);
  }

  private Optional<String> problem(Path video, String name, SegmentManifest manifest)
      throws IOException {
    if (!manifest.name().toString().equals(name)
        && !isRedated(name, manifest)
        && !isBeside(name, manifest)) {
      return Optional.of("is named otherwise than its manifest, " + manifest.name());
    }
    long size = Files.size(video);
    if (size != manifest.content().bytes()) {
      return Optional.of("has " + size + " bytes; its manifest says " + manifest.content().bytes());
    }
    Content content = DurableFiles.hash(video);
    bytes += content.bytes();
    if (!content.sha256().equals(manifest.content().sha256())) {
      return Optional.of("does not have the SHA-256 of its manifest");
    }
    FragmentedMp4 file = FragmentedMp4.scan(video);
    if (!file.isWhole() || !file.startsWithKeyframe()) {
      return Optional.of("is not playable from its first to its last byte");
    }
    if (file.frames() != manifest.frames()) {
      return Optional.of(
          "has " + file.frames() + " frames; its manifest says " + manifest.frames());
    }
    return soundProblem(file, manifest);
  }

  private static Optional<String> soundProblem(FragmentedMp4 file, SegmentManifest manifest) {
    if (!file.audioFormat().equals(manifest.audio())) {
      return Optional.of(
          "has the sound "
              + file.audioFormat().map(AudioFormat::codec).orElse("none")
              + "; its manifest says "
              + manifest.audio().map(AudioFormat::codec).orElse("none"));
    }
    return file.audio().map(Mp4Audio::isWhole).orElse(true)
        ? Optional.empty()
        : Optional.of("has damaged sound; its pictures play");
  }

  private static Path sibling(Path file, String ending, String other) {
    String name = file.getFileName().toString();
    return file.resolveSibling(name.substring(0, name.length() - ending.length()) + other);
  }
}
