package io.github.raspberryspy.segments.spool;

import io.github.raspberryspy.segments.SegmentName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps room for what comes next: where less is free than the reserve, or the spool holds more than
 * its limit, segments go: first what the master has verified, then the oldest without motion, then
 * the oldest; where it is not known whether something moved, that counts as motion. Each that the
 * master does not have is on record ({@link Losses}) and told, and a warning comes before the
 * first. For one thread.
 */
public final class Reserve {

  private static final Logger log = LoggerFactory.getLogger(Reserve.class);
  private static final long LEAST = 200L << 20;
  private static final int SHARE = 20;
  private static final Comparator<SealedSegment> DISPENSABLE_FIRST =
      Comparator.comparing((SealedSegment s) -> s.manifest().mayHaveMotion())
          .thenComparing(s -> s.manifest().id().key())
          .thenComparing(s -> s.manifest().id());

  private final Spool spool;
  private final Losses losses;
  private final long reserveBytes;
  private final long limitBytes;
  private final Consumer<String> alerts;
  private boolean isWarned;

  /**
   * Of a spool.
   *
   * @param reserveBytes what stays free on its disk; 0 for no matter
   * @param limitBytes the most that it holds; 0 for no limit
   * @param alerts hears a sentence of each loss, and one before the first
   */
  public Reserve(Spool spool, long reserveBytes, long limitBytes, Consumer<String> alerts) {
    this.spool = spool;
    this.losses = new Losses(spool);
    this.reserveBytes = reserveBytes;
    this.limitBytes = limitBytes;
    this.alerts = alerts;
  }

  /** What is kept free where nobody says how much: 5 % of the disk, at least 200 MB. */
  public static long usual(Path folder) throws IOException {
    return Math.max(LEAST, Files.getFileStore(folder).getTotalSpace() / SHARE);
  }

  /**
   * Looks, and makes room where it must.
   *
   * @return whether there is enough now
   * @throws IOException if the disk fails
   */
  public boolean keep() throws IOException {
    long missing = missing();
    if (missing > 0) {
      spool.finishReclaims();
      missing = missing();
    }
    warn();
    if (missing > 0) {
      missing = drop(missing);
    }
    return missing <= 0;
  }

  /** Bytes that the spool's videos hold, the open one included. */
  public long usedBytes() throws IOException {
    long used = 0;
    for (String ending : List.of(SegmentName.VIDEO, SegmentName.PART)) {
      for (SegmentFiles files : spool.list(ending)) {
        used += size(ending.equals(SegmentName.PART) ? files.part() : files.video());
      }
    }
    return used;
  }

  private long drop(long missing) throws IOException {
    long left = missing;
    List<SealedSegment> order = spool.sealed().stream().sorted(DISPENSABLE_FIRST).toList();
    for (SealedSegment segment : order) {
      if (left <= 0) {
        break;
      }
      long size = segment.manifest().content().bytes();
      losses.drop(segment.files(), Losses.Cause.NO_ROOM);
      left = Math.min(left - size, missing());
      String sentence =
          String.format(
              Locale.ROOT,
              "%s is full: %s of %s, which the master does not have, was deleted (%d MB)",
              spool.folder(),
              segment.manifest().id(),
              segment.manifest().start(),
              size >> 20);
      log.warn("{}", sentence);
      alerts.accept(sentence);
    }
    return left;
  }

  /** Says once that losses are near; again only after there was room meanwhile. */
  private void warn() throws IOException {
    boolean isNear = freeBytes() < 2 * reserveBytes || (limitBytes > 0 && isNearLimit());
    if (isNear && !isWarned) {
      String sentence =
          String.format(
              Locale.ROOT,
              "%s is nearly full: %d MB are free; below %d MB the oldest footage is deleted",
              spool.folder(),
              freeBytes() >> 20,
              reserveBytes >> 20);
      log.warn("{}", sentence);
      alerts.accept(sentence);
    }
    isWarned = isNear;
  }

  private boolean isNearLimit() throws IOException {
    return usedBytes() > limitBytes - limitBytes / 10;
  }

  private long missing() throws IOException {
    long toReserve = reserveBytes == 0 ? 0 : reserveBytes - freeBytes();
    return limitBytes == 0 ? toReserve : Math.max(toReserve, usedBytes() - limitBytes);
  }

  private long freeBytes() throws IOException {
    return Files.getFileStore(spool.folder()).getUsableSpace();
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      log.trace("{} went meanwhile", file);
      return 0;
    }
  }
}
