package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The camera {@code front} of the tests that kill: short segments, which go to a master. */
final class UploadingCamera {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private UploadingCamera() {}

  /**
   * Writes its config.
   *
   * @param folder for that, its token, and its spool
   * @param master the config of its master, which knows its token
   * @param port where it reaches the master, on this machine
   */
  static Path configure(Path folder, Path master, int port)
      throws IOException, InterruptedException {
    Program.Result token =
        Program.run(
            folder, LIMIT, "master", "--config", master.toString(), "--camera-token", "front");
    assertThat(token.exit()).as("%s", token.err()).isZero();
    Files.write(folder.resolve("token"), token.out());
    return Files.writeString(
        folder.resolve("camera.yml"),
        """
        camera:
          name: front
          source: "test://?size=320x240&fps=30"
        spool:
          folder: %s
        record:
          segment: 2s
        master:
          url: http://127.0.0.1:%d
          token-file: %s
        upload:
          longest-pause: 2s
        """
            .formatted(folder.resolve("spool"), port, folder.resolve("token")));
  }

  /** Its source never answers, so it records nothing and brings the spool to the master. */
  static Program startOnlyToUpload(Path folder, Path config) {
    return Program.start(
        folder,
        "camera",
        "--config",
        config.toString(),
        "--set",
        "camera.source=rtsp://127.0.0.1:1/nothing");
  }

  /** Lets the programs run for a while: what is tested is a kill at any moment. */
  static void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    await().atMost(time.plusSeconds(30)).until(() -> System.nanoTime() - end > 0);
  }
}
