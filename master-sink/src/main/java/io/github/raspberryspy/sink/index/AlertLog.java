package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.sink.alert.Alert;
import io.github.raspberryspy.sink.alert.AlertKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The alerts that people were told, the latest 10,000, and who has seen them. Thread-safe. */
public final class AlertLog {

  private static final int MOST_KEPT = 10_000;
  private static final int LONGEST = 500;
  private static final String SEEN = "alerts.seen";
  static final String COLUMNS =
      "a.id, a.kind, a.camera, a.at_us, a.zones, a.sentence, a.joined, COALESCE((SELECT name FROM"
          + " camera_names n WHERE n.camera = a.camera), a.camera)";

  private final Database database;

  AlertLog(Database database) {
    this.database = database;
  }

  /** What becomes of an alert that is added. */
  private record Latest(String id, long dueUs, String sentence) {}

  /**
   * Adds an alert, once, with its deliveries; durable when this returns. Within {@code pause} of
   * one of the same kind and camera, it waits, and those that come meanwhile are joined to it, as
   * long as there is room for what each says. Cameras that are lost together never wait: they may
   * be others.
   *
   * @param others the ids of those that are told with it, and are no more news
   * @param channels by which it is delivered
   * @param now by the master's clock
   * @return whether it was new
   */
  public boolean add(
      Alert alert,
      Collection<String> others,
      Collection<String> channels,
      Duration pause,
      Instant now) {
    return database.write(
        h -> {
          if (isKnown(h, alert.id())) {
            return false;
          }
          long nowUs = Micros.of(now);
          long pauseUs = pause.toNanos() / 1000;
          Optional<Latest> latest =
              alert.kind() == AlertKind.LOST && alert.camera().isEmpty()
                  ? Optional.empty()
                  : latest(h, alert).filter(l -> l.dueUs <= nowUs + pauseUs);
          Optional<String> both =
              latest.filter(l -> l.dueUs > nowUs).flatMap(l -> both(l.sentence, alert));
          if (both.isPresent()) {
            join(h, latest.get().id, alert, both.get());
            toldWith(h, latest.get().id, List.of(alert.id()));
            toldWith(h, latest.get().id, others);
            addDeliveries(h, latest.get().id, channels, latest.get().dueUs);
          } else {
            long due = Math.max(nowUs, latest.map(l -> l.dueUs + pauseUs).orElse(nowUs));
            insert(h, alert, due);
            toldWith(h, alert.id(), others);
            addDeliveries(h, alert.id(), channels, due);
            forgetOldest(h);
          }
          return true;
        });
  }

  /** Whether people were told this, by itself or with another. */
  public boolean isKnown(String id) {
    return database.read(h -> isKnown(h, id));
  }

  private static boolean isKnown(Handle h, String id) {
    return h.createQuery(
                "SELECT (SELECT count(*) FROM alerts WHERE id = :id)"
                    + " + (SELECT count(*) FROM joined_alerts WHERE id = :id)")
            .bind("id", id)
            .mapTo(Long.class)
            .one()
        > 0;
  }

  private static void toldWith(Handle h, String id, Collection<String> others) {
    for (String other : others) {
      h.createUpdate(
              "INSERT INTO joined_alerts (id, alert) VALUES (:other, :id) ON CONFLICT DO NOTHING")
          .bind("other", other)
          .bind("id", id)
          .execute();
    }
  }

  private static Optional<Latest> latest(Handle h, Alert alert) {
    return h.createQuery(
            "SELECT id, due_us, sentence FROM alerts WHERE kind = :kind AND camera = :camera"
                + " ORDER BY due_us DESC LIMIT 1")
        .bind("kind", alert.kind().text())
        .bind("camera", cut(alert.camera()))
        .map((rs, ctx) -> new Latest(rs.getString(1), rs.getLong(2), rs.getString(3)))
        .findOne();
  }

  /** What both say; of motion the latest says all. Empty where there is no room for it. */
  private static Optional<String> both(String before, Alert alert) {
    String now = cut(alert.sentence());
    if (alert.kind() == AlertKind.MOTION || before.equals(now)) {
      return Optional.of(now);
    }
    String both = before.contains(now) ? before : before + " " + now;
    return Optional.of(both).filter(text -> text.length() <= LONGEST);
  }

