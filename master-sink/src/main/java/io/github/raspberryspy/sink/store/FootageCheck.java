package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StoredSegment;
import io.github.raspberryspy.sink.index.TrashedSegment;
import io.github.raspberryspy.sink.store.FootageFiles.Entry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Compares what the index lists with what lies in the footage's place, and reads all of it again:
 * presence, size, hash and manifest of each segment, listed or in the trash, and what is in
 * quarantine and under way. Only reads, and may do so beside the master. For one thread.
 */
public final class FootageCheck {

  /*
   * A master that runs changes both sides in turn, so what does not agree is looked at once more,
   * and only what is wrong both times, with the index read anew, is a fault. What lies there without
   * a row may be a seal's that is under way: that counts after an hour, as for the scrubber.
   */
  private static final Duration YOUNG = Duration.ofHours(1);

  private final FootageFiles files;
  private final SegmentIndex index;
  private final Consumer<Fault> told;
  private final Instant young;
  private final SegmentInspection inspection;
  private long segments;
  private long bytes;
  private long faults;

  /**
   * Something that is not as it has to be.
   *
   * @param key where it lies, below the footage folder or the bucket's prefix
   * @param problem what is wrong with it: the rest of a sentence that begins with the key
   */
  public record Fault(String key, String problem) {}

  /**
   * What was seen.
   *
   * @param segments that the index lists or has in the trash
   * @param bytes of theirs that were read again
   * @param faults that were told
   */
  public record Sum(long segments, long bytes, long faults) {}

  /**
   * Nothing is looked at yet.
   *
   * @param told each fault as it is found
   */
  public FootageCheck(FootageFiles files, SegmentIndex index, Clock clock, Consumer<Fault> told) {
    this.files = files;
    this.index = index;
    this.told = told;
    this.young = clock.instant().minus(YOUNG);
    this.inspection = new SegmentInspection(files);
  }

  /**
   * Looks at everything.
   *
   * @param uploads what is wrong with what is under way, looked at anew with each call
   * @throws IllegalArgumentException in one sentence, if the index is not filled yet
   * @throws IOException in one sentence, if the footage cannot be reached any more
   */
  public Sum run(Uploads uploads) throws IOException {
    if (!index.isComplete()) {
      throw new IllegalArgumentException(
          "the index is not filled from the footage yet: its master does that when it starts");
    }
    Set<Fault> underWay = uploads.faults();
    for (String day : days()) {
      Set<String> doubtful = look(day, video -> true, true).keySet();
      if (!doubtful.isEmpty()) {
        look(day, doubtful::contains, false).values().forEach(this::tell);
      }
    }
    Set<Fault> kept = Quarantine.faults(files);
    if (!kept.isEmpty()) {
      kept.retainAll(Quarantine.faults(files));
    }
    if (!underWay.isEmpty()) {
      underWay.retainAll(uploads.faults());
    }
    tell(List.copyOf(kept));
    tell(List.copyOf(underWay));
    index
        .people()
        .audit()
        .fault()
        .ifPresent(f -> tell(List.of(new Fault("index", "is not whole: " + f))));
    return new Sum(segments, bytes, faults);
  }

  /** What is being uploaded. */
  @FunctionalInterface
  public interface Uploads {
    /** What is wrong with it now. */
    Set<Fault> faults() throws IOException;
  }

  private void tell(List<Fault> some) {
    faults += some.size();
    some.forEach(told);
  }

  /** Days of which the index knows something, or that lie there. */
  private Set<String> days() throws IOException {
    Set<String> days = new TreeSet<>(files.days());
    for (Optional<String> path = index.whereabouts().next(""); path.isPresent(); ) {
      String day = path.get().substring(0, path.get().lastIndexOf('/'));
      days.add(day);
      path = index.whereabouts().next(end(day));
    }
    return days;
  }

  /** The first text behind all paths of a day. */
  private static String end(String day) {
    return day + (char) ('/' + 1);
  }

  /** What is wrong with the segments of a day that are asked for, by their videos' keys. */
  private Map<String, List<Fault>> look(String day, Predicate<String> which, boolean counts)
      throws IOException {
    String from = day + "/";
    List<StoredSegment> listed = index.whereabouts().listed(from, end(day));
    List<TrashedSegment> trashed = index.whereabouts().trashed(from, end(day));
    Set<String> known = new HashSet<>(index.whereabouts().leaving(from, end(day)));
    Map<String, Entry> there = new TreeMap<>();
    files.list(day).forEach(entry -> there.put(entry.key(), entry));

    Map<String, List<Fault>> found = new TreeMap<>();
    for (StoredSegment row : listed) {
      if (which.test(row.path())) {
        note(found, row.path(), inspection.listed(row, there));
      }
      known.add(row.path());
    }
    for (TrashedSegment trash : trashed) {
      String path = trash.segment().path();
      if (which.test(path)) {
        note(found, path, inspection.trashed(trash, there));
      }
      known.add(path);
    }
    if (counts) {
      segments += listed.size() + trashed.size();
      bytes = inspection.bytes();
    }
    there.values().stream()
        .filter(entry -> !entry.written().isAfter(young))
        .forEach(entry -> noteUnknown(found, entry, known, which));
    return found;
  }

  private static void note(Map<String, List<Fault>> found, String video, List<Fault> some) {
    if (!some.isEmpty()) {
      found.computeIfAbsent(video, key -> new ArrayList<>()).addAll(some);
    }
  }

  private static void noteUnknown(
      Map<String, List<Fault>> found, Entry entry, Set<String> known, Predicate<String> which) {
    Optional<String> video = FootageKeys.videoBeside(entry.key());
    if (video.isPresent() && !known.contains(video.get()) && which.test(video.get())) {
      note(found, video.get(), List.of(new Fault(entry.key(), "belongs to nothing in the index")));
    }
  }
}
