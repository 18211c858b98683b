package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.daemon.Balancer;
import io.github.raspberryspy.segments.Needed;
import io.github.raspberryspy.segments.faults.FaultProxy;
import io.github.raspberryspy.segments.servers.PostgresServer;
import io.github.raspberryspy.segments.servers.S3Server;
import java.io.Closeable;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Two replicas of a master behind a load balancer, over one database and one bucket. Each replica
 * reaches either by a network of its own, which can be bad.
 */
final class Replicas implements Masters {

  private static final int START_SECONDS = 120;
  private static final int ANSWER_MILLIS = 2000;
  private static final String DATABASE = "footage";
  private static final String BUCKET = "cctv";
  private static final String PREFIX = "home";
  private static final List<String> NAMES = List.of("east", "west");

  private final Programs programs;
  private final Deque<Closeable> open = new ArrayDeque<>();
  private final List<Replica> replicas = new ArrayList<>();
  private final PostgresServer database;
  private final S3Server store;
  private final Balancer balancer;
  private long limitBytes;

  /** A master's config, its networks, and the process that runs it now. */
  final class Replica {
    final String name;
    final FaultProxy toDatabase;
    final FaultProxy toStore;
    private final Path config;
    private final int port;
    private Part part;
    private String ready = ""; // what it said when somebody signed in last
    private Person person;

    private Replica(Path folder, String name, long seed) throws IOException {
      this.name = name;
      this.port = Programs.freePort();
      this.toDatabase = new FaultProxy(database.port(), seed);
      open.push(toDatabase::close);
      this.toStore = new FaultProxy(store.port(), seed);
      open.push(toStore::close);
      this.config =
          Files.writeString(
              folder.resolve(name + ".yml"),
              """
              footage:
                folder: %s
              listen:
                port: %d
              retention:
                min-free: 0
              index:
                url: jdbc:postgresql://127.0.0.1:%d/%s
                user: %s
                password-file: %s
              store:
                url: s3://%s/%s
                endpoint: http://127.0.0.1:%d
                key-file: %s
              """
                  .formatted(
                      folder.resolve(name),
                      port,
                      toDatabase.port(),
                      DATABASE,
                      PostgresServer.USER,
                      folder.resolve("password"),
                      BUCKET,
                      PREFIX,
                      toStore.port(),
                      folder.resolve("key")));
    }

    /** Starts it again, with the limit of the others. */
    void start() throws IOException {
      List<String> args =
          List.of(
              "master",
              "--config",
              config.toString(),
              "--json",
              "--set",
              "retention.max-size=" + limitBytes);
      synchronized (this) {
        part = programs.start(name, args);
        ready = "";
      }
    }

    void hang(long millis) throws IOException, InterruptedException {
      part.hang();
      Stage.pause(millis);
      part.goOn();
    }

    void kill() throws InterruptedException {
      part.kill();
    }

    Optional<String> stop() throws IOException, InterruptedException {
      return part.stop("replica " + name);
    }

    boolean hasEnded() {
      return !part.isAlive();
    }

    /** Whether it got so far as to serve or to stand by. */
    boolean hasBegun() throws IOException {
      return part.line("\"url\"").isPresent();
    }

    String said() throws IOException {
      return part.said();
    }

    boolean serves() {
      try {
        URI health = URI.create("http://127.0.0.1:" + port + "/health");
        HttpURLConnection asked = (HttpURLConnection) health.toURL().openConnection();
        asked.setConnectTimeout(ANSWER_MILLIS);
        asked.setReadTimeout(ANSWER_MILLIS);
        return asked.getResponseCode() == HttpURLConnection.HTTP_OK;
      } catch (IOException e) {
        return false; // it is down, or hangs
      }
    }

    /** Signs in by the link that it printed when it last began to serve. */
    private synchronized Optional<Person> signIn() {
      try {
        Optional<String> line = part.lastLine("\"ready\"");
        if (line.isPresent() && !line.get().equals(ready)) {
          person = Person.signIn(line.get());
          ready = line.get();
        }
        return line.map(said -> person);
      } catch (IOException e) {
        return Optional.empty(); // it serves no longer
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
  }

  private Replicas(Path folder, Programs programs, long seed) throws IOException {
    this.programs = programs;
    Needed.require(Balancer.isPresent(), "haproxy");
    Needed.require(S3Server.isPresent(), "s3proxy (module uploader/s3proxy)");
    database = PostgresServer.start();
    open.push(database::close);
    database.execute("postgres", "CREATE DATABASE " + DATABASE);
    store = S3Server.start(Files.createDirectory(folder.resolve("s3")), BUCKET);
    open.push(store::close);
    secret(folder.resolve("password"), PostgresServer.PASSWORD + "\n");
    secret(folder.resolve("key"), S3Server.ACCESS_KEY + ":" + S3Server.SECRET_KEY + "\n");
    for (String name : NAMES) {
      replicas.add(new Replica(folder, name, seed));
    }
    balancer = Balancer.start(folder, replicas.stream().map(r -> r.port).toList());
    open.push(balancer::close);
  }

  /** Sets up database, bucket and balancer, and writes the configurations; starts no replica. */
  static Replicas in(Path folder, Programs programs, long seed) throws IOException {
    return new Replicas(folder, programs, seed);
  }

  private static void secret(Path file, String text) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text);
  }

  @Override
  public int port() {
    return balancer.port();
  }

  @Override
  public Path config() {
    return replicas.get(0).config;
  }

  @Override
  public Path footage() {
    return store.bucket(BUCKET).resolve(PREFIX);
  }

  List<Replica> all() {
    return replicas;
  }

  PostgresServer database() {
    return database;
  }

  S3Server store() {
    return store;
  }

  void setClock(Replica replica, Duration wrong) throws IOException {
    programs.clocks().set(replica.name, wrong);
  }

  /** The one that serves; empty while none does. */
  Optional<Replica> serving() {
    return replicas.stream().filter(Replica::serves).findFirst();
  }

  @Override
  public Optional<Person> person() {
    return serving().flatMap(Replica::signIn);
  }

  @Override
  public Optional<String> start(long limit) throws IOException, InterruptedException {
    begin(limit);
    for (int i = 0; i < START_SECONDS * 20; i++) {
      if (person().isPresent()) {
        return Optional.empty();
      }
      if (replicas.stream().anyMatch(Replica::hasEnded)) {
        return Optional.of(said());
      }
      Stage.pause(50);
    }
    throw new IllegalStateException("no replica served in time: " + said());
  }

  /** Starts all of them, and waits for none. */
  void begin(long limit) throws IOException {
    limitBytes = limit;
    for (Replica replica : replicas) {
      replica.start();
    }
  }

  /** What a replica said that had begun and ended by itself; empty where none did. */
  Optional<String> ended() throws IOException {
    for (Replica replica : replicas) {
      if (replica.hasEnded() && replica.hasBegun()) {
        return Optional.of("replica " + replica.name + " ended: " + replica.said());
      }
    }
    return Optional.empty();
  }

  private String said() throws IOException {
    StringBuilder said = new StringBuilder();
    for (Replica replica : replicas) {
      said.append(replica.name).append(": ").append(replica.said());
    }
    return said.toString();
  }

  @Override
  public Optional<String> stop() throws IOException, InterruptedException {
    Optional<String> problem = ended();
    for (Replica replica : replicas) {
      Optional<String> refused = replica.stop();
      problem = problem.isPresent() ? problem : refused;
    }
    return problem;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    for (Replica replica : replicas) {
      if (replica.part != null) {
        replica.part.close();
      }
    }
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
