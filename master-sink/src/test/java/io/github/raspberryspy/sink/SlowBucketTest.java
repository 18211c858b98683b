package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.s3.S3Bucket;
import io.github.raspberryspy.segments.faults.FaultProxy;
import io.github.raspberryspy.segments.faults.Toxic;
import io.github.raspberryspy.segments.servers.S3Server;
import io.github.raspberryspy.sink.Footage.Clip;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bucket that takes what is sent to it, and answers nothing. */
@Timeout(180)
class SlowBucketTest {

  /** As many as wait for a bucket. */
  private static final int MOST = 40;

  private static final int CAMERAS = MOST + 25;

  @TempDir Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private S3Server server;
  private FaultProxy proxy;

  @BeforeEach
  void startServer() throws Exception {
    server = S3Server.start(Files.createDirectory(folder.resolve("s3")), "cctv");
    proxy = new FaultProxy(server.port(), 1);
  }

  @AfterEach
  void stopServer() throws Exception {
    threads.shutdownNow();
    if (server != null) {
      proxy.close();
      server.close();
    }
  }

  private static long answered(List<Future<HttpResponse<String>>> asked) {
    return asked.stream().filter(Future::isDone).count();
  }

  @Test
  void holdsUpAsManySealsAsMayWaitForItAndNothingElse() throws Exception {
    S3Bucket store =
        TestBucket.of(
            URI.create("http://127.0.0.1:" + proxy.port()),
            "s3://cctv/home",
            S3Server.SECRET_KEY,
            false,
            folder);
    try (TestMaster master =
        TestMaster.start(folder.resolve("footage"), m -> m.minFreeBytes(0).store(store))) {
      TestCamera front = master.camera("front");
      TestPerson person = new TestPerson(master.server());
      front.upload(Footage.recorded("front", 0, 3000));
      List<Clip> clips = new ArrayList<>();
      List<String> uploads = new ArrayList<>();
      for (int i = 1; i <= CAMERAS; i++) {
        Clip clip = Footage.recorded("camera-" + i, i, 500);
        TestCamera camera = master.camera("camera-" + i);
        clips.add(clip);
        uploads.add(camera.begin(clip));
        camera.fill(uploads.get(i - 1), clip, 1 << 20);
      }

      proxy.downstream(new Toxic.Timeout(Duration.ZERO));
      List<Future<HttpResponse<String>>> seals = new ArrayList<>();
      for (int i = 0; i < CAMERAS; i++) {
        String upload = uploads.get(i);
        Clip clip = clips.get(i);
        TestCamera camera = master.camera(clip.id().camera());
        seals.add(threads.submit(() -> camera.seal(upload, clip.manifest())));
      }
      await()
          .atMost(Duration.ofSeconds(25)) // before the bucket counts as one that never answers
          .until(() -> answered(seals) == CAMERAS - MOST);
      for (Future<HttpResponse<String>> one : seals) {
        if (one.isDone()) {
          assertThat(one.get().statusCode()).isEqualTo(503);
          assertThat(one.get().headers().firstValue("Retry-After")).isPresent();
          assertThat(one.get().body())
              .contains(MOST + " requests wait for bucket cctv of 127.0.0.1");
        }
      }
      Clip open = Footage.recorded("front", 1, 4000);
      String growing = front.beginOpen(open.id());
      byte[] first = Arrays.copyOf(open.bytes(), 2000);
      assertThat(front.patch(growing, 0, first).statusCode()).isEqualTo(204);
      assertThat(front.offset(growing)).isEqualTo(2000);
      assertThat(master.camera("camera-1").offset(uploads.get(0)))
          .isEqualTo(clips.get(0).bytes().length);
      assertThat(person.get("/api/v1/segments").get("total").asInt()).isOne();
      assertThat(answered(seals)).as("the others still wait").isEqualTo(CAMERAS - MOST);

      proxy.heal();
      for (Future<HttpResponse<String>> one : seals) {
        assertThat(one.get().statusCode()).isIn(200, 503);
      }
      for (int i = 0; i < CAMERAS; i++) {
        Clip clip = clips.get(i);
        TestCamera camera = master.camera(clip.id().camera());
        assertThat(camera.seal(uploads.get(i), clip.manifest()).statusCode()).isEqualTo(200);
      }
      assertThat(person.get("/api/v1/segments").get("total").asInt()).isEqualTo(CAMERAS + 1);
    }
  }
}
