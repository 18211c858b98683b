package io.github.raspberryspy.sink.index;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Which footage is shown to whoever has a link. Thread-safe. */
public final class ShareLog {

  /** How long it is known of a link that it has ended. */
  private static final Duration REMEMBERED = Duration.ofDays(30);

  private static final String SELECT =
      "SELECT hash, camera, from_us, to_us, maker, created_us, expires_us, revoked, uses"
          + " FROM shares";

  private final Database database;

  ShareLog(Database database) {
    this.database = database;
  }

  /** Notes a new one, and forgets those that ended long ago. */
  public void add(Share share) {
    database.change(
        h -> {
          h.createUpdate("DELETE FROM shares WHERE expires_us < :then")
              .bind("then", Micros.of(share.created().minus(REMEMBERED)))
              .execute();
          h.createUpdate(
                  "INSERT INTO shares (hash, camera, from_us, to_us, maker, created_us, expires_us,"
                      + " revoked, uses) VALUES (:hash, :camera, :from, :to, :maker, :created,"
                      + " :expires, :revoked, :uses)")
              .bind("hash", share.hash())
              .bind("camera", share.camera())
              .bind("from", Micros.of(share.from()))
              .bind("to", Micros.of(share.to()))
              .bind("maker", Rows.plain(share.maker()))
              .bind("created", Micros.of(share.created()))
              .bind("expires", Micros.of(share.expires()))
              .bind("revoked", share.isRevoked() ? 1 : 0)
              .bind("uses", share.uses())
              .execute();
        });
  }

  /** The one of this hash, ended or not. */
  public Optional<Share> find(String hash) {
    return database.read(
        h ->
            h.createQuery(SELECT + " WHERE hash = :hash")
                .bind("hash", hash)
                .map((rs, ctx) -> share(rs))
                .findOne());
  }

  /** Those that have not ended, latest first; also what a clock that was ahead has made. */
  public List<Share> open(Instant now) {
    return database.read(
        h ->
            h.createQuery(
                    SELECT
                        + " WHERE revoked = 0 AND expires_us > :now"
                        + " ORDER BY created_us DESC")
                .bind("now", Micros.of(now))
                .map((rs, ctx) -> share(rs))
                .list());
  }

  /** Ends one before its time. */
  public void revoke(String hash) {
    database.change(
        h ->
            h.createUpdate("UPDATE shares SET revoked = 1 WHERE hash = :hash")
                .bind("hash", hash)
                .execute());
  }

  /** Counts that one was opened. */
  public void used(String hash) {
    database.change(
        h ->
            h.createUpdate("UPDATE shares SET uses = uses + 1 WHERE hash = :hash")
                .bind("hash", hash)
                .execute());
  }

  private static Share share(ResultSet rs) throws SQLException {
    return new Share(
        rs.getString(1),
        rs.getString(2),
        Micros.instant(rs.getLong(3)),
        Micros.instant(rs.getLong(4)),
        rs.getString(5),
        Micros.instant(rs.getLong(6)),
        Micros.instant(rs.getLong(7)),
        rs.getInt(8) != 0,
        rs.getInt(9));
  }
}
