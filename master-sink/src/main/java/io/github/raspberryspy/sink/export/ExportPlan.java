package io.github.raspberryspy.sink.export;

import io.github.raspberryspy.segments.DamagedVideoException;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.Mp4Head;
import io.github.raspberryspy.segments.Mp4Join;
import io.github.raspberryspy.segments.Mp4Part;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.sink.index.StoredSegment;
import io.github.raspberryspy.sink.store.SegmentStore;
import io.github.raspberryspy.sink.store.StoreException;
import io.github.raspberryspy.sink.store.StoredVideo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** One export, while its segments are looked at. For one thread. */
final class ExportPlan {

  /** Pictures further apart than that do not follow one another. */
  private static final Duration TOLERANCE = Duration.ofMillis(100);

  private final SegmentStore store;
  private final ExportRange range;
  private final List<Mp4Part> parts = new ArrayList<>();
  private final List<Stretch> stretches = new ArrayList<>();
  private final MessageDigest hash = DurableFiles.sha256();
  private Optional<Mp4Head> silent = Optional.empty();
  private Optional<Mp4Head> heard = Optional.empty();
  private int unreadable;

  /**
   * Footage without a hole.
   *
   * @param atUs where it begins in the file, microseconds
   */
  record Stretch(Instant start, Instant end, long atUs) {}

  ExportPlan(SegmentStore store, ExportRange range) {
    this.store = store;
    this.range = range;
  }

  /** Takes in what the range has of a segment. */
  void add(StoredSegment segment) throws IOException {
    SegmentManifest manifest = segment.manifest();
    try {
      StoredVideo video = store.video(segment);
      Mp4Head head = Mp4Head.read(video);
      Optional<Mp4Part> part = part(manifest, video, head);
      if (part.isPresent()) {
        requireSame(head, manifest);
        add(part.get(), manifest);
      }
      unreadable += segment.damage().isPresent() ? 1 : 0;
    } catch (DamagedVideoException | NoSuchFileException e) {
      unreadable++;
    } catch (StoreException e) {
      if (e.kind() != StoreException.Kind.NOT_FOUND) {
        throw e;
      }
      unreadable++;
    }
  }

  private Optional<Mp4Part> part(SegmentManifest manifest, StoredVideo video, Mp4Head head)
      throws IOException {
    Instant start = manifest.start();
    if (!start.isBefore(range.from()) && !manifest.end().isAfter(range.to())) {
      long durationUs = ChronoUnit.MICROS.between(start, manifest.end());
      return Optional.of(Mp4Part.whole(video, head, durationUs));
    }
    long fromUs = Math.max(0, ChronoUnit.MICROS.between(start, range.from()));
    return Mp4Part.cut(video, head, fromUs, ChronoUnit.MICROS.between(start, range.to()));
  }

  /** A file that changes midway plays in few players, and shows rubbish in others. */
  private void requireSame(Mp4Head head, SegmentManifest manifest) {
    Optional<String> change =
        silent
            .flatMap(head::differsFrom)
            .or(() -> head.hasSound() ? heard.flatMap(head::differsFrom) : Optional.empty());
    if (change.isPresent()) {
      throw new StoreException(
          StoreException.Kind.CONFLICT,
          "one file cannot hold all of it, since "
              + change.get()
              + " at "
              + manifest.start()
              + ": export what lies before and what lies behind");
    }
    silent = silent.or(() -> Optional.of(head));
    heard = heard.or(() -> head.hasSound() ? Optional.of(head) : Optional.empty());
  }

  private void add(Mp4Part part, SegmentManifest manifest) {
    Instant start = manifest.start().plus(part.startUs(), ChronoUnit.MICROS);
    Instant end = start.plus(part.durationUs(), ChronoUnit.MICROS);
    int last = stretches.size() - 1;
    if (last >= 0 && !start.isAfter(stretches.get(last).end().plus(TOLERANCE))) {
      Stretch before = stretches.get(last);
      Instant later = end.isAfter(before.end()) ? end : before.end();
      stretches.set(last, new Stretch(before.start(), later, before.atUs()));
    } else {
      stretches.add(new Stretch(start, end, parts.stream().mapToLong(Mp4Part::durationUs).sum()));
    }
    parts.add(part);
    hash.update(manifest.content().sha256().getBytes(StandardCharsets.US_ASCII));
  }

  /** What has come together. */
  Export export(ZoneId zone) throws IOException {
    if (parts.isEmpty()) {
      throw new StoreException(
          StoreException.Kind.NOT_FOUND,
          "there is no footage of "
              + range.camera()
              + " from "
              + range.from()
              + " to "
              + range.to()
              + (unreadable > 0 ? " that can be read" : ""));
    }
    ExportWords words = new ExportWords(range.camera(), zone, stretches);
    hash.update((range + " " + zone).getBytes(StandardCharsets.UTF_8));
    return new Export(
        range,
        stretches.get(0).start(),
        stretches.get(stretches.size() - 1).end(),
        parts.size(),
        missing(),
        unreadable,
        HexFormat.of().formatHex(hash.digest()),
        words.fileName(),
        new Mp4Join(parts, words.label()));
  }

  /** Between the stretches, and at both ends of the range. */
  private List<Export.Hole> missing() {
    List<Export.Hole> missing = new ArrayList<>();
    Instant reached = range.from();
    for (Stretch stretch : stretches) {
      if (stretch.start().isAfter(reached.plus(TOLERANCE))) {
        missing.add(new Export.Hole(reached, stretch.start()));
      }
      reached = stretch.end();
    }
    if (range.to().isAfter(reached.plus(TOLERANCE))) {
      missing.add(new Export.Hole(reached, range.to()));
    }
    return missing;
  }
}
