package io.github.raspberryspy.sink.index;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the index remembers of browsers that are signed in. Thread-safe. */
public final class SessionLog {

  /** Most sessions of one person: the latest used. */
  private static final int MOST_EACH = 100;

  private static final String SELECT =
      "SELECT s.hash, s.created_us, s.used_us, s.expires_us, s.browser, s.address, p.id, p.name,"
          + " p.role, p.password, p.created_us FROM sessions s LEFT JOIN people p"
          + " ON p.id = s.person";

  private final Database database;
  private final int mostEach;

  SessionLog(Database database) {
    this(database, MOST_EACH);
  }

  SessionLog(Database database, int mostEach) {
    this.database = database;
    this.mostEach = mostEach;
  }

  /** Remembers a session; of too many, the longest unused one is forgotten. */
  public void opened(KnownSession session) {
    database.change(
        h -> {
          h.createUpdate(
                  "INSERT INTO sessions (hash, person, created_us, used_us, expires_us, browser,"
                      + " address) VALUES (:hash, :person, :created, :used, :expires, :browser,"
                      + " :address)")
              .bind("hash", session.hash())
              .bind("person", session.personId())
              .bind("created", Micros.of(session.created()))
              .bind("used", Micros.of(session.used()))
              .bind("expires", Micros.of(session.expires()))
              .bind("browser", Rows.plain(session.browser()))
              .bind("address", Rows.plain(session.address()))
              .execute();
          h.createUpdate("DELETE FROM sessions WHERE expires_us <= :now")
              .bind("now", Micros.of(session.created()))
              .execute();
          h.createUpdate(
                  "DELETE FROM sessions WHERE person = :person AND hash <> :hash AND used_us <="
                      + " (SELECT used_us FROM sessions WHERE person = :person"
                      + " ORDER BY used_us DESC LIMIT 1 OFFSET "
                      + mostEach
                      + ")")
              .bind("person", session.personId())
              .bind("hash", session.hash())
              .execute();
        });
  }

  /** The session of this hash, ended by itself or not. */
  public Optional<KnownSession> find(String hash) {
    return database.read(
        h ->
            h.createQuery(SELECT + " WHERE s.hash = :hash AND (s.person = '' OR p.id IS NOT NULL)")
                .bind("hash", hash)
                .map((rs, ctx) -> session(rs))
                .findOne());
  }

  /** All that have not ended by themselves, latest used first. */
  public List<KnownSession> open(Instant now) {
    return database.read(
        h ->
            h.createQuery(
                    SELECT
                        + " WHERE s.expires_us > :now AND (s.person = '' OR p.id IS NOT NULL)"
                        + " ORDER BY s.used_us DESC")
                .bind("now", Micros.of(now))
                .map((rs, ctx) -> session(rs))
                .list());
  }

  /** Notes that a session was used. */
  public void used(String hash, Instant at, String address) {
    database.change(
        h ->
            h.createUpdate(
                    "UPDATE sessions SET used_us = :at, address = :address WHERE hash = :hash")
                .bind("at", Micros.of(at))
                .bind("address", Rows.plain(address))
                .bind("hash", hash)
                .execute());
  }

  /** Ends one. */
  public void end(String hash) {
    database.change(
        h ->
            h.createUpdate("DELETE FROM sessions WHERE hash = :hash").bind("hash", hash).execute());
  }

  /**
   * Ends those of a person.
   *
   * @param person its id; empty for who came by the sign-in link
   * @param kept hash of the one that goes on; empty for none
   */
  public void endAll(String person, String kept) {
    database.change(
        h ->
            h.createUpdate("DELETE FROM sessions WHERE person = :person AND hash <> :kept")
                .bind("person", person)
                .bind("kept", kept)
                .execute());
  }

  private static KnownSession session(ResultSet rs) throws SQLException {
    Optional<Person> person =
        rs.getString(7) == null
            ? Optional.empty()
            : Optional.of(
                new Person(
                    rs.getString(7),
                    rs.getString(8),
                    Role.valueOf(rs.getString(9)),
                    rs.getString(10),
                    Micros.instant(rs.getLong(11))));
    return new KnownSession(
        rs.getString(1),
        person,
        Micros.instant(rs.getLong(2)),
        Micros.instant(rs.getLong(3)),
        Micros.instant(rs.getLong(4)),
        rs.getString(5),
        rs.getString(6));
  }
}
