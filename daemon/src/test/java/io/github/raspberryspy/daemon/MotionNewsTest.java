package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.camera.PipelineListener;
import io.github.raspberryspy.daemon.config.CameraKeys;
import io.github.raspberryspy.daemon.config.Settings;
import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.UnknownSpan;
import io.github.raspberryspy.sink.MasterConfig;
import io.github.raspberryspy.sink.MasterServer;
import io.github.raspberryspy.sink.event.MasterEvent.MotionReported;
import io.github.raspberryspy.sink.event.MasterEvent.SegmentStored;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the master is told of motion as it happens, and what it holds of it in the end. */
@Timeout(120)
class MotionNewsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MOVEMENTS = 4; // of the source in its 40 s

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"0s, 4", "20s, 2", "24h, 1"})
  void aCoolDownKeepsNewsBackAndNoMotion(String cooldown, int told) throws Exception {
    List<MotionReported> news = new CopyOnWriteArrayList<>();
    List<EventSpan> held = new CopyOnWriteArrayList<>();
    try (MasterServer master = master()) {
      master.listen(
          event -> {
            if (event instanceof MotionReported motion) {
              news.add(motion);
            } else if (event instanceof SegmentStored stored) {
              held.addAll(stored.segment().manifest().motion());
            }
          });
      try (CameraNode node =
          camera(
              master, "motion.cooldown=" + cooldown, "motion.zones=all trigger 0,0 1,0 1,1 0,1")) {
        assertThat(node.awaitStop(PATIENCE)).isTrue();
        assertThat(node.awaitUploaded(PATIENCE)).isTrue();
        await().atMost(PATIENCE).until(() -> ended(news) >= told);
      }
      assertThat(ended(news)).isEqualTo(told);
      assertThat(news).allSatisfy(m -> assertThat(m.span().zones()).containsExactly("all"));
      assertThat(news.stream().map(m -> m.span().start()).distinct())
          .as("each motion begins once")
          .hasSize(told);
      assertThat(held).hasSize(MOVEMENTS);
    }
  }

  @Test
  void whereMotionIsSwitchedOffNobodyIsToldThatThereWasNone() throws Exception {
    List<SegmentManifest> held = new CopyOnWriteArrayList<>();
    try (MasterServer master = master()) {
      master.listen(
          event -> {
            if (event instanceof SegmentStored stored) {
              held.add(stored.segment().manifest());
            }
          });
      try (CameraNode node = camera(master, "motion.enabled=false")) {
        assertThat(node.awaitStop(PATIENCE)).isTrue();
        assertThat(node.awaitUploaded(PATIENCE)).isTrue();
      }
    }
    assertThat(held)
        .singleElement()
        .satisfies(
            m ->
                assertThat(m.unknown())
                    .containsExactly(
                        new UnknownSpan(m.start(), m.end(), UnknownSpan.NOT_LOOKED_FOR)));
  }

  private MasterServer master() throws Exception {
    return MasterServer.start(
        MasterConfig.into(folder.resolve("footage")).listen("127.0.0.1", 0).build());
  }

  private CameraNode camera(MasterServer master, String... more) throws Exception {
    Path token = folder.resolve("token");
    Files.writeString(token, master.credentialFor("front").token());
    List<String> sets = new ArrayList<>(List.of(more));
    sets.addAll(
        List.of(
            "camera.name=front",
            "camera.source=test://?size=320x240&fps=15&seed=7&realtime=false&frames=600",
            "spool.folder=" + folder.resolve("spool"),
            "master.url=" + master.url(),
            "master.token-file=" + token));
    return CameraNode.start(
        CameraKeys.camera(Settings.of(CameraKeys.ALL, sets)),
        new PipelineListener() {},
        () -> true);
  }

  private static long ended(List<MotionReported> news) {
    return news.stream().filter(MotionReported::ended).count();
  }
}