  private static void join(Handle h, String id, Alert alert, String sentence) {
    h.createUpdate(
            "UPDATE alerts SET joined = joined + 1, sentence = :sentence, zones = :zones"
                + " WHERE id = :id")
        .bind("id", id)
        .bind("sentence", sentence)
        .bind("zones", cut(String.join(",", alert.zones())))
        .execute();
  }

  private static void insert(Handle h, Alert alert, long due) {
    h.createUpdate(
            "INSERT INTO alerts (id, at_us, kind, camera, zones, sentence, joined, due_us)"
                + " VALUES (:id, :at, :kind, :camera, :zones, :sentence, :joined, :due)")
        .bind("id", alert.id())
        .bind("at", Micros.of(alert.at()))
        .bind("kind", alert.kind().text())
        .bind("camera", cut(alert.camera()))
        .bind("zones", cut(String.join(",", alert.zones())))
        .bind("sentence", cut(alert.sentence()))
        .bind("joined", alert.joined())
        .bind("due", due)
        .execute();
  }

  private static void addDeliveries(Handle h, String id, Collection<String> channels, long due) {
    for (String channel : channels) {
      h.createUpdate(
              "INSERT INTO deliveries (alert, channel, state, attempts, next_us, error)"
                  + " VALUES (:id, :channel, 0, 0, :due, '') ON CONFLICT DO NOTHING")
          .bind("id", id)
          .bind("channel", channel)
          .bind("due", due)
          .execute();
    }
  }

  private static void forgetOldest(Handle h) {
    String old = "(SELECT at_us FROM alerts ORDER BY at_us DESC LIMIT 1 OFFSET " + MOST_KEPT + ")";
    h.execute(
        "DELETE FROM deliveries WHERE alert IN (SELECT id FROM alerts WHERE at_us <= " + old + ")");
    h.execute(
        "DELETE FROM joined_alerts WHERE alert IN (SELECT id FROM alerts WHERE at_us <= "
            + old
            + ")");
    h.execute("DELETE FROM alerts WHERE at_us <= " + old);
  }

  /** The latest alerts, latest first. */
  public List<Alert> latest(int limit) {
    return database.read(
        h ->
            h.createQuery("SELECT " + COLUMNS + " FROM alerts a ORDER BY a.at_us DESC LIMIT :limit")
                .bind("limit", limit)
                .map((rs, ctx) -> alert(rs))
                .list());
  }

  /** How many came since an owner looked last. */
  public long unseen() {
    return database.read(h -> unseen(h, SEEN));
  }

  /** How many came since this person looked last, by id; empty for who came by the link. */
  public long unseen(String person) {
    return database.read(h -> unseen(h, seenBy(person)));
  }

  private static long unseen(Handle h, String note) {
    return h.createQuery("SELECT count(*) FROM alerts WHERE at_us > :seen")
        .bind("seen", seen(h, note))
        .mapTo(Long.class)
        .one();
  }

  private static long seen(Handle h, String note) {
    return h.createQuery("SELECT value FROM notes WHERE name = :name")
        .bind("name", note)
        .mapTo(String.class)
        .findOne()
        .map(Long::parseLong)
        .orElse(Long.MIN_VALUE);
  }

  /**
   * This person has seen those up to this moment. Where it is an owner, they count as seen at all:
   * a viewer silences nothing but their own page.
   *
   * @param now by the master's clock: nobody has seen what is to come
   */
  public void seen(String person, Role role, Instant upTo, Instant now) {
    List<String> notes =
        role == Role.OWNER ? List.of(SEEN, seenBy(person)) : List.of(seenBy(person));
    long nowUs = Micros.of(now);
    database.change(
        h -> {
          for (String note : notes) {
            long seen = Math.max(seen(h, note), Micros.of(upTo));
            Notes.put(h, note, Long.toString(Math.min(seen, nowUs)));
          }
        });
  }

  private static String seenBy(String person) {
    return SEEN + "." + person;
  }

  static Alert alert(ResultSet rs) throws SQLException {
    String zones = rs.getString(5);
    return new Alert(
        rs.getString(1),
        AlertKind.valueOf(rs.getString(2).toUpperCase(Locale.ROOT)),
        rs.getString(3),
        rs.getString(8),
        Micros.instant(rs.getLong(4)),
        zones.isEmpty() ? List.of() : Arrays.asList(zones.split(",", -1)),
        rs.getString(6),
        rs.getInt(7));
  }

  static String cut(String text) {
    return Rows.plain(text.length() <= LONGEST ? text : text.substring(0, LONGEST));
  }
}
