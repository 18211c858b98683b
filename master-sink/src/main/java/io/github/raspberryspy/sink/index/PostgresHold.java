package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.segments.Timers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.Handle;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A master's hold on a database, which keeps every other one out, as its lock does for the footage
 * folder. Thread-safe.
 */
final class PostgresHold implements AutoCloseable {

  /*
   * An advisory lock of a connection of its own keeps a second master from serving. It goes with
   * the connection, and so with a master that dies, but also with a server that starts anew, and a
   * network that is cut. Then another master may have come in before this one is back. So whoever
   * came last is noted, and each change looks at the note in its own transaction: what was cut off
   * changes nothing any more.
   *
   * The connection is asked something every second. A replica that waits ends one that was silent
   * for long: its process is stopped, or its machine gone without a word.
   */
  private static final Logger log = LoggerFactory.getLogger(PostgresHold.class);
  private static final long KEY = 0x72617370_73707931L;
  private static final String NOTE = "index.holder";
  private static final String TIMED_OUT = "55P03";
  private static final Duration BEAT = Duration.ofSeconds(1);
  private static final int ANSWER_MILLIS = 5_000;

  /** How long a holder may be silent while others wait for it. */
  private static final int SILENCE_SECONDS = 10;

  /** A machine that is gone is noticed within 25 s. */
  private static final String SETTINGS =
      "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5;"
          + " SET tcp_keepalives_count = 3; SET lock_timeout = '3s'";

  private static final String END_SILENT =
      "SELECT pg_terminate_backend(o.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
          + " JOIN pg_stat_activity o ON o.datname = a.datname"
          + " AND o.application_name = a.application_name"
          + " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
          + " AND l.classid = "
          + (KEY >>> 32)
          + " AND l.objid = "
          + (KEY & 0xffff_ffffL)
          + " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
          + " AND a.query_start < clock_timestamp() - interval '"
          + SILENCE_SECONDS
          + " s'";

  private final String id;
  private final PostgresConfig config;
  private final ScheduledExecutorService timer = Timers.daemon("index-hold");

  /** Used by the timer's thread alone, once it runs. */
  private Connection connection;

  /** Whether it is held, as was told last; likewise. */
  private boolean isHeld = true;

  private volatile boolean isClaimed;

  /** Whether another master has come. */
  private volatile boolean isTaken;

  private PostgresHold(PostgresConfig config, String id, Connection connection) {
    this.config = config;
    this.id = id;
    this.connection = connection;
  }

  /**
   * Takes hold, once the server has passed this check.
   *
   * @param endsSilent whether a holder that says nothing any more is made to let go
   * @throws IndexHeldException if another master holds it
   * @throws SQLException if it cannot
   */
  static PostgresHold take(PostgresConfig config, String check, boolean endsSilent)
      throws SQLException, IndexHeldException {
    String id = UUID.randomUUID().toString();
    Connection connection = named(config.patientSource(), id).getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute(check);
      statement.execute(SETTINGS);
      if (endsSilent && statement.executeQuery(END_SILENT).next()) {
        log.warn("the master that held {} was silent for {} s", config, SILENCE_SECONDS);
      }
      statement.execute("SELECT pg_advisory_lock(" + KEY + ")");
      connection.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
      PostgresHold hold = new PostgresHold(config, id, connection);
      long millis = BEAT.toMillis();
      var unused =
          hold.timer.scheduleWithFixedDelay(hold::beat, millis, millis, TimeUnit.MILLISECONDS);
      return hold;
    } catch (SQLException e) {
      connection.close();
      if (TIMED_OUT.equals(e.getSQLState())) {
        throw new IndexHeldException(config);
      }
      throw e;
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

  /** That note is committed: from now on it is looked at. */
  void claimed() {
    isClaimed = true;
  }

  /** Has all connections of this master called the same, so that they can be ended together. */
  PGSimpleDataSource named(PGSimpleDataSource source) {
    return named(source, id);
  }

  private static PGSimpleDataSource named(PGSimpleDataSource source, String id) {
    source.setApplicationName("raspberryspy-" + id);
    return source;
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
      isTaken = true;
      throw new IndexUnavailableException(
          "another master has taken the index over: this one has to be stopped", null);
    }
  }

  /** Whether another master has taken it, for good. */
  boolean isTaken() {
    return isTaken;
  }

  /** Takes hold again at once, if the connection was lost and nobody else has. */
  void renewNow() {
    try {
      timer.submit(this::beat).get(2L * ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
      log.debug("the index's database is asked again later", e);
    }
  }

  /** Says that it is alive; takes hold again after the connection was lost, if nobody else has. */
  private void beat() {
    try {
      ask();
    } catch (SQLException e) {
      log.debug("the connection that holds the index's database broke: {}", e.getMessage());
      renew();
    } catch (RuntimeException e) {
      log.warn("the index's database was not asked", e);
    }
  }

  /** Looks who came last. */
  private void ask() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet note =
            statement.executeQuery(
                isClaimed ? "SELECT value FROM notes WHERE name = '" + NOTE + "'" : "SELECT ''")) {
      if (isClaimed && note.next() && !note.getString(1).equals(id)) {
        isTaken = true;
      }
    }
  }

  private void renew() {
    try {
      connection.close();
      connection = named(config.source()).getConnection();
      connection.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
      try (Statement statement = connection.createStatement()) {
        statement.execute(SETTINGS);
        try (ResultSet answer =
            statement.executeQuery("SELECT pg_try_advisory_lock(" + KEY + ")")) {
          if (answer.next() && answer.getBoolean(1)) {
            isHeld = true;
            return;
          }
        }
      }
      ask(); // who that is
      connection.close();
      tell("another connection holds it");
    } catch (SQLException e) {
      tell(e.getMessage());
    }
  }

  private void tell(String reason) {
    if (isHeld) {
      log.warn("the index's database is not held now, and is asked again: {}", reason);
    }
    isHeld = false;
  }

  @Override
  public void close() {
    timer.shutdown();
    try {
      if (!timer.awaitTermination(2L * ANSWER_MILLIS, TimeUnit.MILLISECONDS)) {
        log.warn("the hold of the index's database is still asked for");
      }
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      log.warn("the hold of the index's database did not close: {}", e.getMessage());
    }
  }
}
