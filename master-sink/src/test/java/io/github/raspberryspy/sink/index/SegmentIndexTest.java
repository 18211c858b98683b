package io.github.raspberryspy.sink.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.UnknownSpan;
import io.github.raspberryspy.segments.VideoFormat;
import io.github.raspberryspy.sink.index.SegmentQuery.Motion;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** The index in a file against a list in memory that is searched naively. */
class SegmentIndexTest {

  private static final Instant BEGIN = Instant.parse("2026-11-20T00:00:00Z");
  private static final Comparator<StoredSegment> BY_START =
      Comparator.comparing((StoredSegment s) -> s.manifest().start())
          .thenComparing(s -> s.manifest().id().toString());

  @TempDir Path folder;

  /** A new index, or the one that this test has opened before. */
  SegmentIndex open() throws IOException {
    return SegmentIndex.open(folder.resolve("index.db"));
  }

  /** Its database, as it is reached without the index. */
  DataSource database() {
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + folder.resolve("index.db"));
    return source;
  }

  /** Where the migrations of its kind of database are. */
  String migrations() {
    return "classpath:db/sqlite";
  }

  @RepeatedTest(8)
  void everyQuestionIsAnsweredAsByANaiveSearch(RepetitionInfo repetition) throws Exception {
    Random random = new Random(repetition.getCurrentRepetition());
    try (SegmentIndex index = open()) {
      List<StoredSegment> model = new ArrayList<>();
      for (int i = 0; i < 150; i++) {
        model.add(segment(random, i));
      }
      index.add(model);
      change(index, model, random);

      model.sort(BY_START);
      assertThat(index.totals()).isEqualTo(totals(model));
      for (int i = 0; i < 60; i++) {
        SegmentQuery query = query(random);
        List<StoredSegment> wanted = model.stream().filter(matches(query)).toList();
        List<StoredSegment> ordered = new ArrayList<>(wanted);
        if (!query.ascending()) {
          Collections.reverse(ordered);
        }
        SegmentPage page = index.list(query);
        assertThat(page.total()).as(query.toString()).isEqualTo(wanted.size());
        int from = Math.min(ordered.size(), (query.page() - 1) * query.limit());
        int to = Math.min(ordered.size(), from + query.limit());
        assertThat(page.segments()).as(query.toString()).isEqualTo(ordered.subList(from, to));
        assertThat(pageByPage(index, query)).as(query.toString()).isEqualTo(ordered);
      }
      for (Optional<String> camera : List.of(Optional.<String>empty(), Optional.of("cam-1"))) {
        TreeSet<String> days = new TreeSet<>(Comparator.reverseOrder());
        model.stream()
            .filter(s -> camera.isEmpty() || s.manifest().id().camera().equals(camera.get()))
            .forEach(s -> days.add(s.manifest().name().day()));
        assertThat(index.days(camera)).containsExactlyElementsOf(days);
      }
      for (CameraTotals totals : index.cameraTotals()) {
        List<StoredSegment> own =
            model.stream().filter(s -> s.manifest().id().camera().equals(totals.camera())).toList();
        assertThat(totals.segments()).isEqualTo(own.size());
        assertThat(totals.latestSegment())
            .isEqualTo(own.get(own.size() - 1).manifest().id().toString());
      }
      for (Shelf shelf : index.shelves().all()) {
        long beside =
            model.stream()
                .filter(s -> s.manifest().id().camera().equals(shelf.camera()) && !s.saved())
                .mapToLong(s -> 8192 + 4L * ManifestCodec.encode(s.manifest()).length)
                .sum();
        assertThat(shelf.besideBytes()).as(shelf.camera()).isEqualTo(beside);
      }
      Instant from = BEGIN.plusSeconds(100_000);
      Instant to = BEGIN.plusSeconds(200_000);
      long spans =
          model.stream()
              .flatMap(s -> s.manifest().motion().stream())
              .filter(e -> !e.end().isBefore(from) && e.start().isBefore(to))
              .count();
      assertThat(index.cameras().events(Optional.empty(), Optional.of(from), Optional.of(to)))
          .hasSize((int) spans);
    }
  }

  /** All that is asked for, from each page to the next. */
  private static List<StoredSegment> pageByPage(SegmentIndex index, SegmentQuery query) {
    List<StoredSegment> all = new ArrayList<>();
    Optional<SegmentPosition> after = Optional.empty();
    do {
      SegmentPage page = index.list(from(query, after));
      assertThat(page.segments().size()).isLessThanOrEqualTo(query.limit());
      all.addAll(page.segments());
      after = page.next().map(next -> SegmentPosition.parse(next.toString()));
    } while (after.isPresent());
    return all;
  }

  private static SegmentQuery from(SegmentQuery query, Optional<SegmentPosition> after) {
    return new SegmentQuery(
        query.camera(),
        query.from(),
        query.to(),
        query.motion(),
        query.saved(),
        query.ascending(),
        after,
        1,
        query.limit());
  }

  /** Many filmed at once, and a page that begins among them. */
  @Test
  void noSegmentIsMissedWhileOthersComeAndGo() throws Exception {
    Random random = new Random(4);
    List<StoredSegment> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      StoredSegment one = segment(random, i);
      all.add(i % 2 == 0 ? one : startingWith(one, all.get(i - 1)));
    }
    all.sort(BY_START);
    SegmentQuery query = ofAll(true, 3);
    try (SegmentIndex index = open()) {
      index.add(all);
      SegmentPage page = index.list(query);
      List<StoredSegment> seen = new ArrayList<>(page.segments());
      while (page.next().isPresent()) {
        index.discard(seen.get(seen.size() - 1)); // the very one that the next page begins behind
        page = index.list(from(query, page.next()));
        seen.addAll(page.segments());
      }
      assertThat(seen).isEqualTo(all);
    }
  }

  @Test
  void whatIsAskedForWithinATimeIsCountedSoFarAndNoFurther() throws Exception {
    Random random = new Random(6);
    List<StoredSegment> all = new ArrayList<>();
    for (int i = 0; i <= Listing.MOST_COUNTED; i++) {
      all.add(segment(random, i));
    }
    SegmentQuery since =
        new SegmentQuery(
            Optional.empty(),
            Optional.of(BEGIN),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            true,
            Optional.empty(),
            1,
            1);
    try (SegmentIndex index = open()) {
      index.add(all);
      assertThat(index.list(ofAll(true, 1)).total()).isEqualTo(all.size());
      assertThat(index.list(ofAll(true, 1)).hasMore()).isFalse();
      assertThat(index.list(since).total()).isEqualTo(Listing.MOST_COUNTED);
      assertThat(index.list(since).hasMore()).isTrue();
      index.remove(all.get(0).manifest().id());
      assertThat(index.list(since).total()).isEqualTo(Listing.MOST_COUNTED);
      assertThat(index.list(since).hasMore()).isFalse();
    }
  }

  /** A camera may say much of each segment: of all of them together it would fill the memory. */
  @Test
  void whereMuchIsSaidOfSegmentsAnswersAreShorter() throws Exception {
    Random random = new Random(7);
    List<Box> boxes = Collections.nCopies(EventSpan.MAX_BOXES, new Box(1 / 3d, 1 / 7d, 0.1, 0.1));
    List<StoredSegment> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      StoredSegment one = segment(random, i);
      EventSpan span =
          new EventSpan(
              one.manifest().start(),
              one.manifest().end(),
              0.5,
              List.of("\u6c49".repeat(90)),
              boxes);
      all.add(moving(one, Collections.nCopies(400, span)));
    }
    try (SegmentIndex index = open()) {
      index.add(all);
      SegmentPage page = index.list(ofAll(true, 1000));
      int bytes =
          page.segments().stream().mapToInt(s -> ManifestCodec.encode(s.manifest()).length).sum();
      assertThat(bytes).isBetween(300_000, (int) Portion.OF_SEGMENTS);
      assertThat(page.total()).isEqualTo(all.size());
      assertThat(pageByPage(index, ofAll(true, 1000)))
          .extracting(segment -> segment.manifest().id())
          .containsExactlyElementsOf(
              all.stream().sorted(BY_START).map(segment -> segment.manifest().id()).toList());
      assertThat(
              index.cameras().events(Optional.empty(), Optional.empty(), Optional.empty()).stream()
                  .mapToLong(event -> event.span().orElseThrow().getBytes(UTF_8).length)
                  .sum())
          .isBetween(Portion.OF_EVENTS - 2000, Portion.OF_EVENTS);
    }
  }

  private static StoredSegment moving(StoredSegment segment, List<EventSpan> motion) {
    SegmentManifest m = segment.manifest();
    return new StoredSegment(
        new SegmentManifest(
            m.id(),
            m.start(),
            m.end(),
            m.clock(),
            m.firstPtsUs(),
            m.frames(),
            m.video(),
            m.content(),
            motion,
            m.gaps(),
            m.closed()),
        segment.receivedAt(),
        segment.saved(),
        segment.path());
  }

  static SegmentQuery ofAll(boolean ascending, int limit) {
    return new SegmentQuery(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        ascending,
        Optional.empty(),
        1,
        limit);
  }

  private static StoredSegment startingWith(StoredSegment one, StoredSegment other) {
    SegmentManifest m = one.manifest();
    Instant start = other.manifest().start();
    return new StoredSegment(
        new SegmentManifest(
            m.id(),
            start,
            start.plusSeconds(1),
            m.clock(),
            m.firstPtsUs(),
            m.frames(),
            m.video(),
            m.audio(),
            m.content(),
            List.of(),
            List.of(),
            m.gaps(),
            m.closed()),
        one.receivedAt(),
        one.saved(),
        one.path());
  }

  @Test
  void anIndexOfBeforeLearnsThatNobodyLooked() throws Exception {
    List<StoredSegment> all = new ArrayList<>();
    Random random = new Random(3);
    for (int i = 0; i < 100; i++) {
      all.add(segment(random, i));
    }
    Flyway.configure().dataSource(database()).locations(migrations()).target("2").load().migrate();
    try (Connection old = database().getConnection()) {
      for (StoredSegment one : all) {
        insertAsBefore(old, one);
      }
    }
    try (SegmentIndex index = open()) {
      for (Motion motion : Motion.values()) {
        SegmentQuery query =
            new SegmentQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(motion),
                Optional.empty(),
                true,
                Optional.empty(),
                1,
                200);
        assertThat(index.list(query).segments())
            .as("%s", motion)
            .isNotEmpty()
            .containsExactlyInAnyOrderElementsOf(
                all.stream().filter(s -> motion(s.manifest()) == motion).toList());
      }
    }
  }

  /** As the first version wrote rows, to which motion that nobody looked for was none. */
  private static void insertAsBefore(Connection old, StoredSegment one) throws SQLException {
    SegmentManifest m = one.manifest();
    Object[] row = {
      m.id().toString(),
      m.id().camera(),
      m.id().run(),
      m.id().sequence(),
      Micros.of(m.start()),
      Micros.of(m.end()),
      m.name().day(),
      m.content().bytes(),
      m.content().sha256(),
      m.motion().size(),
      one.saved() ? 1 : 0,
      Micros.of(one.receivedAt()),
      one.path(),
      ManifestCodec.encode(m)
    };
    String values = "?" + ", ?".repeat(row.length - 1);
    try (PreparedStatement insert =
        old.prepareStatement("INSERT INTO segments VALUES (" + values + ")")) {
      for (int i = 0; i < row.length; i++) {
        insert.setObject(i + 1, row[i]);
      }
      insert.executeUpdate();
    }
  }

  /** Before, a camera that was silent had left or not; its key says whether it was unpaired. */
  @Test
  void whatASilentCameraIsStaysKnownWhereOlderMastersOnlyKnewThatItHadLeft() throws Exception {
    Flyway.configure().dataSource(database()).locations(migrations()).target("14").load().migrate();
    try (Connection old = database().getConnection();
        Statement s = old.createStatement()) {
      for (String camera : List.of("lost 0", "left 1", "sold 0", "again 0")) {
        String[] words = camera.split(" ", -1);
        s.executeUpdate(
            "INSERT INTO cameras (camera, key, software, source, last_heard_us, has_left) VALUES ('"
                + words[0]
                + "', 'k', '', '', 7, "
                + words[1]
                + ")");
      }
      s.executeUpdate("INSERT INTO camera_keys VALUES ('k1', 'sold', 1, 2)");
      s.executeUpdate("INSERT INTO camera_keys VALUES ('k2', 'again', 1, 2)");
      s.executeUpdate("INSERT INTO camera_keys VALUES ('k3', 'again', 3, NULL)");
      s.executeUpdate("INSERT INTO losses (camera, start_us) VALUES ('lost', 7)");
    }
    try (SegmentIndex index = open()) {
      assertThat(index.cameras().known())
          .extracting(camera -> camera.camera() + " " + camera.state())
          .containsExactly("again lost", "left stopped", "lost lost", "sold unpaired");
      assertThat(index.cameras().awaited()).containsExactlyInAnyOrder("again", "lost");
    }
  }

  @Test
  void takenIdOrPathIsNeverOverwritten() throws Exception {
    Random random = new Random(1);
    StoredSegment one = segment(random, 0);
    StoredSegment samePath =
        new StoredSegment(segment(random, 1).manifest(), BEGIN, false, one.path());
    try (SegmentIndex index = open()) {
      index.add(one, "token");

      assertThatThrownBy(() -> index.add(one, "other")).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> index.add(samePath, "other"))
          .isInstanceOf(IllegalStateException.class);

      assertThat(index.findByUpload("token")).contains(one);
      assertThat(index.findByUpload("other")).isEmpty();
      assertThat(index.totals().segments()).isEqualTo(1);
      index.remove(one.manifest().id());
      assertThat(index.findByUpload("token")).isEmpty();
      assertThat(index.totals()).isEqualTo(new StorageTotals(0, 0, 0, 0));
    }
  }

  private static void change(SegmentIndex index, List<StoredSegment> model, Random random) {
    for (int i = 0; i < 30; i++) {
      StoredSegment one = model.get(random.nextInt(model.size()));
      if (random.nextBoolean()) {
        index.discard(one);
        model.remove(one);
      } else {
        index.setSaved(one.manifest().id(), !one.saved());
        model.set(
            model.indexOf(one),
            new StoredSegment(one.manifest(), one.receivedAt(), !one.saved(), one.path()));
      }
    }
  }

  private static StorageTotals totals(List<StoredSegment> model) {
    Stream<StoredSegment> saved = model.stream().filter(StoredSegment::saved);
    return new StorageTotals(
        model.size(),
        model.stream().mapToLong(s -> s.manifest().content().bytes()).sum(),
        model.stream().filter(StoredSegment::saved).count(),
        saved.mapToLong(s -> s.manifest().content().bytes()).sum());
  }

  private static Predicate<StoredSegment> matches(SegmentQuery q) {
    return s -> {
      SegmentManifest m = s.manifest();
      return (q.camera().isEmpty() || q.camera().get().equals(m.id().camera()))
          && (q.from().isEmpty() || m.end().isAfter(q.from().get()))
          && (q.to().isEmpty() || m.start().isBefore(q.to().get()))
          && (q.motion().isEmpty() || q.motion().get() == motion(m))
          && (q.saved().isEmpty() || q.saved().get() == s.saved());
    };
  }

  private static Motion motion(SegmentManifest m) {
    if (!m.motion().isEmpty()) {
      return Motion.SOME;
    }
    return m.unknown().isEmpty() ? Motion.NONE : Motion.UNKNOWN;
  }

  private static SegmentQuery query(Random random) {
    return new SegmentQuery(
        random.nextBoolean() ? Optional.empty() : Optional.of("cam-" + random.nextInt(4)),
        random.nextBoolean() ? Optional.empty() : Optional.of(moment(random)),
        random.nextBoolean() ? Optional.empty() : Optional.of(moment(random)),
        random.nextInt(3) > 0
            ? Optional.empty()
            : Optional.of(List.of(Motion.values()).get(random.nextInt(3))),
        random.nextInt(3) > 0 ? Optional.empty() : Optional.of(random.nextBoolean()),
        random.nextBoolean(),
        Optional.empty(),
        1 + random.nextInt(3),
        1 + random.nextInt(60));
  }

  private static Instant moment(Random random) {
    return BEGIN.plusSeconds(random.nextInt(300_000));
  }

  static StoredSegment segment(Random random, int number) {
    SegmentId id = new SegmentId("cam-" + random.nextInt(3), "0a1b2c3d", 1, number);
    Instant start = moment(random);
    Instant end = start.plusSeconds(random.nextInt(10) == 0 ? 86_400 : 1 + random.nextInt(600));
    List<EventSpan> motion =
        random.nextInt(3) == 0
            ? List.of(new EventSpan(start, end, 0.5, List.of(), List.of()))
            : List.of();
    String why = random.nextBoolean() ? "detection failed" : UnknownSpan.OFF_SCHEDULE;
    return new StoredSegment(
        new SegmentManifest(
            id,
            start,
            end,
            ClockState.SYNCED,
            0,
            1,
            new VideoFormat("avc1.42c01e", 640, 480, 10),
            Optional.empty(),
            new Content(1 + random.nextInt(1000), "a".repeat(64)),
            motion,
            random.nextInt(4) == 0 ? List.of(new UnknownSpan(start, end, why)) : List.of(),
            List.of(),
            CloseReason.TIME),
        start.plusSeconds(1),
        random.nextInt(5) == 0,
        id.camera() + "/day/" + number + ".mp4");
  }
}
