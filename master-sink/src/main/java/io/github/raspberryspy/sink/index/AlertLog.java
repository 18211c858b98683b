package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.sink.alert.Alert;
import io.github.raspberryspy.sink.alert.AlertKind;
import io.github.raspberryspy.sink.alert.ChannelState;
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

/**
 * The alerts that people were told, the latest 10,000, and what is left to deliver by which
 * channel. Thread-safe.
 */
public final class AlertLog {

  private static final int MOST_KEPT = 10_000;
  private static final int LONGEST = 500;
  private static final String SEEN = "alerts.seen";
  private static final String COLUMNS =
      "a.id, a.kind, a.camera, a.at_us, a.zones, a.sentence, a.joined";

  private final Database database;

  AlertLog(Database database) {
    this.database = database;
  }

  /** What becomes of an alert that is added. */
  private record Latest(String id, long dueUs) {}

  /**
   * Adds an alert, once, with its deliveries; durable when this returns. Within {@code pause} of
   * one of the same kind and camera, it waits, and those that come meanwhile are joined to it.
   *
   * @param channels by which it is delivered
   * @param now by the master's clock
   * @return whether it was new
   */
  public boolean add(Alert alert, Collection<String> channels, Duration pause, Instant now) {
    return database.write(
        h -> {
          if (isKnown(h, alert.id())) {
            return false;
          }
          long nowUs = Micros.of(now);
          long pauseUs = pause.toNanos() / 1000;
          Optional<Latest> latest = latest(h, alert).filter(l -> l.dueUs <= nowUs + pauseUs);
          if (latest.isPresent() && latest.get().dueUs > nowUs) {
            join(h, latest.get().id, alert);
            addDeliveries(h, latest.get().id, channels, latest.get().dueUs);
          } else {
            long due = Math.max(nowUs, latest.map(l -> l.dueUs + pauseUs).orElse(nowUs));
            insert(h, alert, due);
            addDeliveries(h, alert.id(), channels, due);
            forgetOldest(h);
          }
          return true;
        });
  }

  private static boolean isKnown(Handle h, String id) {
    return h.createQuery("SELECT count(*) FROM alerts WHERE id = :id")
            .bind("id", id)
            .mapTo(Long.class)
            .one()
        > 0;
  }

  private static Optional<Latest> latest(Handle h, Alert alert) {
    return h.createQuery(
            "SELECT id, due_us FROM alerts WHERE kind = :kind AND camera = :camera"
                + " ORDER BY due_us DESC LIMIT 1")
        .bind("kind", alert.kind().text())
        .bind("camera", cut(alert.camera()))
        .map((rs, ctx) -> new Latest(rs.getString(1), rs.getLong(2)))
        .findOne();
  }

