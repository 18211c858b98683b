package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

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

  /**
   * Brings what is in the spool to where it belongs, by a camera whose source never answers, so
   * that it records nothing.
   *
   * @param logs a folder for what it says
   */
  static void uploadTheRest(Path logs, Path config, Path spool)
      throws IOException, InterruptedException {
    String silent = "camera.source=rtsp://127.0.0.1:1/nothing";
    try (Program uploader =
        Program.start(logs, "camera", "--config", config.toString(), "--set", silent)) {
      await().atMost(LIMIT).untilAsserted(() -> assertThat(footageIn(spool)).isEmpty());
      uploader.terminate();
      uploader.await(LIMIT);
    }
  }

  /** What is there of segments, whole or not. */
  static List<Path> footageIn(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(f -> f.toString().matches(".*\\.(mp4|json|part|ack|tmp)")).toList();
    } catch (UncheckedIOException e) { // what was uploaded is deleted meanwhile
      return footageIn(folder);
    }
  }

  /** Lets the programs run for a while: what is tested is a kill at any moment. */
  static void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    await().atMost(time.plusSeconds(30)).until(() -> System.nanoTime() - end > 0);
  }
}
