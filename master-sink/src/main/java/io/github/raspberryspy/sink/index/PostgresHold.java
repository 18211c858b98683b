package io.github.raspberryspy.sink.index;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A master's hold on a database, which keeps every other one out, as its lock does for the footage
 * folder. Thread-safe.
 */
final class PostgresHold implements AutoCloseable {

  /*
   * An advisory lock of a connection of its own keeps a second master from starting. It goes with
   * the connection, and so with a master that dies, but also with a server that starts anew, and a
   * network that is cut. Then another master may have come in before this one is back. So whoever
   * came last is noted, and each change looks at the note in its own transaction: what was cut off
   * changes nothing any more.
   */
  private static final Logger log = LoggerFactory.getLogger(PostgresHold.class);
  private static final long KEY = 0x72617370_73707931L;
  private static final String NOTE = "index.holder";
  private static final String TIMED_OUT = "55P03";
  private static final int VALID_SECONDS = 2;

  /** A machine that is gone is noticed within 25 s. */
  private static final String SETTINGS =
      "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5;"
          + " SET tcp_keepalives_count = 3; SET lock_timeout = '3s'";

  private final String id = UUID.randomUUID().toString();
  private final PostgresConfig config;
  private Connection connection;

  private PostgresHold(PostgresConfig config, Connection connection) {
    this.config = config;
    this.connection = connection;
  }

  /**
   * Takes hold, once the server has passed this check.
   *
   * @throws SQLException if it cannot; the message says so where it is held by another master
   */
  static PostgresHold take(PostgresConfig config, String check) throws SQLException {
    Connection connection = config.patientSource().getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute(check);
      statement.execute(SETTINGS);
      statement.execute("SELECT pg_advisory_lock(" + KEY + ")");
      return new PostgresHold(config, connection);
    } catch (SQLException e) {
      connection.close();
      throw TIMED_OUT.equals(e.getSQLState())
          ? new SQLException("it is in use by another master", TIMED_OUT)
          : e;
    }
  }

  /** Notes that this one came last. */
  void claim(Handle h) {
    h.createUpdate(
            "INSERT INTO notes (name, value) VALUES (:name, :id)"
                + " ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind("name", NOTE)
        .bind("id", id)
        .execute();
  }

  /**
   * Lets no other one come until this transaction is over.
   *
   * @throws IndexUnavailableException if another one has come
   */
  void require(Handle h) {
    String last =
        h.createQuery("SELECT value FROM notes WHERE name = :name FOR SHARE")
            .bind("name", NOTE)
            .mapTo(String.class)
            .findOne()
            .orElse("");
    if (!last.equals(id)) {
      throw new IndexUnavailableException(
          "another master has taken the index over: this one has to be stopped", null);
    }
  }

  /** Takes hold again after a connection was lost, if nobody else has. */
  synchronized void renew() {
    try {
      if (connection.isValid(VALID_SECONDS)) {
        return;
      }
      connection.close();
      connection = config.source().getConnection();
      try (Statement statement = connection.createStatement()) {
        statement.execute(SETTINGS);
        try (ResultSet answer =
            statement.executeQuery("SELECT pg_try_advisory_lock(" + KEY + ")")) {
          if (!answer.next() || !answer.getBoolean(1)) {
            log.warn("the index's database is held by another connection");
          }
        }
      }
    } catch (SQLException e) {
      log.warn("the index's database is not held at the moment: {}", e.getMessage());
    }
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      log.warn("the hold of the index's database did not close: {}", e.getMessage());
    }
  }
}
