package io.github.raspberryspy.sink.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfoService;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlLogger;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The database of an index of which nothing is changed, not even its version, whoever else is at
 * it. Each question has a connection of its own. Thread-safe.
 */
final class ReadOnlyDatabase implements Database {

  /** Class of the states that refuse a user, and the state of a database that is not there. */
  private static final String WRONG_USER = "28";

  private static final String NO_DATABASE = "3D000";
  private static final int BUSY_MILLIS = 10_000;

  private final Jdbi jdbi;
  private final String version;

  private ReadOnlyDatabase(ConnectionFactory connections, String version) {
    this.jdbi = Jdbi.create(connections);
    this.version = version;
  }

  /**
   * The one in a file.
   *
   * @throws IllegalArgumentException in one sentence, if there is none, or none of this version
   * @throws IOException in one sentence, if it cannot be read
   */
  static ReadOnlyDatabase of(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new IllegalArgumentException(
          "there is no index " + file + ": its master makes it when it starts");
    }
    try {
      requireVersion(
          Flyway.configure()
              .dataSource(source(file))
              .locations("classpath:db/sqlite")
              .load()
              .info(),
          file.toString());
    } catch (FlywayException e) {
      throw new IOException("index " + file + " cannot be read: " + PostgresDatabase.reason(e), e);
    }
    return new ReadOnlyDatabase(() -> source(file).getConnection(), "PRAGMA user_version");
  }

  /**
   * The one on a server.
   *
   * @throws IllegalArgumentException in one sentence, if the server does not know the user or the
   *     database, or it is not of this version
   * @throws IOException in one sentence, if it cannot be read
   */
  static ReadOnlyDatabase of(PostgresConfig config) throws IOException {
    PGSimpleDataSource source = config.source();
    source.setReadOnly(true);
    source.setReadOnlyMode("always");
    try (Connection connection = source.getConnection()) {
      connection.isValid(BUSY_MILLIS);
      requireVersion(
          Flyway.configure().dataSource(source).locations("classpath:db/postgresql").load().info(),
          config.toString());
    } catch (SQLException e) {
      String sentence = "index " + config + " cannot be used: " + PostgresDatabase.reason(e);
      String state = String.valueOf(e.getSQLState());
      if (state.startsWith(WRONG_USER) || state.equals(NO_DATABASE)) {
        throw new IllegalArgumentException(sentence, e);
      }
      throw new IOException(sentence, e);
    } catch (FlywayException e) {
      throw new IOException(
          "index " + config + " cannot be read: " + PostgresDatabase.reason(e), e);
    }
    return new ReadOnlyDatabase(
        source::getConnection, "SELECT value FROM notes WHERE name = 'user_version'");
  }

  /*
   * A file that no master has open has no log beside it, and is read as one that nobody changes:
   * else SQLite would make a log, as whoever asks, which its master may then not open.
   */
  private static SQLiteDataSource source(Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(BUSY_MILLIS);
    SQLiteDataSource source = new SQLiteDataSource(config);
    boolean isOpen = Files.exists(file.resolveSibling(file.getFileName() + "-wal"));
    source.setUrl("jdbc:sqlite:" + file.toUri() + (isOpen ? "?mode=ro" : "?immutable=1"));
    return source;
  }

  private static void requireVersion(MigrationInfoService info, String index) {
    if (info.current() == null || info.pending().length > 0) {
      throw new IllegalArgumentException(
          "index "
              + index
              + " is not of this version: its master brings it up to date when it starts");
    }
  }

  @Override
  public <T> T read(HandleCallback<T, RuntimeException> work) {
    try {
      return jdbi.withHandle(work);
    } catch (JdbiException e) {
      throw new IndexUnavailableException(
          "the index cannot be read: " + PostgresDatabase.reason(e), e);
    }
  }

  @Override
  public <T> T write(HandleCallback<T, RuntimeException> work) {
    throw new IllegalStateException("the index was opened to be read only");
  }

  @Override
  public boolean isTaken() {
    return false;
  }

  @Override
  public void requireHeld() {
    throw new IllegalStateException("the index was opened to be read only");
  }

  @Override
  public int userVersion() {
    return read(h -> h.createQuery(version).mapTo(Integer.class).findOne().orElse(0));
  }

  @Override
  public void userVersion(int number) {
    throw new IllegalStateException("the index was opened to be read only");
  }

  @Override
  public void watch(SqlLogger watcher) {
    jdbi.setSqlLogger(watcher);
  }

  @Override
  public void close() {
    // no connection outlives its question
  }
}
