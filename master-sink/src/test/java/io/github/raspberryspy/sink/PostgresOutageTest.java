package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.servers.PostgresServer;
import io.github.raspberryspy.segments.wire.Receipt;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.index.PostgresConfig;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that dies while a camera uploads, and comes back, again and again. */
class PostgresOutageTest {

  private static final int OUTAGES = Integer.getInteger("outages", 2);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path footage;

  private final List<Clip> vouched = new CopyOnWriteArrayList<>();
  private final List<HttpResponse<String>> refused = new CopyOnWriteArrayList<>();
  private final AtomicBoolean over = new AtomicBoolean();

  @Test
  void nothingThatWasVouchedForIsLostAndTheMasterGoesOnByItself() throws Exception {
    try (PostgresServer server = PostgresServer.start()) {
      server.execute("postgres", "CREATE DATABASE footage");
      PostgresConfig config = TestPostgres.config(server, "footage");
      try (TestMaster master = TestMaster.start(footage, settings -> settings.index(config))) {
        CompletableFuture<Void> camera = CompletableFuture.runAsync(() -> upload(master));
        for (int i = 0; i < OUTAGES; i++) {
          awaitMore(vouched);
          server.stop();
          awaitMore(refused);
          server.run();
        }
        awaitMore(vouched);
        over.set(true);
        camera.join();

        assertThat(refused)
            .allSatisfy(
                answer -> {
                  assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
                  assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                  assertThat(answer.body()).contains("database cannot be reached now; ask again");
                });
        assertThat(new TestPerson(master.server()).get("/api/v1/segments").get("total").asInt())
            .isEqualTo(vouched.size());
        Map<String, Path> videos = new HashMap<>();
        for (Path video : master.videos()) {
          videos.put(DurableFiles.hash(video).sha256(), video);
        }
        assertThat(videos).hasSize(vouched.size());
        assertThat(vouched)
            .allSatisfy(c -> assertThat(videos).containsKey(c.manifest().content().sha256()));
        assertThat(master.incoming()).isEmpty();
      }
    }
  }

  private void awaitMore(List<?> list) {
    int before = list.size();
    await().atMost(PATIENCE).until(() -> list.size() >= before + 3);
  }

  /** One segment after the other, each until there is a receipt for it. */
  private void upload(TestMaster master) {
    TestCamera front = master.camera("front");
    boolean isSure = true;
    for (int sequence = 0; !(over.get() && isSure); sequence += isSure ? 1 : 0) {
      Clip clip = Footage.clip("front", sequence, 2000);
      try {
        isSure = isVouchedFor(front, clip);
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      if (isSure) {
        vouched.add(clip);
      }
    }
  }

  private boolean isVouchedFor(TestCamera front, Clip clip) throws Exception {
    HttpResponse<String> created = front.create(clip);
    if (created.statusCode() != 201) {
      refused.add(created);
      return false;
    }
    String upload = created.headers().firstValue("Location").orElseThrow();
    front.fill(upload, clip, 1 << 20);
    HttpResponse<String> sealed = front.seal(upload, clip.manifest());
    if (sealed.statusCode() != 200) {
      refused.add(sealed);
      return false;
    }
    return Receipt.decode(sealed.body().getBytes(StandardCharsets.UTF_8))
        .vouchesFor(front.credential(), clip.id(), clip.manifest().content());
  }
}
