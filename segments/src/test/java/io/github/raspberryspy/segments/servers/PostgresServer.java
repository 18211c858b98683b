package io.github.raspberryspy.segments.servers;

import io.github.raspberryspy.segments.Needed;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A real PostgreSQL server in a folder of its own, of the binaries in Debian's package. It ends
 * with the JVM, however that ends, and its folder goes with it.
 */
public final class PostgresServer implements AutoCloseable {

  /** Who may do everything. */
  public static final String USER = "spy";

  /** The password to it. */
  public static final String PASSWORD = "s3cret";

  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  /** Runs it until standard input ends, or says "stop": then it is as if the machine had died. */
  private static final String SCRIPT =
      """
      set -e
      cd "$2"
      [ -e data ] || "$1/initdb" -D data -U "$4" -A scram-sha-256 --pwfile=password -E UTF8 --locale=C >log 2>&1
      "$1/postgres" -D data -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= >>log 2>&1 &
      read -r word || word=gone
      kill -QUIT $! || :
      wait || :
      [ "$word" = stop ] || { cd /; rm -rf "$2"; }
      """;

  private final Path binaries;
  private final Path folder;
  private final int port;
  private Process process;

  private PostgresServer(Path binaries, Path folder, int port) {
    this.binaries = binaries;
    this.folder = folder;
    this.port = port;
  }

  /** Whether its binaries are on this machine. */
  public static boolean isPresent() throws IOException {
    return binaries().isPresent();
  }

  /** Starts a new one. Where there are no binaries the test skips, unless nothing may be absent. */
  public static PostgresServer start() throws IOException {
    Optional<Path> binaries = binaries();
    Needed.require(binaries.isPresent(), "Debian's package postgresql");
    Path folder = Files.createTempDirectory("raspberryspy-postgres");
    Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
    if (isRoot()) { // as which it refuses to run
      UserPrincipalLookupService users = folder.getFileSystem().getUserPrincipalLookupService();
      for (Path path : List.of(password, folder)) {
        Files.setOwner(path, users.lookupPrincipalByName("nobody"));
      }
    }
    PostgresServer server = new PostgresServer(binaries.get(), folder, S3Server.freePort());
    server.run();
    return server;
  }

  /** Ends every process of it at once; what was committed is there at the next {@link #run}. */
  public void stop() throws IOException {
    try (OutputStream in = process.getOutputStream()) {
      in.write("stop\n".getBytes(StandardCharsets.UTF_8));
    }
    process.onExit().join();
  }

  /** Starts it, and waits until it answers. */
  public void run() throws IOException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
    }
    command.addAll(List.of("sh", "-c", SCRIPT, "sh", binaries.toString(), folder.toString()));
    command.addAll(List.of(Integer.toString(port), USER));
    process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectErrorStream(true)
            .start();
    Startup.await(process, folder + "/log", this::answers);
  }

  /** Where it listens, on loopback. */
  public int port() {
    return port;
  }

  /** Address of one of its databases. */
  public String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** Speaks to it. */
  public void execute(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** A connection to one of its databases; the caller closes it. */
  public Connection connect(String database) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url(database));
    return source.getConnection(USER, PASSWORD);
  }

  private boolean answers() {
    try (Connection connection = connect("postgres")) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static Optional<Path> binaries() throws IOException {
    if (!Files.isDirectory(DEBIAN)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(DEBIAN)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Comparator.naturalOrder());
    }
  }
}
