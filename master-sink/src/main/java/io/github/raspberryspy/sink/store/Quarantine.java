package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.sink.store.FootageCheck.Fault;
import io.github.raspberryspy.sink.store.FootageFiles.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where uploads go that are refused and yet kept, for a person to look at: beside the footage,
 * wherever that lies. The name holds id and hash, so the same bytes lie there once, however often
 * they are sent. One camera's share is bounded: what goes beyond it is refused all the same, and is
 * not kept; its camera, which has no receipt, keeps it.
 */
final class Quarantine {

  /** Where it lies. */
  static final String FOLDER = FootageFolder.INTERNALS + "/quarantine";

  /** A camera's share of the disk: one part of so many. */
  static final int PART_OF_DISK = 16;

  /** The most videos of one camera. */
  static final int MOST_VIDEOS = 1000;

  private static final Logger log = LoggerFactory.getLogger(Quarantine.class);
  private static final int HASH_CHARS = 16;
  private static final String REASON = ".reason";

  private final FootageFiles files;
  private final DiskSpace space;

  Quarantine(FootageFiles files, DiskSpace space) {
    this.files = files;
    this.space = space;
  }

  /**
   * Moves a file here, with its manifest and the reason beside it. Returns whether there was room
   * for it: else it stays where it is.
   */
  boolean keep(Path video, SegmentManifest manifest, String reason) throws IOException {
    return keep(video, manifest, manifest.content(), reason);
  }

  /** As well a file that holds something else than its manifest says. */
  boolean keep(Path video, SegmentManifest manifest, Content held, String reason)
      throws IOException {
    String name = FOLDER + "/" + manifest.id() + "_" + held.sha256().substring(0, HASH_CHARS);
    String place = name + SegmentName.VIDEO;
    if (!files.exists(place) && !hasRoom(manifest.id().camera(), held.bytes())) {
      log.warn(
          "{} is refused and not kept, since enough of its camera is in quarantine: {}",
          manifest.id(),
          reason);
      return false;
    }
    log.warn("{} goes into quarantine: {}", manifest.id(), reason);
    files.write(name + REASON, (reason + "\n").getBytes(StandardCharsets.UTF_8));
    files.write(name + SegmentName.MANIFEST, ManifestCodec.encode(manifest));
    if (Files.exists(video)) {
      DurableFiles.sync(video);
      files.place(video, place, held);
    }
    return true;
  }

  private boolean hasRoom(String camera, long bytes) throws IOException {
    long held = bytes;
    long videos = 1;
    for (Entry entry : files.list(FOLDER)) {
      if (isOf(camera, entry.key())) {
        held += entry.bytes();
        videos++;
      }
    }
    return videos <= MOST_VIDEOS && held <= space.totalBytes() / PART_OF_DISK;
  }

  private static boolean isOf(String camera, String key) {
    return key.endsWith(SegmentName.VIDEO)
        && segment(key).filter(id -> id.camera().equals(camera)).isPresent();
  }

  /** Which segment something here is of; empty for a person's own file. */
  private static Optional<SegmentId> segment(String key) {
    String name = key.substring(FOLDER.length() + 1);
    int end = name.lastIndexOf('.') - HASH_CHARS - 1;
    try {
      return end < 0 ? Optional.empty() : Optional.of(SegmentId.parse(name.substring(0, end)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** What is wrong with what lies here; all of it is read. */
  static Set<Fault> faults(FootageFiles files) throws IOException {
    Set<String> there = new TreeSet<>();
    Map<String, SegmentId> names = new TreeMap<>();
    for (Entry entry : files.list(FOLDER)) {
      there.add(entry.key());
      String name = entry.key().substring(0, Math.max(entry.key().lastIndexOf('.'), 0));
      segment(entry.key()).ifPresent(id -> names.put(name, id));
    }
    Set<Fault> faults = new LinkedHashSet<>();
    for (var one : names.entrySet()) {
      for (String ending : List.of(SegmentName.VIDEO, SegmentName.MANIFEST, REASON)) {
        String key = one.getKey() + ending;
        String problem =
            there.contains(key) ? problem(files, key, one.getValue()) : "is missing in quarantine";
        if (!problem.isEmpty()) {
          faults.add(new Fault(key, problem));
        }
      }
    }
    return faults;
  }

  private static String problem(FootageFiles files, String key, SegmentId id) throws IOException {
    try {
      if (key.endsWith(SegmentName.VIDEO)) {
        String hash = key.substring(0, key.length() - SegmentName.VIDEO.length());
        return files.hash(key).sha256().startsWith(hash.substring(hash.length() - HASH_CHARS))
            ? ""
            : "does not have the SHA-256 that its name begins with";
      }
      return !key.endsWith(SegmentName.MANIFEST)
              || ManifestCodec.decode(files.read(key, JsonFields.MAX_BYTES + 1)).id().equals(id)
          ? ""
          : "is the manifest of another segment than its name says";
    } catch (FootageAwayException e) {
      throw e;
    } catch (NoSuchFileException e) {
      return "is missing in quarantine";
    } catch (IOException e) {
      return "cannot be read: " + e.getMessage();
    }
  }
}
