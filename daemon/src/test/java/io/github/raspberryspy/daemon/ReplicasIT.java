package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.segments.servers.PostgresServer;
import io.github.raspberryspy.segments.servers.S3Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two replicas of a master behind a load balancer, of which the one that serves is killed again and
 * again while a camera records; {@code -Draspberryspy.kills} says how often, {@code
 * -Draspberryspy.seed} when.
 */
class ReplicasIT {

  private static final int KILLS = Integer.getInteger("raspberryspy.kills", 3);
  private static final long SEED = Long.getLong("raspberryspy.seed", 20261127L);
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  @TempDir Path folder;

  private final Random random = new Random(SEED);
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private PostgresServer database;
  private S3Server store;

  /** A master's config, and the process that runs it now. */
  private final class Replica implements AutoCloseable {
    final Path config;
    final int port;
    Program program;

    Replica(String name) throws IOException {
      port = Tools.freePort();
      config =
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
                url: %s
                user: %s
                password-file: %s
              store:
                url: s3://cctv/home
                endpoint: %s
                key-file: %s
              """
                  .formatted(
                      folder.resolve(name),
                      port,
                      database.url("footage"),
                      PostgresServer.USER,
                      folder.resolve("password"),
                      store.uri(),
                      folder.resolve("key")));
      start();
      open.push(this);
    }

    void start() {
      program = Program.start(folder, "master", "--config", config.toString(), "--json");
      program.awaitLine("\"url\"");
    }

    boolean serves() throws InterruptedException {
      try {
        URI health = URI.create("http://127.0.0.1:" + port + "/health");
        HttpRequest ask = HttpRequest.newBuilder(health).timeout(Duration.ofSeconds(5)).build();
        return HTTP.send(ask, BodyHandlers.discarding()).statusCode() == 200;
      } catch (IOException e) {
        return false;
      }
    }

    @Override
    public void close() throws InterruptedException {
      program.close();
    }
  }

  private Path secret(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, text);
  }

  @AfterEach
  void stop() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  @Test
  void whicheverServesMayBeKilledAndNothingIsLostOrDoubled() throws Exception {
    Tools.need("haproxy", "ffmpeg", "ffprobe");
    database = PostgresServer.start();
    open.push(database);
    database.execute("postgres", "CREATE DATABASE footage");
    store = S3Server.start(Files.createDirectory(folder.resolve("s3")), "cctv");
    open.push(store);
    secret("password", PostgresServer.PASSWORD + "\n");
    secret("key", S3Server.ACCESS_KEY + ":" + S3Server.SECRET_KEY + "\n");
    Replica first = new Replica("first");
    Replica second = new Replica("second");
    Balancer balancer = Balancer.start(folder, List.of(first.port, second.port));
    open.push(balancer);
    Path camera = UploadingCamera.configure(folder, second.config, balancer.port());

    try (Program recording = Program.start(folder, "camera", "--config", camera.toString())) {
      for (int i = 0; i < KILLS; i++) {
        await().atMost(LIMIT).until(() -> first.serves() || second.serves());
        UploadingCamera.pause(Duration.ofMillis(200 + random.nextInt(5000)));
        Replica serving = first.serves() ? first : second;
        serving.program.kill();
        Replica other = serving == first ? second : first;
        await().atMost(LIMIT).until(other::serves);
        serving.start();
      }
      recording.terminate();
      recording.await(LIMIT);
    }
    UploadingCamera.uploadTheRest(folder, camera, folder.resolve("spool"));

    Path bucket = store.bucket("cctv").resolve("home");
    Footage footage = Footage.of(bucket, "front");
    assertThat(footage.segments()).as("seed %d", SEED).hasSizeGreaterThan(KILLS);
    footage.assertPlays();
    footage.assertFollowsOn();
    assertThat(footage.segments()).extracting(s -> s.manifest().id()).doesNotHaveDuplicates();
    long expected = 0;
    for (Footage.Segment segment : footage.segments()) {
      if (segment.manifest().id().run() == footage.segments().get(0).manifest().id().run()) {
        assertThat(segment.manifest().id().sequence()).isEqualTo(expected++);
      }
    }
    assertThat(filesIn(bucket.resolve(".raspberryspy/incoming"))).isEmpty();
    assertThat(filesIn(bucket.resolve(".raspberryspy/quarantine"))).isEmpty();
    Program.Result check = Program.run(folder, LIMIT, "check", "--config", first.config.toString());
    assertThat(check.out()).as("%s", check.err()).hasSize(1);
    assertThat(check.out().get(0))
        .startsWith(footage.segments().size() + " segments, ")
        .endsWith(", 0 faults");
    assertThat(check.exit()).isZero();
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
