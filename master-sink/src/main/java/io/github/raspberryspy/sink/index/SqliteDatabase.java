package io.github.raspberryspy.sink.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlLogger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The SQLite file: one connection that writes, under a lock, and a few that read. Write-ahead log,
 * {@code synchronous=FULL}: what is committed survives a power cut. Thread-safe.
 */
final class SqliteDatabase implements Database {

  private static final Logger log = LoggerFactory.getLogger(SqliteDatabase.class);
  private static final int READERS = 3;
  private static final int BUSY_MILLIS = 10_000;

  /** What passes once the disk is mended, or somebody else lets go. */
  private static final SQLiteErrorCode[] AWAY = {
    SQLiteErrorCode.SQLITE_IOERR,
    SQLiteErrorCode.SQLITE_READONLY,
    SQLiteErrorCode.SQLITE_CANTOPEN,
    SQLiteErrorCode.SQLITE_BUSY
  };

  private final Object writing = new Object();
  private final List<Connection> open = new ArrayList<>();
  private final Jdbi writer;
  private final Jdbi reader;

  private SqliteDatabase(SQLiteDataSource source) throws SQLException {
    Connection one = connect(source);
    writer = Jdbi.create(new Lent(new ArrayBlockingQueue<>(1, false, List.of(one))));
    List<Connection> several = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      several.add(connect(source));
    }
    reader = Jdbi.create(new Lent(new ArrayBlockingQueue<>(READERS, false, several)));
  }

  /**
   * Opens the file, creates it, and brings its tables up to date. A damaged file is put aside,
   * under a name that says so, and begun anew.
   */
  static SqliteDatabase open(Path file) throws IOException {
    try {
      return migrated(file);
    } catch (SQLException | FlywayException e) {
      if (!isDamage(e)) {
        throw new IOException("index " + file + " cannot be opened: " + e.getMessage(), e);
      }
      log.error("index {} is damaged and will be rebuilt from the footage", file, e);
    }
    putAside(file);
    try {
      return migrated(file);
    } catch (SQLException | FlywayException e) {
      throw new IOException("index " + file + " cannot be opened: " + e.getMessage(), e);
    }
  }

  @Override
  public <T> T read(HandleCallback<T, RuntimeException> work) {
    return reader.withHandle(work);
  }

  @Override
  public <T> T write(HandleCallback<T, RuntimeException> work) {
    synchronized (writing) {
      try {
        return writer.inTransaction(work);
      } catch (JdbiException e) {
        if (isCausedBy(e, SQLiteErrorCode.SQLITE_FULL)) {
          throw new IndexUnavailableException("the disk of the index is full", e);
        }
        throw isCausedBy(e, AWAY)
            ? new IndexUnavailableException(
                "the disk of the index takes nothing: " + e.getMessage(), e)
            : e;
      }
    }
  }

  @Override
  public boolean isTaken() {
    return false; // the lock of the footage folder keeps others out
  }

  @Override
  public void requireHeld() {
    // likewise
  }

  @Override
  public int userVersion() {
    return read(h -> h.createQuery("PRAGMA user_version").mapTo(Integer.class).one());
  }

  @Override
  public void userVersion(int version) {
    synchronized (writing) {
      writer.useHandle(h -> h.execute("PRAGMA user_version = " + version));
    }
  }

  @Override
  public void watch(SqlLogger watcher) {
    writer.setSqlLogger(watcher);
    reader.setSqlLogger(watcher);
  }

  @Override
  public void close() {
    synchronized (writing) {
      try {
        writer.useHandle((Handle h) -> h.execute("PRAGMA wal_checkpoint(TRUNCATE)"));
      } catch (JdbiException e) {
        log.warn("the index's log was not folded in: {}", e.getMessage());
      }
      for (Connection connection : open) {
        try {
          connection.close();
        } catch (SQLException e) {
          log.warn("a connection to the index did not close: {}", e.getMessage());
        }
      }
    }
  }

  private Connection connect(SQLiteDataSource source) throws SQLException {
    Connection connection = source.getConnection();
    open.add(connection);
    return connection;
  }

  private static SqliteDatabase migrated(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_MILLIS);
    config.setTransactionMode(TransactionMode.IMMEDIATE);
    config.enforceForeignKeys(true);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    Flyway.configure().dataSource(source).locations("classpath:db/sqlite").load().migrate();
    return new SqliteDatabase(source);
  }

  private static boolean isDamage(Throwable e) {
    return isCausedBy(e, SQLiteErrorCode.SQLITE_CORRUPT, SQLiteErrorCode.SQLITE_NOTADB);
  }

  private static boolean isCausedBy(Throwable e, SQLiteErrorCode... codes) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof SQLiteException s
          && Stream.of(codes).anyMatch(code -> code.code == (s.getResultCode().code & 0xff))) {
        return true;
      }
    }
    return false;
  }

  private static void putAside(Path file) throws IOException {
    for (String ending : List.of("", "-wal", "-shm")) {
      Path part = file.resolveSibling(file.getFileName() + ending);
      if (Files.exists(part)) {
        Files.move(
            part,
            part.resolveSibling(part.getFileName() + ".damaged"),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Connections that are lent and given back, and closed only with the database. */
  private record Lent(BlockingQueue<Connection> free) implements ConnectionFactory {

    @Override
    public Connection openConnection() throws SQLException {
      try {
        return free.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SQLException("interrupted while waiting for a connection to the index", e);
      }
    }

    @Override
    public void closeConnection(Connection connection) {
      free.add(connection);
    }
  }
}
