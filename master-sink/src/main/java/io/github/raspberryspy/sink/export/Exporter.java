package io.github.raspberryspy.sink.export;

import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.SegmentPage;
import io.github.raspberryspy.sink.index.SegmentPosition;
import io.github.raspberryspy.sink.index.SegmentQuery;
import io.github.raspberryspy.sink.index.StoredSegment;
import io.github.raspberryspy.sink.store.SegmentStore;
import io.github.raspberryspy.sink.store.StoreException;
import java.io.IOException;
import java.time.ZoneId;
import java.util.Optional;

/** Plans exports: which segments, where they are cut, how large the file will be. Thread-safe. */
public final class Exporter {

  /** A day of segments of ten seconds is less; the plan of each takes some hundred bytes. */
  static final int MOST_SEGMENTS = 10_000;

  private static final int PAGE = 500;

  private final SegmentIndex index;
  private final SegmentStore store;

  /** Of what the index lists. */
  public Exporter(SegmentIndex index, SegmentStore store) {
    this.index = index;
    this.store = store;
  }

  /**
   * Plans one: the beginning of each segment is read, and of those that are cut the heads of
   * fragments.
   *
   * @param zone in which the file says when it was filmed
   * @throws StoreException NOT_FOUND if there is nothing within the range, CONFLICT if the pictures
   *     change within it so that one file cannot hold them, TOO_LARGE if it has too many segments,
   *     AWAY if the footage cannot be reached
   */
  public Export plan(ExportRange range, ZoneId zone) throws IOException {
    ExportPlan plan = new ExportPlan(store, range);
    Optional<SegmentPosition> after = Optional.empty();
    int segments = 0;
    do {
      SegmentPage page = index.list(query(range, after));
      segments += page.segments().size();
      if (segments > MOST_SEGMENTS) {
        throw new StoreException(
            StoreException.Kind.TOO_LARGE,
            "the range has over " + MOST_SEGMENTS + " segments; export a shorter one");
      }
      for (StoredSegment segment : page.segments()) {
        plan.add(segment);
      }
      after = page.next();
    } while (after.isPresent());
    return plan.export(zone);
  }

  private static SegmentQuery query(ExportRange range, Optional<SegmentPosition> after) {
    return new SegmentQuery(
        Optional.of(range.camera()),
        Optional.of(range.from()),
        Optional.of(range.to()),
        Optional.empty(),
        Optional.empty(),
        true,
        after,
        1,
        PAGE);
  }
}