  private static void join(Handle h, String id, Alert alert) {
    h.createUpdate(
            "UPDATE alerts SET joined = joined + 1, sentence = :sentence, zones = :zones"
                + " WHERE id = :id")
        .bind("id", id)
        .bind("sentence", cut(alert.sentence()))
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

  /** How many came since somebody looked last. */
  public long unseen() {
    return database.read(
        h ->
            h.createQuery("SELECT count(*) FROM alerts WHERE at_us > :seen")
                .bind("seen", seen(h))
                .mapTo(Long.class)
                .one());
  }

  private static long seen(Handle h) {
    return h.createQuery("SELECT value FROM notes WHERE name = :name")
        .bind("name", SEEN)
        .mapTo(String.class)
        .findOne()
        .map(Long::parseLong)
        .orElse(Long.MIN_VALUE);
  }

  /** Somebody has seen those up to this moment. */
  public void seen(Instant upTo) {
    database.change(h -> Notes.put(h, SEEN, Long.toString(Math.max(seen(h), Micros.of(upTo)))));
  }

  /**
   * What a channel is to deliver next, if anything is due.
   *
   * @param horizon nothing waits for so long: what claims to was put there by a clock that was
   *     wrong
   */
  public Optional<Delivery> due(String channel, Instant now, Duration horizon) {
    return database.read(
        h ->
            h.createQuery(
                    "SELECT "
                        + COLUMNS
                        + ", d.attempts FROM deliveries d JOIN alerts a ON a.id = d.alert"
                        + " WHERE d.channel = :channel AND d.state = 0"
                        + " AND (d.next_us <= :now OR d.next_us > :horizon)"
                        + " ORDER BY d.next_us LIMIT 1")
                .bind("channel", channel)
                .bind("now", Micros.of(now))
                .bind("horizon", Micros.of(now.plus(horizon)))
                .map((rs, ctx) -> new Delivery(alert(rs), rs.getInt(8)))
                .findOne());
  }

  /** It was delivered. */
  public void delivered(String alert, String channel, Instant at) {
    database.change(
        h -> {
          end(h, alert, channel, 1, "");
          worked(h, channel, at);
        });
  }

  /** A channel works. */
  public void worked(String channel, Instant at) {
    database.change(h -> worked(h, channel, at));
  }

  private static void worked(Handle h, String channel, Instant at) {
    h.createUpdate(
            "INSERT INTO channels (channel, ok_us, error) VALUES (:channel, :at, '')"
                + " ON CONFLICT (channel) DO UPDATE SET ok_us = excluded.ok_us")
        .bind("channel", channel)
        .bind("at", Micros.of(at))
        .execute();
  }

  /**
   * It was not delivered.
   *
   * @param next when to try again; empty where it is given up
   */
  public void failed(
      String alert, String channel, Instant at, Optional<Instant> next, String error) {
    database.change(
        h -> {
          if (next.isPresent()) {
            h.createUpdate(
                    "UPDATE deliveries SET attempts = attempts + 1, next_us = :next, error = :error"
                        + " WHERE alert = :alert AND channel = :channel")
                .bind("next", Micros.of(next.get()))
                .bind("error", cut(error))
                .bind("alert", alert)
                .bind("channel", channel)
                .execute();
          } else {
            end(h, alert, channel, 2, error);
          }
          failed(h, channel, at, error);
        });
  }

  /** A channel does not work. */
  public void failed(String channel, Instant at, String error) {
    database.change(h -> failed(h, channel, at, error));
  }

  private static void failed(Handle h, String channel, Instant at, String error) {
    h.createUpdate(
            "INSERT INTO channels (channel, error_us, error) VALUES (:channel, :at, :error)"
                + " ON CONFLICT (channel) DO UPDATE SET error_us = excluded.error_us,"
                + " error = excluded.error")
        .bind("channel", channel)
        .bind("at", Micros.of(at))
        .bind("error", cut(error))
        .execute();
  }

  private static void end(Handle h, String alert, String channel, int state, String error) {
    h.createUpdate(
            "UPDATE deliveries SET attempts = attempts + 1, state = :state, error = :error"
                + " WHERE alert = :alert AND channel = :channel")
        .bind("state", state)
        .bind("error", cut(error))
        .bind("alert", alert)
        .bind("channel", channel)
        .execute();
  }

  /** How a channel fares. */
  public ChannelState state(String channel) {
    return database.read(
        h -> {
          long waiting =
              h.createQuery(
                      "SELECT count(*) FROM deliveries WHERE channel = :channel AND state = 0")
                  .bind("channel", channel)
                  .mapTo(Long.class)
                  .one();
          return h.createQuery(
                  "SELECT ok_us, error_us, error FROM channels WHERE channel = :channel")
              .bind("channel", channel)
              .map(
                  (rs, ctx) ->
                      new ChannelState(
                          channel, waiting, moment(rs, 1), moment(rs, 2), rs.getString(3)))
              .findOne()
              .orElse(new ChannelState(channel, waiting, Optional.empty(), Optional.empty(), ""));
        });
  }

  private static Optional<Instant> moment(ResultSet rs, int column) throws SQLException {
    long us = rs.getLong(column);
    return rs.wasNull() ? Optional.empty() : Optional.of(Micros.instant(us));
  }

  private static Alert alert(ResultSet rs) throws SQLException {
    String zones = rs.getString(5);
    return new Alert(
        rs.getString(1),
        AlertKind.valueOf(rs.getString(2).toUpperCase(Locale.ROOT)),
        rs.getString(3),
        Micros.instant(rs.getLong(4)),
        zones.isEmpty() ? List.of() : Arrays.asList(zones.split(",", -1)),
        rs.getString(6),
        rs.getInt(7));
  }

  private static String cut(String text) {
    return Rows.plain(text.length() <= LONGEST ? text : text.substring(0, LONGEST));
  }
}
