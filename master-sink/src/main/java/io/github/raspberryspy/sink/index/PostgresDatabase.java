package io.github.raspberryspy.sink.index;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlLogger;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database on a PostgreSQL server, through a few connections. One that is lost is replaced, and
 * what it was asked for is asked once more, unless that may have been done already. Thread-safe.
 */
final class PostgresDatabase implements Database {

  /*
   * Every connection is refused that does not keep what it says is committed, and what was found is
   * held on to for as long as the connection lives, whatever the server's file says by then.
   */
  private static final String READY =
      """
      DO $$ BEGIN
        IF pg_is_in_recovery() THEN
          RAISE EXCEPTION 'it is a standby, which takes no changes';
        END IF;
        IF current_setting('transaction_read_only') = 'on' THEN
          RAISE EXCEPTION 'it is read-only';
        END IF;
        IF current_setting('fsync') = 'off' THEN
          RAISE EXCEPTION 'its setting fsync is off, so a power cut may take what it said is written';
        END IF;
        IF current_setting('synchronous_commit') = 'off' THEN
          RAISE EXCEPTION 'its setting synchronous_commit is off, so a crash may take what it said is written';
        END IF;
        IF current_setting('server_encoding') <> 'UTF8' THEN
          RAISE EXCEPTION 'its encoding is %, not UTF8', current_setting('server_encoding');
        END IF;
        PERFORM set_config('synchronous_commit', current_setting('synchronous_commit'), false);
      END $$
      """;

  private static final Logger log = LoggerFactory.getLogger(PostgresDatabase.class);
  private static final int MOST_CONNECTIONS = 8;
  private static final long WAIT_MILLIS = 5_000;
  private static final int MOST_TRIES = 3;

  private final PostgresHold hold;
  private final HikariDataSource pool;
  private final Jdbi jdbi;

  /** Whether the hold may be lost. */
  private volatile boolean isShaken;

  private PostgresDatabase(PostgresHold hold, HikariDataSource pool) {
    this.hold = hold;
    this.pool = pool;
    this.jdbi = Jdbi.create(pool);
  }

  /**
   * Connects, keeps every other master out, and brings the tables up to date.
   *
   * @param endsSilent whether a master that holds it and says nothing any more is made to let go
   */
  static PostgresDatabase open(PostgresConfig config, boolean endsSilent) throws IOException {
    PostgresHold hold;
    try {
      hold = PostgresHold.take(config, READY, endsSilent);
    } catch (SQLException e) {
      throw new IOException("index " + config + " cannot be used: " + reason(e), e);
    }
    try {
      migrate(config);
      PostgresDatabase database =
          new PostgresDatabase(hold, new HikariDataSource(pooled(config, hold)));
      database.jdbi.useTransaction(hold::claim);
      hold.claimed();
      return database;
    } catch (FlywayException | JdbiException e) {
      hold.close();
      throw new IOException(
          "index " + config + " cannot be brought up to date: " + firstLine(e.getMessage()), e);
    }
  }

  private static void migrate(PostgresConfig config) {
    Flyway.configure()
        .dataSource(config.patientSource())
        .locations("classpath:db/postgresql")
        .load()
        .migrate();
  }

  /**
   * Does something once, whoever holds the database, in one transaction.
   *
   * @throws IOException in one sentence, if that cannot be
   */
  static <T> T once(PostgresConfig config, HandleCallback<T, RuntimeException> work)
      throws IOException {
    try {
      migrate(config);
      return Jdbi.create(config.source()).inTransaction(work);
    } catch (FlywayException | JdbiException e) {
      throw new IOException("index " + config + " cannot be used: " + reason(e), e);
    }
  }

  @Override
  public <T> T read(HandleCallback<T, RuntimeException> work) {
    return tried(() -> jdbi.withHandle(work), () -> false);
  }

  @Override
  public <T> T write(HandleCallback<T, RuntimeException> work) {
    AtomicBoolean isCommitting = new AtomicBoolean();
    return tried(
        () -> {
          isCommitting.set(false);
          return jdbi.inTransaction(
              h -> {
                hold.require(h);
                T result = work.withHandle(h);
                isCommitting.set(true);
                return result;
              });
        },
        isCommitting::get);
  }

