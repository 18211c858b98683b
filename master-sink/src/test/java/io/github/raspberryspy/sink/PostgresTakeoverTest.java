package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.segments.servers.PostgresServer;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.index.PostgresConfig;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two masters, one folder and one database: one at a time, and the second after the first. */
class PostgresTakeoverTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path footage;
  @TempDir Path copy;

  /** The process that is killed: prints its address, then waits for its end. */
  public static final class Victim {
    private Victim() {}

    /** Serves the folder that it is given, with the index at the address. */
    public static void main(String[] args) throws Exception {
      System.out.println(Child.READY + serve(Path.of(args[0]), config(args[1])).url());
      Thread.currentThread().join();
    }
  }

  private static PostgresConfig config(String url) {
    return new PostgresConfig(
        url, Optional.of(PostgresServer.USER), Optional.of(PostgresServer.PASSWORD));
  }

  private static MasterServer serve(Path footage, PostgresConfig index) throws IOException {
    return MasterServer.start(
        MasterConfig.into(footage).listen("127.0.0.1", 0).index(index).build());
  }

  @Test
  void aMasterThatIsKilledInTheMiddleOfASealIsFollowedByAnotherThatFinishesIt() throws Exception {
    TestPostgres postgres = TestPostgres.create();
    Clip clip = Footage.clip("front", 1, 3000);
    Process first =
        Child.start(Victim.class, Redirect.DISCARD, footage.toString(), postgres.config().url());
    try (Connection blocking = postgres.connect()) {
      TestCamera front =
          new TestCamera(Child.awaitUrl(first), MasterServer.credentialFor(footage, "front"));
      String upload = front.begin(clip);
      front.fill(upload, clip, 1 << 20);
      blocking.setAutoCommit(false);
      execute(blocking, "LOCK TABLE segments IN EXCLUSIVE MODE");
      CompletableFuture<HttpResponse<String>> sealing =
          CompletableFuture.supplyAsync(() -> seal(front, upload, clip));
      await().atMost(PATIENCE).until(() -> waits(blocking));

      assertThatThrownBy(() -> serve(footage, postgres.config()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in use by another master");
      Path id = Path.of(".raspberryspy/footage-id");
      Files.createDirectories(copy.resolve(id).getParent());
      Files.copy(footage.resolve(id), copy.resolve(id));
      assertThatThrownBy(() -> serve(copy, postgres.config()))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "index " + postgres.config() + " cannot be used: it is in use by another master");

      first.destroyForcibly().waitFor();
      assertThatThrownBy(sealing::get).isInstanceOf(ExecutionException.class); // no receipt
      blocking.rollback();
    } finally {
      first.destroyForcibly().waitFor();
    }

    try (TestMaster second =
        TestMaster.start(footage, settings -> settings.index(postgres.config()))) {
      TestPerson person = new TestPerson(second.server());
      assertThat(person.get("/api/v1/segments").get("total").asInt()).isEqualTo(1);
      TestCamera front = second.camera("front");
      Receipt receipt = front.upload(clip);
      assertThat(receipt.vouchesFor(front.credential(), clip.id(), clip.manifest().content()))
          .isTrue();
      assertThat(second.videos())
          .singleElement()
          .satisfies(v -> assertThat(v).hasBinaryContent(clip.bytes()));
      assertThat(second.incoming()).isEmpty();
    }
  }

  private static HttpResponse<String> seal(TestCamera front, String upload, Clip clip) {
    try {
      return front.seal(upload, clip.manifest());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static boolean waits(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet waiting =
            statement.executeQuery(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND wait_event_type = 'Lock'")) {
      return waiting.next();
    }
  }
}
