package io.github.raspberryspy.sink.index;

import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.statement.SqlLogger;

/**
 * The database of the index: SQLite in a file, or PostgreSQL. What is written is durable when the
 * method returns. Its SQL is what both understand; their tables are made by the migrations in
 * {@code db/sqlite} and {@code db/postgresql}, where the same number means the same. Thread-safe.
 * Failures come as {@link org.jdbi.v3.core.JdbiException}.
 */
sealed interface Database extends AutoCloseable
    permits SqliteDatabase, PostgresDatabase, ReadOnlyDatabase {

  /** Reads. */
  <T> T read(HandleCallback<T, RuntimeException> work);

  /**
   * Writes in one transaction.
   *
   * @param work does nothing but speak to the database: it may be called again where the first call
   *     was undone
   */
  <T> T write(HandleCallback<T, RuntimeException> work);

  /** As {@link #write}, without a result. */
  default void change(HandleConsumer<RuntimeException> work) {
    write(
        h -> {
          work.useHandle(h);
          return true;
        });
  }

  /** Whether another master has taken it over: this one changes nothing any more. */
  boolean isTaken();

  /**
   * Asks whether no other master has.
   *
   * @throws IndexUnavailableException if one has, or that cannot be asked
   */
  void requireHeld();

  /** Number that the program keeps beside the tables; 0 in a new database. */
  int userVersion();

  /** Sets that number. */
  void userVersion(int version);

  /** Tells of every statement from now on, before it is run. */
  void watch(SqlLogger watcher);

  @Override
  void close();
}
