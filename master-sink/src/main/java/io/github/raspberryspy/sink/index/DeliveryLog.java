package io.github.raspberryspy.sink.index;

import static io.github.raspberryspy.sink.index.AlertLog.COLUMNS;
import static io.github.raspberryspy.sink.index.AlertLog.alert;
import static io.github.raspberryspy.sink.index.AlertLog.cut;

import io.github.raspberryspy.sink.alert.ChannelState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What is left to deliver of the alerts by which channel, and how channels fare. Thread-safe. */
public final class DeliveryLog {

  private final Database database;

  DeliveryLog(Database database) {
    this.database = database;
  }

  /**
   * What a channel is to deliver next, as far as it is due, in order.
   *
   * @param horizon nothing waits for so long: what claims to was put there by a clock that was
   *     wrong
   * @param most how many
   */
  public List<Delivery> due(String channel, Instant now, Duration horizon, int most) {
    return database.read(
        h ->
            h.createQuery(
                    "SELECT "
                        + COLUMNS
                        + ", d.attempts FROM deliveries d JOIN alerts a ON a.id = d.alert"
                        + " WHERE d.channel = :channel AND d.state = 0"
                        + " AND (d.next_us <= :now OR d.next_us > :horizon)"
                        + " ORDER BY d.next_us LIMIT :most")
                .bind("channel", channel)
                .bind("now", Micros.of(now))
                .bind("horizon", Micros.of(now.plus(horizon)))
                .bind("most", most)
                .map((rs, ctx) -> new Delivery(alert(rs), rs.getInt(9)))
                .list());
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
}
