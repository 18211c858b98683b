package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.segments.Gap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of either side at random instants; {@code -Draspberryspy.kills=20} says how often
 * (default 3), {@code -Draspberryspy.seed} when.
 */
class KillIT {

  private static final int KILLS = Integer.getInteger("raspberryspy.kills", 3);
  private static final long SEED = Long.getLong("raspberryspy.seed", 20261123L);
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir Path folder;

  private final Random random = new Random(SEED);
  private Path masterConfig;
  private Path cameraConfig;

  @BeforeEach
  void configure() throws Exception {
    masterConfig = folder.resolve("master.yml");
    int port = Tools.freePort();
    Files.writeString(
        masterConfig,
        """
        footage:
          folder: %s
        listen:
          port: %d
        """
            .formatted(folder.resolve("footage"), port));
    cameraConfig = UploadingCamera.configure(folder, masterConfig, port);
  }

  @Test
  void aKilledCameraLosesAtMostItsLastSecondAndLeavesNothingBehind() throws Exception {
    Tools.need("ffmpeg", "ffprobe");
    try (Program master = startMaster()) {
      List<Instant> kills = new ArrayList<>();
      for (int i = 0; i < KILLS; i++) {
        try (Program camera =
            Program.start(folder, "camera", "--config", cameraConfig.toString())) {
          awaitRecordingOfRun(i + 1);
          UploadingCamera.pause(Duration.ofMillis(1200 + random.nextInt(2500)));
          kills.add(Instant.now());
          camera.kill();
        }
      }
      finishAndAssertComplete(master);
      assertNothingOlderThanASecondIsMissing(kills);
    }
  }

  @Test
  void aKilledMasterLosesNothingAndDoublesNothing() throws Exception {
    Tools.need("ffmpeg", "ffprobe");
    try (Program camera = Program.start(folder, "camera", "--config", cameraConfig.toString())) {
      for (int i = 0; i < KILLS; i++) {
        try (Program master = startMaster()) {
          UploadingCamera.pause(Duration.ofMillis(200 + random.nextInt(2500)));
          master.kill();
        }
      }
      try (Program master = startMaster()) {
        UploadingCamera.pause(Duration.ofSeconds(2));
        camera.terminate();
        camera.await(LIMIT);
        finishAndAssertComplete(master);
        Footage footage = Footage.of(folder.resolve("footage"), "front");
        long expected = 0;
        Set<Long> runs = new HashSet<>();
        for (Footage.Segment segment : footage.segments()) {
          runs.add(segment.manifest().id().run());
          if (runs.size() == 1) {
            assertThat(segment.manifest().id().sequence()).isEqualTo(expected++);
          }
        }
      }
    }
  }

  /** Everything recorded is verified, plays, follows on, and is in one place only. */
  private void finishAndAssertComplete(Program master) throws Exception {
    try (Program camera =
        Program.start(
            folder,
            "camera",
            "--config",
            cameraConfig.toString(),
            "--set",
            "camera.source=test://?size=320x240&fps=30&frames=45")) {
      assertThat(camera.await(LIMIT).exit()).as("%s", camera.err()).isZero();
    }
    Path spool = folder.resolve("spool");
    UploadingCamera.uploadTheRest(folder, cameraConfig, spool);
    assertThat(master.isAlive()).isTrue();
    Footage footage = Footage.of(folder.resolve("footage"), "front");
    footage.assertPlays();
    footage.assertFollowsOn();
    assertThat(footage.segments()).extracting(s -> s.manifest().id()).doesNotHaveDuplicates();
    assertThat(UploadingCamera.footageIn(spool.resolve("front/quarantine"))).isEmpty();
    Program.Result check =
        Program.run(folder, LIMIT, "check", folder.resolve("footage").toString());
    assertThat(check.exit()).as("%s", check.out()).isZero();
  }

  /** What the manifests list as missing began within the last second before a kill. */
  private void assertNothingOlderThanASecondIsMissing(List<Instant> kills) throws IOException {
    Footage footage = Footage.of(folder.resolve("footage"), "front");
    List<Gap> restarts =
        footage.segments().stream()
            .flatMap(s -> s.manifest().gaps().stream())
            .filter(gap -> gap.reason().equals("restart"))
            .toList();
    assertThat(restarts).hasSizeGreaterThanOrEqualTo(kills.size());
    for (int i = 0; i < kills.size(); i++) {
      Instant kill = kills.get(i);
      assertThat(Duration.between(restarts.get(i).start(), kill))
          .as("from the last recovered frame to kill %d, seed %d", i, SEED)
          .isLessThan(Duration.ofSeconds(1));
    }
  }

  private Program startMaster() {
    Program master = Program.start(folder, "master", "--config", masterConfig.toString(), "--json");
    master.awaitLine("\"ready\"");
    return master;
  }

  private void awaitRecordingOfRun(int run) {
    await()
        .atMost(LIMIT)
        .until(
            () ->
                UploadingCamera.footageIn(folder.resolve("spool")).stream()
                    .anyMatch(f -> f.toString().matches(".*_r" + run + "-.*\\.part")));
  }
}
