package io.github.raspberryspy.sink.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import io.github.raspberryspy.sink.Footage;
import io.github.raspberryspy.sink.alert.Alert;
import io.github.raspberryspy.sink.alert.AlertKind;
import io.github.raspberryspy.sink.event.Incident;
import io.github.raspberryspy.sink.event.MasterEvent.MotionReported;
import io.github.raspberryspy.sink.event.SettingsChange;
import io.github.raspberryspy.sink.event.SettingsChange.State;
import io.github.raspberryspy.sink.index.Statements.Statement;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/**
 * Asks the index all that it can be asked, and the database how it finds the answer to each
 * statement: through an index, without sorting, however many segments there are.
 */
class QueryPlansTest {

  /** Tables with as many rows as there is footage. */
  static final Set<String> GROWING =
      Set.of("segments", "motion", "uploads", "segment_zones", "heard_motion");

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final List<Class<?>> ASKED =
      List.of(
          SegmentIndex.class,
          CameraLog.class,
          FaultLog.class,
          HeardLog.class,
          IncidentLog.class,
          SettingsLog.class,
          PeopleLog.class,
          SessionLog.class,
          AuditLog.class,
          AlertLog.class,
          DeliveryLog.class,
          CameraKeys.class,
          ShareLog.class,
          Notes.class,
          Trash.class,
          GarbageLog.class,
          DamageLog.class,
          Shelves.class,
          Stamps.class,
          Whereabouts.class);

  /**
   * Of these, two ask who holds the database, one note by its name, or nothing; those of keys are
   * kept in memory.
   */
  private static final Set<String> ASK_NO_TABLE =
      Set.of(
          "SegmentIndex.close",
          "SegmentIndex.isTaken",
          "SegmentIndex.requireHeld",
          "CameraKeys.camera",
          "CameraKeys.isKnown",
          "CameraKeys.paired");

  @TempDir Path folder;
  private final List<StoredSegment> all = new ArrayList<>();

  SegmentIndex open() throws IOException {
    return SegmentIndex.open(folder.resolve("index.db"));
  }