  @Override
  public boolean isTaken() {
    return hold.isTaken();
  }

  @Override
  public void requireHeld() {
    read(
        h -> {
          hold.require(h);
          return true;
        });
  }

  @Override
  public int userVersion() {
    return read(
        h ->
            h.createQuery("SELECT value FROM notes WHERE name = 'user_version'")
                .mapTo(Integer.class)
                .findOne()
                .orElse(0));
  }

  @Override
  public void userVersion(int version) {
    change(
        h ->
            h.createUpdate(
                    "INSERT INTO notes (name, value) VALUES ('user_version', :version)"
                        + " ON CONFLICT (name) DO UPDATE SET value = excluded.value")
                .bind("version", Integer.toString(version))
                .execute());
  }

  @Override
  public void watch(SqlLogger watcher) {
    jdbi.setSqlLogger(watcher);
  }

  @Override
  public void close() {
    pool.close();
    hold.close();
  }

  /**
   * Tries again what was surely undone.
   *
   * @param mayBeDone whether what failed may have been committed: whoever asked has to ask again
   */
  private <T> T tried(Supplier<T> work, Supplier<Boolean> mayBeDone) {
    for (int tries = 1; ; tries++) {
      try {
        T result = work.get();
        if (isShaken) {
          isShaken = false;
          hold.renewNow();
        }
        return result;
      } catch (JdbiException e) {
        Trouble trouble = Trouble.of(e);
        isShaken |= trouble == Trouble.LOST || trouble == Trouble.ABSENT;
        if (trouble == Trouble.LOST) {
          pool.getHikariPoolMXBean().softEvictConnections(); // the others may be dead as well
        }
        boolean isUndone = trouble == Trouble.UNDONE || !mayBeDone.get();
        if (trouble == Trouble.OTHER) {
          throw e;
        }
        if (trouble == Trouble.ABSENT || !isUndone || tries == MOST_TRIES) {
          throw new IndexUnavailableException(
              "the index's database cannot be used now: " + reason(e), e);
        }
        log.warn("the index's database is asked once more: {}", reason(e));
      }
    }
  }

  /** What kind of failure it was. Source: PostgreSQL documentation, appendix A. */
  private enum Trouble {
    /** There is no connection to be had. */
    ABSENT,
    /** The connection broke. */
    LOST,
    /** The server took the transaction back, since it was in another's way. */
    UNDONE,
    /** Anything else. */
    OTHER;

    static Trouble of(Throwable failure) {
      for (Throwable t = failure; t != null; t = t.getCause()) {
        if (t instanceof SQLTransientConnectionException) {
          return ABSENT;
        }
        if (t instanceof SQLException e && e.getSQLState() != null) {
          return of(e.getSQLState());
        }
      }
      return OTHER;
    }

    private static Trouble of(String state) {
      if (state.startsWith("08") || state.startsWith("57P") || state.equals("25006")) {
        return LOST; // 25006: the server has become a standby
      }
      if (state.equals("40001") || state.equals("40P01")) {
        return UNDONE;
      }
      return state.startsWith("53") ? ABSENT : OTHER; // 53: it has no room, or no connection left
    }
  }

  private static HikariConfig pooled(PostgresConfig config, PostgresHold hold) {
    HikariConfig pooled = new HikariConfig();
    pooled.setPoolName("index");
    pooled.setDataSource(hold.named(config.source()));
    pooled.setConnectionInitSql(READY);
    pooled.setMaximumPoolSize(MOST_CONNECTIONS);
    pooled.setMinimumIdle(1);
    pooled.setConnectionTimeout(WAIT_MILLIS);
    pooled.setValidationTimeout(WAIT_MILLIS / 2);
    pooled.setInitializationFailTimeout(-1);
    return pooled;
  }

  /** What the server said, or else what was said first, in one line. */
  static String reason(Throwable failure) {
    Throwable first = failure;
    while (first.getCause() != null && !(first instanceof PSQLException)) {
      first = first.getCause();
    }
    return first instanceof PSQLException p && p.getServerErrorMessage() != null
        ? firstLine(p.getServerErrorMessage().getMessage())
        : firstLine(first.getMessage());
  }

  private static String firstLine(String message) {
    return message == null ? "no reason was given" : message.strip().lines().findFirst().orElse("");
  }
}
