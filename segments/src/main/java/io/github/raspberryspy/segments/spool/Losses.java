package io.github.raspberryspy.segments.spool;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.SegmentManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The footage that had to be deleted before the master had it. Each lost segment leaves its
 * manifest behind, renamed to {@code NAME.lost}, or {@code NAME.expired}: that needs no room on a
 * full disk, and whatever moment the power is cut at, either the segment is there or its loss is on
 * record. The records stay until a segment whose manifest lists them as gaps is sealed.
 *
 * <p>Thread-safe as far as {@link Spool} is.
 */
public final class Losses {

  private static final Logger log = LoggerFactory.getLogger(Losses.class);

  /** Why it had to be. */
  public enum Cause {
    /** Something newer needed its place. */
    NO_ROOM(".lost", "no room"),
    /** Its owner wants nothing so old here. */
    TOO_OLD(".expired", "too old");

    private final String ending;
    private final String reason;

    Cause(String ending, String why) {
      this.ending = ending;
      this.reason = "deleted before it was uploaded: " + why;
    }

    private Path record(SegmentFiles files) {
      return files.folder().resolve(files.name() + ending);
    }
  }

  private final Spool spool;

  /** Those of a spool. */
  public Losses(Spool spool) {
    this.spool = spool;
  }

  /**
   * What was lost and is not yet listed in any manifest.
   *
   * @param gaps the missing intervals, oldest first, neighbours joined
   * @param records where that stands, for {@link #forget}
   */
  public record Unlisted(List<Gap> gaps, List<Path> records) {
    /** Copies the lists. */
    public Unlisted {
      gaps = List.copyOf(gaps);
      records = List.copyOf(records);
    }
  }

  /** Deletes a sealed segment's video, with its loss on record before that. */
  public void drop(SegmentFiles files, Cause cause) throws IOException {
    DurableFiles.rename(files.manifest(), cause.record(files));
    DurableFiles.delete(files.video());
  }

  /** Whether this segment is given up: its video only waits to be deleted. */
  public static boolean isDropped(SegmentFiles files) {
    return !Files.exists(files.manifest())
        && Stream.of(Cause.values()).anyMatch(cause -> Files.exists(cause.record(files)));
  }

  /** Deletes the videos whose loss is on record already: a crash came between the two. */
  public void finish() throws IOException {
    for (Cause cause : Cause.values()) {
      for (SegmentFiles files : spool.list(cause.ending)) {
        if (isDropped(files)) {
          DurableFiles.delete(files.video());
        }
      }
    }
  }

  /** What the records say. One that is damaged is passed over, with a word in the log. */
  public Unlisted unlisted() throws IOException {
    List<Gap> gaps = new ArrayList<>();
    List<Path> records = new ArrayList<>();
    for (Cause cause : Cause.values()) {
      for (SegmentFiles files : spool.list(cause.ending)) {
        Path record = cause.record(files);
        try {
          SegmentManifest lost = ManifestCodec.read(record);
          gaps.addAll(lost.gaps());
          gaps.add(new Gap(lost.start(), lost.end(), cause.reason));
          records.add(record);
        } catch (ManifestException e) {
          log.warn("{} is damaged: {}", record, e.getMessage());
        } catch (NoSuchFileException e) {
          log.debug("{} was listed meanwhile", record);
        }
      }
    }
    return new Unlisted(joined(gaps), records);
  }

  /** Deletes these records: a sealed manifest lists them. */
  public void forget(Unlisted listed) throws IOException {
    for (Path record : listed.records()) {
      DurableFiles.delete(record);
    }
  }

  private static List<Gap> joined(List<Gap> gaps) {
    List<Gap> joined = new ArrayList<>();
    for (Gap gap : gaps.stream().sorted(Comparator.comparing(Gap::start)).toList()) {
      Gap last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (last != null && last.reason().equals(gap.reason()) && !gap.start().isAfter(last.end())) {
        joined.set(
            joined.size() - 1,
            new Gap(
                last.start(),
                gap.end().isAfter(last.end()) ? gap.end() : last.end(),
                gap.reason()));
      } else {
        joined.add(gap);
      }
    }
    return joined;
  }
}
