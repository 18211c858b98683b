package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.raspberryspy.s3.S3Bucket;
import io.github.raspberryspy.segments.faults.FaultProxy;
import io.github.raspberryspy.segments.faults.Toxic;
import io.github.raspberryspy.segments.servers.PostgresServer;
import io.github.raspberryspy.segments.servers.S3Server;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.index.PostgresConfig;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Replicas of a master, each a process of its own with a folder of its own; they share a database
 * and a bucket, of real servers.
 */
@Timeout(180)
class ReplicasTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path folder;

  private final Clip clip = Footage.recorded("front", 0, 30_000);
  private final Clip second = Footage.recorded("front", 1, 30_000);
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private TestPostgres postgres;
  private S3Server server;

  /** What they are told; the folder is a replica's own. */
  private static MasterConfig config(Path footage, PostgresConfig index, S3Bucket store) {
    return MasterConfig.into(footage)
        .listen("127.0.0.1", 0)
        .minFreeBytes(0)
        .index(index)
        .store(store)
        .build();
  }

  /** The process that is killed: prints its address, and a line whenever it serves. */
  public static final class Victim {
    private Victim() {}

    /** Runs with a folder, the database's address, and the store's. */
    public static void main(String[] args) throws Exception {
      Path footage = Path.of(args[0]);
      PostgresConfig index =
          new PostgresConfig(
              args[1], Optional.of(PostgresServer.USER), Optional.of(PostgresServer.PASSWORD));
      S3Bucket store =
          TestBucket.of(URI.create(args[2]), "s3://cctv/home", S3Server.SECRET_KEY, false, footage);
      MasterServer master = MasterServer.start(config(footage, index, store));
      System.out.println(Child.READY + master.url());
      Thread.currentThread().join();
    }
  }

  private final class Replica implements AutoCloseable {
    final Process process;
    final URI url;

    Replica(String name) throws IOException {
      this(name, postgres.config().url());
    }

    Replica(String name, String database) throws IOException {
      Path home = Files.createDirectories(folder.resolve(name));
      process =
          Child.start(
              Victim.class,
              Redirect.to(folder.resolve(name + ".log").toFile()),
              home.toString(),
              database,
              server.uri().toString());
      open.push(this);
      url = Child.awaitUrl(process);
    }

    HttpResponse<String> health() throws IOException, InterruptedException {
      return HTTP.send(
          HttpRequest.newBuilder(url.resolve("/health")).timeout(Duration.ofSeconds(5)).build(),
          BodyHandlers.ofString());
    }

    boolean serves() {
      try {
        return health().statusCode() == 200;
      } catch (IOException e) {
        return false; // it is between the two
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    void awaitServing() {
      await().atMost(PATIENCE).until(this::serves);
    }

    TestCamera camera() throws IOException {
      return new TestCamera(url, credential());
    }

    void signal(String signal) throws Exception {
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }
  }

  private S3Bucket bucket() throws IOException {
    return TestBucket.of(server, "s3://cctv/home", folder);
  }

  /** As somebody gets it who has neither folder. */
  private CameraCredential credential() throws IOException {
    return MasterServer.credentialFor(
        config(folder.resolve("elsewhere"), postgres.config(), bucket()), "front");
  }

  @BeforeEach
  void start() throws IOException {
    postgres = TestPostgres.create();
    server = S3Server.start(Files.createDirectory(folder.resolve("s3")), "cctv");
    open.push(server);
  }

  @AfterEach
  void stop() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  /** Sends more of an open segment, as far as this; returns where the upload ended before. */
  private static long grow(TestCamera camera, Clip clip, int upTo) throws Exception {
    String upload = camera.beginOpen(clip.id());
    int from = (int) camera.offset(upload);
    if (from >= upTo) {
      return from;
    }
    byte[] rest = Arrays.copyOfRange(clip.bytes(), from, upTo);
    assertThat(camera.patch(upload, from, rest).statusCode()).isEqualTo(204);
    return from;
  }

  private void requireHeldOnce(Clip... clips) throws IOException {
    Path home = server.bucket("cctv").resolve("home");
    try (Stream<Path> files = Files.walk(home.resolve("front"))) {
      List<Path> videos = files.filter(f -> f.toString().endsWith(".mp4")).sorted().toList();
      assertThat(videos).hasSize(clips.length);
      for (int i = 0; i < clips.length; i++) {
        assertThat(videos.get(i)).hasBinaryContent(clips[i].bytes());
      }
    }
  }

  private static void requireVouched(Receipt receipt, TestCamera camera, Clip clip) {
    assertThat(receipt.vouchesFor(camera.credential(), clip.id(), clip.manifest().content()))
        .isTrue();
  }

  @Test
  void whereTheOneThatServesIsKilledTheOtherGoesOnWithWhatItHad() throws Exception {
    Replica first = new Replica("first");
    first.awaitServing();
    Replica other = new Replica("other");
    HttpResponse<String> standby = other.health();
    assertThat(standby.statusCode()).isEqualTo(503);
    assertThat(standby.headers().firstValue("Retry-After")).contains("1");
    JsonNode problem = new ObjectMapper().readTree(standby.body());
    assertThat(problem.get("detail").asText()).contains("stands by");
    assertThat(other.camera().createOpen(clip.id()).statusCode()).isEqualTo(503);

    requireVouched(first.camera().upload(clip), first.camera(), clip);
    grow(first.camera(), second, 20_000);
    first.close();
    other.awaitServing();

    assertThat(grow(other.camera(), second, 25_000)).isEqualTo(20_000);
    requireVouched(other.camera().upload(second), other.camera(), second);
    requireVouched(other.camera().upload(clip), other.camera(), clip); // asked again
    requireHeldOnce(clip, second);

    Replica again = new Replica("first");
    assertThat(again.serves()).isFalse();
    other.close();
    again.awaitServing();
    requireVouched(again.camera().upload(second), again.camera(), second);
    requireHeldOnce(clip, second);
  }

  @Test
  void oneThatIsStoppedLosesItsPlaceAndChangesNothingWhenItGoesOn() throws Exception {
    Replica first = new Replica("first");
    first.awaitServing();
    grow(first.camera(), clip, 10_000);
    Replica other = new Replica("other");
    first.signal("STOP");
    other.awaitServing();
    assertThat(grow(other.camera(), clip, 20_000)).isEqualTo(10_000);

    TestCamera late = first.camera();
    first.signal("CONT");
    assertThatThrownBy(() -> late.upload(second)).as("a receipt").isInstanceOf(IOException.class);
    await().atMost(PATIENCE).until(() -> stands(first));
    assertThat(other.serves()).isTrue();

    requireVouched(other.camera().upload(clip), other.camera(), clip);
    requireVouched(other.camera().upload(second), other.camera(), second);
    requireHeldOnce(clip, second);
  }

  @Test
  void oneThatCannotReachTheDatabaseIsReplacedAndWhatItStillTookIsNotLost() throws Exception {
    URI url = URI.create(postgres.config().url().substring("jdbc:".length()));
    try (FaultProxy network = new FaultProxy(url.getPort(), 1)) {
      String behind = "jdbc:postgresql://127.0.0.1:" + network.port() + url.getPath();
      Replica first = new Replica("first", behind);
      first.awaitServing();
      TestCamera camera = first.camera();
      String upload = camera.beginOpen(clip.id());
      byte[] bytes = clip.bytes();
      assertThat(camera.patch(upload, 0, Arrays.copyOf(bytes, 9_000)).statusCode()).isEqualTo(204);
      Replica other = new Replica("other");
      network.upstream(new Toxic.Timeout(Duration.ZERO)); // nothing arrives any more
      network.downstream(new Toxic.Timeout(Duration.ZERO));
      other.awaitServing();

      byte[] more = Arrays.copyOfRange(bytes, 9_000, 15_000);
      assertThat(camera.patch(upload, 9_000, more).statusCode()).isEqualTo(204);
      assertThat(other.camera().patch(upload, 9_000, more).statusCode()).isEqualTo(409);
      assertThat(grow(other.camera(), clip, 20_000)).isEqualTo(15_000);
      network.heal();
      await().atMost(PATIENCE).until(() -> stands(first));
      requireVouched(other.camera().upload(clip), other.camera(), clip);
      requireHeldOnce(clip);
    }
  }

  private static boolean stands(Replica replica) throws InterruptedException {
    try {
      return replica.health().statusCode() == 503;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void afterTheDatabaseWasAwayOneOfThemServes() throws Exception {
    Replica first = new Replica("first");
    first.awaitServing();
    Replica other = new Replica("other");
    grow(first.camera(), clip, 10_000);
    postgres.away();
    postgres.back();

    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(
            IOException.class) // the one that served may just be losing its place
        .untilAsserted(
            () -> {
              TestCamera camera = (first.serves() ? first : other).camera();
              assertThat(grow(camera, clip, 20_000)).isGreaterThanOrEqualTo(10_000);
              requireVouched(camera.upload(clip), camera, clip);
            });
    await().atMost(PATIENCE).until(() -> stands(first) != stands(other));
    requireHeldOnce(clip);
  }

  @Test
  void replicasThatDoNotShareAllAreRefused() throws Exception {
    Replica first = new Replica("first");
    first.awaitServing();
    first.close();
    MasterConfig elsewhere =
        config(
            folder.resolve("other"),
            postgres.config(),
            TestBucket.of(server, "s3://cctv/another", folder));
    assertThatThrownBy(() -> MasterServer.start(elsewhere))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "the replicas of this master keep their footage in s3://cctv/home, by their database;"
                + " this one was told s3://cctv/another");

    Path old = folder.resolve("old");
    MasterServer.credentialFor(old, "front"); // a master that had no replicas
    assertThatThrownBy(() -> MasterServer.start(config(old, postgres.config(), bucket())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the database has another secret than")
        .hasMessageContaining("master.secret");
  }

  @Test
  void aMasterThatHadNoReplicasBringsItsSecret() throws Exception {
    Path old = folder.resolve("old");
    CameraCredential before = MasterServer.credentialFor(old, "front");
    MasterConfig config = config(old, postgres.config(), bucket());
    try (MasterServer master = MasterServer.start(config)) {
      assertThat(master.isServing()).isTrue();
      assertThat(master.credentialFor("front")).isEqualTo(before);
    }
    assertThat(credential()).isEqualTo(before);
  }
}
