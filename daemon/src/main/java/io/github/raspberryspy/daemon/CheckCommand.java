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
import io.github.raspberryspy.sink.store.StorePlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verifies a spool or a footage folder. */
@Command(
    name = "check",
    description = "Verifies a spool or a footage folder: presence, size, hash, playable.")
final class CheckCommand implements Callable<Integer> {

  /** Folders in which files lie that are no segments yet, or no longer. */
  private static final List<String> INTERNAL = List.of("quarantine", ".raspberryspy");

  @Parameters(paramLabel = "DIR", description = "A spool or a footage folder.")
  private Path folder;

  @Option(names = "--json", description = "Print one JSON object for each fault, and a summary.")
  private boolean json;

  private long segments;
  private long bytes;
  private final List<String> faults = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new UsageException(
          "folder " + folder + (Files.exists(folder) ? " is not a folder" : " does not exist"));
    }
    Optional<String> bucket = StorePlace.bucketOf(folder);
    if (bucket.isPresent()) {
      throw new UsageException(
          "the footage of folder "
              + folder
              + " is in "
              + bucket.get()
              + ", which its master reads again (scrub.days), and check does not");
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(this::isFootage).sorted().toList()) {
        check(file);
      }
    }
    summarise();
    return faults.isEmpty() ? Main.OK : Main.FAILED;
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
        fault(file, "has no manifest");
      }
    }
  }

  private void checkSegment(Path manifestFile, String name) throws IOException {
    segments++;
    Path video = manifestFile.resolveSibling(name + SegmentName.VIDEO);
    try {
      SegmentManifest manifest = ManifestCodec.read(manifestFile);
      problem(video, name, manifest).ifPresent(problem -> fault(video, problem));
    } catch (NoSuchFileException e) {
      if (Files.exists(manifestFile)) {
        fault(video, "is missing; its manifest is there");
      } else {
        segments--; // uploaded, verified and reclaimed while this looked
      }
    } catch (IOException e) {
      fault(manifestFile, e.getMessage());
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

  private void fault(Path file, String problem) {
    faults.add(file + " " + problem);
    if (json) {
      Json.print(Map.of("event", "fault", "file", file.toString(), "problem", problem));
    } else {
      System.out.println(file + " " + problem);
    }
  }

  private void summarise() {
    if (json) {
      Map<String, Object> summary = new LinkedHashMap<>();
      summary.put("event", "summary");
      summary.put("segments", segments);
      summary.put("bytes", bytes);
      summary.put("faults", faults.size());
      Json.print(summary);
    } else {
      System.out.printf("%d segments, %d bytes, %d faults%n", segments, bytes, faults.size());
    }
  }
}
