package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The spool's segments in the order in which they are sent: with motion, or what may be some,
 * first; then newest first; those that the master has just put off behind the others. It is only a
 * view of the directory, read anew by {@link #refresh}; a manifest is read once. Some 200 bytes a
 * segment, since a camera without a master for days has many.
 *
 * <p>Not thread-safe.
 */
final class UploadQueue {

  /** Pauses of a single segment that was refused: from a minute to an hour. */
  private static final Duration ASIDE_FIRST = Duration.ofMinutes(1);

  private static final Duration ASIDE_MOST = Duration.ofHours(1);

  private static final Comparator<Entry> ORDER =
      Comparator.comparingInt((Entry e) -> -e.putOffs)
          .thenComparing(Entry::motion)
          .thenComparingLong(e -> e.files.name().run())
          .thenComparingLong(e -> e.files.name().sequence())
          .thenComparing(e -> e.files.name().start())
          .reversed();

  private final Spool spool;
  private final UploaderConfig config;
  private final Map<SegmentFiles, Entry> entries = new HashMap<>();
  private List<Entry> order = List.of();
  private int next;

  private static final class Entry {
    private final SegmentFiles files;
    private final long bytes;
    private final boolean motion;
    private final boolean urgent;
    private RetrySchedule pauses;
    private long notBefore;
    private int failures;
    private int putOffs;
    private boolean wasPutOff;

    Entry(SealedSegment segment) {
      this.files = segment.files();
      this.bytes = segment.manifest().content().bytes();
      this.motion = segment.manifest().mayHaveMotion();
      this.urgent = segment.manifest().closed() != CloseReason.TIME;
    }

    boolean motion() {
      return motion;
    }
  }

  UploadQueue(Spool spool, UploaderConfig config) {
    this.spool = spool;
    this.config = config;
  }

  /** Looks through the spool, and begins at the front again. */
  void refresh() throws IOException {
    Map<SegmentFiles, Entry> found = new HashMap<>();
    for (SegmentFiles files : spool.list(SegmentName.MANIFEST)) {
      Entry known = entries.get(files);
      if (known != null) {
        found.put(files, known);
      } else {
        spool.find(files).ifPresent(segment -> found.put(files, new Entry(segment)));
      }
    }
    entries.clear();
    entries.putAll(found);
    order = found.values().stream().sorted(ORDER).toList();
    next = 0;
  }

  /**
   * The next one whose time has come, and which the owner's limits let go now, not before the
   * others were tried; empty at the end.
   */
  Optional<SegmentFiles> next() {
    while (next < order.size()) {
      Entry entry = order.get(next++);
      if (entries.containsKey(entry.files)
          && config.limits().admits(entry.motion, entry.urgent)
          && (entry.pauses == null || config.nanoTime().getAsLong() - entry.notBefore >= 0)) {
        return Optional.of(entry.files);
      }
    }
    return Optional.empty();
  }

  /** It is not in the spool any more. */
  void remove(SegmentFiles files) {
    entries.remove(files);
  }

  /** It was refused: it waits, longer each time, while others go on. */
  void setAside(SegmentFiles files) {
    Entry entry = entries.get(files);
    if (entry != null) {
      setAside(entry, false);
    }
  }

  /**
   * The master has no room for it now: it waits, longer each time, but not so long that it would be
   * late once there is room; and those that were put off less go before it.
   */
  void putOff(SegmentFiles files) {
    Entry entry = entries.get(files);
    if (entry != null) {
      entry.putOffs++;
      setAside(entry, true);
    }
  }

  /** The master has room: whatever was put off has its old place again, once its time has come. */
  void forgetPutOff() {
    entries.values().forEach(entry -> entry.putOffs = 0);
  }

  private void setAside(Entry entry, boolean isPutOff) {
    if (entry.pauses == null || entry.wasPutOff != isPutOff) {
      entry.wasPutOff = isPutOff;
      entry.pauses =
          isPutOff
              ? config.retrySchedule()
              : new RetrySchedule(ASIDE_FIRST, ASIDE_MOST, config.random());
    }
    entry.notBefore = config.nanoTime().getAsLong() + entry.pauses.next().toNanos();
  }

  /** How long it is until another one's time comes, at the most so long. */
  Duration untilNext(Duration most) {
    long now = config.nanoTime().getAsLong();
    return entries.values().stream()
        .filter(entry -> entry.pauses != null && entry.notBefore - now > 0)
        .map(entry -> Duration.ofNanos(entry.notBefore - now))
        .reduce(most, (a, b) -> a.compareTo(b) < 0 ? a : b);
  }

  /** The master failed on it. Returns how often it did so in a row. */
  int countFailure(SegmentFiles files) {
    Entry entry = entries.get(files);
    return entry == null ? 0 : ++entry.failures;
  }

  /** Something else went wrong with it: the master's failures are no longer in a row. */
  void forgetFailures(SegmentFiles files) {
    Entry entry = entries.get(files);
    if (entry != null) {
      entry.failures = 0;
    }
  }

  /** Whether all that is left is held back by the owner's limits. */
  boolean isDone() {
    return entries.values().stream()
        .noneMatch(entry -> config.limits().admits(entry.motion, entry.urgent));
  }

  /** What waits, those set aside or held back included. */
  Backlog backlog() {
    return new Backlog(entries.size(), entries.values().stream().mapToLong(e -> e.bytes).sum());
  }
}
