package io.github.raspberryspy.sink.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.UnknownSpan;
import io.github.raspberryspy.segments.VideoFormat;
import io.github.raspberryspy.sink.index.Statements.Statement;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteDataSource;

/**
 * What the page, retention and the scrubber ask, over some footage and over ten times as much
 * (F39). It is not timed but counted: in steps of the database's machine, which are the same
 * wherever it runs. {@code -Dsegments=1000000} asks over as many.
 */
class ScaleTest {

  private static final int SEGMENTS = Integer.getInteger("segments", 20_000);
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LENGTH = Duration.ofMinutes(2);
  private static final int CAMERAS = 4;
  private static final int BATCH = 500;

  /** Even the rarest are more than a page in each half of the smaller footage. */
  private static final int LIMIT = 10;

  /** A tree with ten times the leaves is a step or two deeper. */
  private static final double MOST_GROWTH = 1.25;

  @TempDir Path folder;

  @Test
  void noQuestionCostsMoreOverTenTimesTheFootage() throws Exception {
    Map<String, Long> some = steps(SEGMENTS / 10);
    Map<String, Long> all = steps(SEGMENTS);
    assertThat(all.keySet()).isEqualTo(some.keySet());
    assertThat(all)
        .allSatisfy(
            (sql, steps) ->
                assertThat(steps)
                    .as("%s: %d steps over a tenth", sql, some.get(sql))
                    .isLessThanOrEqualTo((long) (some.get(sql) * MOST_GROWTH)));
  }

  /** How many steps each question takes over so many segments. */
  private Map<String, Long> steps(int count) throws Exception {
    Path file = folder.resolve(count + ".db");
    Statements statements = new Statements();
    try (SegmentIndex index = SegmentIndex.open(file)) {
      fill(index, count);
      index.watch(statements);
      ask(index, BEGIN.plus(LENGTH.multipliedBy(count / CAMERAS / 2)));
    }
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + file);
    Map<String, Long> steps = new LinkedHashMap<>();
    try (Handle h = Jdbi.open(source)) {
      for (Statement statement : statements.all()) {
        steps.put(statement.sql(), steps(h, statement));
      }
    }
    return steps;
  }

  private static long steps(Handle h, Statement statement) throws SQLException {
    Connection connection = h.getConnection();
    long[] steps = {0};
    ProgressHandler.setHandler(
        connection,
        1,
        new ProgressHandler() {
          @Override
          protected int progress() {
            steps[0]++;
            return 0;
          }
        });
    try {
      statement.explain(h, "", row -> "");
    } finally {
      ProgressHandler.clearHandler(connection);
    }
    return steps[0];
  }

  /** What is asked is somewhere in the middle of what there is, or the last or first of it. */
  private static void ask(SegmentIndex index, Instant middle) {
    SegmentId id = id(1, 10);
    SegmentPosition place = new SegmentPosition(middle, id);
    Optional<Instant> from = Optional.of(middle);
    Optional<Instant> to = Optional.of(middle.plus(Duration.ofHours(3)));
    List<Optional<SegmentQuery.Motion>> motions =
        List.of(
            Optional.empty(),
            Optional.of(SegmentQuery.Motion.SOME),
            Optional.of(SegmentQuery.Motion.UNKNOWN));
    for (Optional<String> camera : List.of(Optional.<String>empty(), Optional.of("cam-1"))) {
      for (Optional<SegmentQuery.Motion> motion : motions) {
        for (Optional<Boolean> saved : List.of(Optional.<Boolean>empty(), Optional.of(true))) {
          for (boolean up : List.of(true, false)) {
            Optional<Instant> ever = Optional.empty();
            Optional<SegmentPosition> first = Optional.empty();
            Optional<SegmentPosition> next = Optional.of(place);
            index.list(new SegmentQuery(camera, ever, ever, motion, saved, up, first, 1, LIMIT));
            index.list(new SegmentQuery(camera, from, to, motion, saved, up, first, 1, LIMIT));
            index.list(new SegmentQuery(camera, ever, ever, motion, saved, up, next, 1, LIMIT));
          }
        }
      }
      index.oldestUnsaved(camera, true, LIMIT);
      index.oldestUnsaved(camera, false, LIMIT);
      index.cameras().events(camera, from, to);
    }
    index.find(id);
    index.findByUpload("token");
    index.totals();
    index.cameraTotals();
    index.shelves().all();
    index.stamps().lastBefore("cam-1", middle);
    index.damage().after(id.toString(), LIMIT);
    index.damage().isKnown("cam-1/10.mp4");
    index.damage().newest(LIMIT);
    index.trash().bytes();
    index.trash().oldest(1);
  }

  private static void fill(SegmentIndex index, int count) {
    List<StoredSegment> batch = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      batch.add(segment(i % CAMERAS, i / CAMERAS));
      if (batch.size() == BATCH || i == count - 1) {
        index.add(batch);
        batch.clear();
      }
    }
  }

  private static SegmentId id(int camera, int sequence) {
    return new SegmentId("cam-" + camera, "0a1b2c3d", 1, sequence);
  }

  private static StoredSegment segment(int camera, int sequence) {
    Instant start = BEGIN.plus(LENGTH.multipliedBy(sequence));
    Instant end = start.plus(LENGTH);
    EventSpan span = new EventSpan(start, end, 0.5, List.of(), List.of());
    UnknownSpan unseen = new UnknownSpan(start, end, UnknownSpan.OFF_SCHEDULE);
    SegmentManifest manifest =
        new SegmentManifest(
            id(camera, sequence),
            start,
            end,
            ClockState.SYNCED,
            0,
            1,
            new VideoFormat("avc1.42c01e", 640, 480, 10),
            Optional.empty(),
            new Content(1 + sequence % 7, "a".repeat(64)),
            sequence % 3 == 0 ? List.of(span) : List.of(),
            sequence % 3 == 1 ? List.of(unseen) : List.of(),
            List.of(),
            CloseReason.TIME);
    boolean isSaved = sequence % 4 == 0;
    return new StoredSegment(manifest, end, isSaved, "cam-" + camera + "/" + sequence + ".mp4");
  }
}
