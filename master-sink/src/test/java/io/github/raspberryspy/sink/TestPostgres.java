package io.github.raspberryspy.sink;

import io.github.raspberryspy.segments.servers.PostgresServer;
import io.github.raspberryspy.sink.index.PostgresConfig;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A database of its own on a real PostgreSQL server, which is started once for all tests of a JVM
 * and ends with it.
 */
public final class TestPostgres {

  private static final AtomicInteger count = new AtomicInteger();
  private static PostgresServer server;

  private final String name = "index_" + count.incrementAndGet();

  private TestPostgres() {}

  /** A new, empty database. */
  public static TestPostgres create() throws IOException {
    start();
    TestPostgres database = new TestPostgres();
    admin("CREATE DATABASE " + database.name);
    return database;
  }

  private static synchronized void start() throws IOException {
    if (server == null) {
      server = PostgresServer.start();
    }
  }

  /** How a master reaches it. */
  public PostgresConfig config() {
    return config(server, name);
  }

  /** How a master reaches a database of a server. */
  static PostgresConfig config(PostgresServer server, String database) {
    return new PostgresConfig(
        server.url(database),
        Optional.of(PostgresServer.USER),
        Optional.of(PostgresServer.PASSWORD));
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Ends every connection to it; new ones may be made. */
  public void cut() {
    admin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
  }

  /** Ends every connection, and lets none in until {@link #back}. */
  public void away() {
    admin("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
    cut();
  }

  /** Lets connections in again. */
  public void back() {
    admin("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
  }

  /** A connection to it that nobody knows of; the caller closes it. */
  Connection connect() throws SQLException {
    return server.connect(name);
  }

  /** Changes the database itself. */
  public void sql(String sql) {
    server.execute(name, sql);
  }

  /** Speaks to the server, in another database than this one. */
  public static void admin(String sql) {
    server.execute("postgres", sql);
  }
}