  /** Its database, as it is reached without the index. */
  DataSource database() {
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + folder.resolve("index.db"));
    return source;
  }

  /** What is wrong with how the database finds the answer. */
  List<String> faults(Handle h, Statement statement) {
    List<String> steps = statement.explain(h, "EXPLAIN QUERY PLAN ", rs -> rs.getString("detail"));
    List<String> faults = new ArrayList<>();
    boolean isOfMany = false;
    for (String step : steps) {
      Matcher of = Pattern.compile("(SCAN|SEARCH) (\\w+)( USING .*INDEX)?.*").matcher(step);
      if (of.matches() && GROWING.contains(statement.table(of.group(2)))) {
        boolean stops = of.group(3) != null && statement.sql().contains("LIMIT");
        if (of.group(1).equals("SCAN") && !stops) {
          faults.add(step);
        }
        isOfMany |= !step.endsWith("(id=?)"); // else one for each row of a small table
      }
    }
    if (isOfMany) {
      steps.stream().filter(step -> step.contains("TEMP B-TREE")).forEach(faults::add);
    }
    return faults;
  }

  @Test
  void everyStatementFindsWhatItWantsByAnIndex() throws Exception {
    try (SegmentIndex index = open()) {
      fill(index);
      Statements statements = new Statements();
      index.watch(statements);
      askAll(index);
      assertThat(statements.askers()).containsAll(publicMethods());
      List<String> slow = new ArrayList<>();
      try (Handle h = Jdbi.open(database())) {
        for (Statement statement : statements.all()) {
          List<String> faults = faults(h, statement);
          if (!faults.isEmpty()) {
            slow.add(statement.sql() + "\n    " + String.join("\n    ", faults));
          }
        }
      }
      assertThat(slow).isEmpty();
    }
  }

  @Test
  void aStatementWithoutAnIndexIsFound() throws Exception {
    try (SegmentIndex index = open()) {
      fill(index);
      Statements statements = new Statements();
      try (Handle h = Jdbi.open(database())) {
        h.getConfig(SqlStatements.class).setSqlLogger(statements);
        h.createQuery("SELECT s.id FROM segments s WHERE s.bytes > :bytes LIMIT 1")
            .bind("bytes", 3)
            .mapTo(String.class)
            .list();
        h.createQuery("SELECT id FROM segments WHERE start_us > :start ORDER BY end_us LIMIT 1")
            .bind("start", 3)
            .mapTo(String.class)
            .list();
        assertThat(statements.all())
            .hasSize(2)
            .allSatisfy(statement -> assertThat(faults(h, statement)).isNotEmpty());
      }
    }
  }

  private void fill(SegmentIndex index) {
    Random random = new Random(9);
    for (int i = 0; i < 2000; i++) {
      all.add(SegmentIndexTest.segment(random, i));
    }
    index.add(all);
  }

  /** The public methods that ask the database. */
  private static Set<String> publicMethods() {
    Set<String> names = new TreeSet<>();
    for (Class<?> asked : ASKED) {
      for (Method method : asked.getDeclaredMethods()) {
        if (Modifier.isPublic(method.getModifiers())
            && !Modifier.isStatic(method.getModifiers())
            && !ASKED.contains(method.getReturnType())
            && !method.isSynthetic()
            && !ASK_NO_TABLE.contains(asked.getSimpleName() + "." + method.getName())) {
          names.add(asked.getSimpleName() + "." + method.getName());
        }
      }
    }
    return names;
  }

  private void askAll(SegmentIndex index) {
    listings().forEach(index::list);
    StoredSegment one = all.get(0);
    SegmentId id = one.manifest().id();
    Random random = new Random(10);
    StoredSegment fresh = SegmentIndexTest.segment(random, 5000);
    StoredSegment other = SegmentIndexTest.segment(random, 5001);
    index.isComplete();
    index.footageId("an-id");
    index.footageId();
    index.notes().putIfAbsent("name", "value");
    index.markComplete();
    index.find(id);
    index.findByUpload("token");
    index.add(fresh, "token");
    index.replace(fresh, other, "other");
    index.linkUpload("third", id);
    index.save(id, "note");
    index.setSaved(id, !one.saved());
    index.discard(all.get(1));
    index.remove(all.get(2).manifest().id());
    index.garbage().all();
    index.garbage().of(id);
    index.garbage().has(one.path());
    index.garbage().forget(new Garbage(all.get(1).path(), "segment"));
    for (Optional<String> camera : List.of(Optional.<String>empty(), Optional.of("cam-1"))) {
      index.oldestUnsaved(camera, true, 100);
      index.oldestUnsaved(camera, false, 100);
      index.days(camera);
      for (Optional<Instant> from : moments(NOON)) {
        for (Optional<Instant> to : moments(NOON.plusSeconds(3600))) {
          index.cameras().events(camera, from, to);
          index.cameras().incidents().incidents(from, to);
        }
      }
    }
    index.cameras().incidents().standing();
    index.cameras().motion().completed(Footage.unknown("cam-1", 0, "cut off").manifest());
    askSettings(index.cameras().settings());
    askAlerts(index.alerts(), index.deliveries());
    askKeys(index.cameraKeys());
    Incident incident = new Incident("i1", NOON, Optional.empty(), List.of(), List.of());
    index.cameras().incidents().noted(incident, NOON);
    index.cameras().incidents().isNoted(incident);
    index.cameras().incidents().untold(NOON);
    index.cameras().incidents().told(incident);
    index.totals();
    index.cameraTotals();
    index.shelves().all();
    index.shelves().since(NOON);
    askWhereabouts(index.whereabouts());
    askTrash(index.trash(), new TrashedSegment(all.get(3), NOON));
    askDamage(index.damage(), FileFact.of(all.get(4)));
    index.stamps().receive(id, NOON);
    index.stamps().lastBefore("cam-1", NOON);
    index
        .stamps()
        .settle(Optional.of(NOON), Duration.ofSeconds(1), NOON.plusSeconds(9), Optional.of(NOON));
    index.notes().put("note", "value");
    index.notes().get("note");
    index.notes().time("note");
    index.notes().remove("note");
    askCameras(index.cameras());
    askPeople(index.people());
    askShares(index.shares());
  }

  private static void askShares(ShareLog shares) {
    String hash = "1".repeat(64);
    shares.add(new Share(hash, "cam-1", NOON, NOON.plusSeconds(9), "Ada", NOON, NOON, false, 0));
    shares.find(hash);
    shares.open(NOON);
    shares.used(hash);
    shares.revoke(hash);
  }

  private static List<SegmentQuery> listings() {
    List<SegmentQuery> queries = new ArrayList<>();
    SegmentPosition place = new SegmentPosition(NOON, new SegmentId("cam-1", "0a1b2c3d", 1, 1));
    List<Optional<SegmentQuery.Motion>> motions = new ArrayList<>(List.of(Optional.empty()));
    for (SegmentQuery.Motion motion : SegmentQuery.Motion.values()) {
      motions.add(Optional.of(motion));
    }
    for (Optional<String> camera : List.of(Optional.<String>empty(), Optional.of("cam-1"))) {
      for (Optional<Instant> from : moments(NOON)) {
        for (Optional<Instant> to : moments(NOON.plusSeconds(3600))) {
          for (Optional<SegmentQuery.Motion> motion : motions) {
            for (Optional<Boolean> saved :
                List.of(Optional.<Boolean>empty(), Optional.of(true), Optional.of(false))) {
              for (Optional<SegmentPosition> after :
                  List.of(Optional.<SegmentPosition>empty(), Optional.of(place))) {
                for (boolean isAscending : List.of(true, false)) {
                  for (Optional<String> zone :
                      List.of(Optional.<String>empty(), Optional.of("door"))) {
                    queries.add(
                        new SegmentQuery(
                            camera, from, to, motion, saved, isAscending, after, 1, 9, zone));
                  }
                }
              }
            }
          }
        }
      }
    }
    return queries;
  }

  private static List<Optional<Instant>> moments(Instant moment) {
    return List.of(Optional.empty(), Optional.of(moment));
  }

  private static void askWhereabouts(Whereabouts whereabouts) {
    whereabouts.next("");
    whereabouts.listed("cam-1/2026-11-21/", "cam-1/2026-11-210");
    whereabouts.trashed("cam-1/2026-11-21/", "cam-1/2026-11-210");
    whereabouts.leaving("cam-1/2026-11-21/", "cam-1/2026-11-210");
  }

  private static void askTrash(Trash trash, TrashedSegment trashed) {
    SegmentId id = trashed.segment().manifest().id();
    trash.add(trashed);
    trash.find(id);
    trash.oldest(1);
    trash.newest(10);
    trash.bytes();
    trash.restore(trashed);
    trash.discard(trashed);
  }

  private static void askDamage(DamageLog damage, FileFact file) {
    damage.after("", 10);
    damage.note(file, "cut", NOON);
    damage.of(file.id());
    damage.count();
    damage.newest(10);
    damage.clear(file.id());
    damage.isKnown(file.path());
  }

  private static void askPeople(PeopleLog people) {
    Person owner = new Person("p1", "Ada", Role.OWNER, "hash", NOON);
    people.add(owner);
    people.all();
    people.named("ada");
    people.password("p1", "other", "");
    people.rehash("p1", "other", "third");
    people.remove("p1");
    String hash = "0".repeat(64);
    people.invited(new Invitation(hash, Role.VIEWER, "Ada", NOON, NOON.plusSeconds(60)));
    people.invitations(NOON);
    people.join(new Person("p2", "Bob", Role.VIEWER, "hash", NOON), hash);
    people.uninvite(hash);
    people.audit().add(NOON, "Ada", "::1", "save", "");
    people.audit().entries(Long.MAX_VALUE, 10);
    people.audit().fault();
    SessionLog sessions = people.sessions();
    sessions.opened(
        new KnownSession(hash, Optional.of(owner), NOON, NOON, NOON.plusSeconds(9), "b", "a"));
    sessions.find(hash);
    sessions.open(NOON);
    sessions.used(hash, NOON, "a");
    sessions.end(hash);
    sessions.endAll("p1", "");
  }

  private static void askCameras(CameraLog cameras) {
    cameras.heard(new KnownCamera("cam-1", "key", "software", "source", NOON, "lost"));
    cameras.heard(Map.of("cam-1", NOON));
    cameras.awaited();
    cameras.known();
    cameras.away("cam-1", "lost", NOON);
    cameras.back("cam-1", NOON.plusSeconds(1));
    cameras.faults().noted("cam-1", new Fault("dark", false, true, NOON, "It is dark."), NOON);
    cameras.faults().noted("cam-1", new Fault("dark", true, true, NOON, "It is dark."), NOON);
    EventSpan span = new EventSpan(NOON, NOON.plusSeconds(1), 0.5, List.of(), List.of());
    cameras.motion().noted(List.of(new MotionReported("cam-1", false, span)));
    cameras.motion().noted(List.of(new MotionReported("cam-1", true, span)));
    cameras.faults().standing();
    cameras.faults().over("cam-1", NOON);
  }

  private static void askSettings(SettingsLog settings) {
    settings.noted(
        new SettingsChange("cam-1", 1, NOON, "who", State.WAITING, "", Map.of("key", "value")));
    settings.latest("cam-1", 10);
    settings.name("cam-1", Optional.of("Door"));
    settings.names();
    settings.name("cam-1", Optional.empty());
  }

  private static void askAlerts(AlertLog alerts, DeliveryLog deliveries) {
    Alert alert =
        new Alert("0a".repeat(16), AlertKind.LOST, "cam-1", "Door", NOON, List.of(), "it is", 0);
    alerts.add(alert, List.of("0b".repeat(16)), List.of("mail"), Duration.ZERO, NOON);
    alerts.isKnown(alert.id());
    alerts.latest(10);
    alerts.unseen();
    alerts.unseen("ann");
    alerts.seen("ann", Role.OWNER, NOON, NOON);
    deliveries.due("mail", NOON, Duration.ofDays(1), 1);
    deliveries.failed("mail", NOON, "why");
    deliveries.failed(alert.id(), "mail", NOON, Optional.of(NOON), "why");
    deliveries.failed(alert.id(), "mail", NOON, Optional.empty(), "why");
    deliveries.delivered(alert.id(), "mail", NOON);
    deliveries.worked("mail", NOON);
    deliveries.state("mail");
  }

  private static void askKeys(CameraKeys keys) {
    CameraKey key = new CameraKey("cam-1", "0b".repeat(32), NOON);
    keys.pair(key, new CameraKeys.Ticket("hash", NOON.plusSeconds(60), false));
    keys.paired();
    keys.camera(key.key());
    keys.isKnown("cam-1");
    keys.revoke("cam-1", NOON);
  }
}
