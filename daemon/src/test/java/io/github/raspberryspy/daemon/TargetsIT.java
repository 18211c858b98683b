package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.servers.S3Server;
import io.github.raspberryspy.segments.servers.SshServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The camera daemon whose footage goes to other targets than a master, as a user runs it. */
class TargetsIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path folder;
  @TempDir Path logs;

  @Test
  void recordsToAnSshServer() throws Exception {
    Path footage = Files.createDirectory(folder.resolve("footage"));
    try (SshServer server = SshServer.start(Files.createDirectory(folder.resolve("keys")))) {
      assertRecordsTo(
          footage,
          "target: sftp://%s@127.0.0.1:%s%s".formatted(server.user(), server.port(), footage),
          "key-file: " + server.clientKey(),
          "host-key: " + server.hostKey("ed25519").strip());
    }
  }

  @Test
  void recordsToABucket() throws Exception {
    try (S3Server server = S3Server.start(Files.createDirectory(folder.resolve("s3")), "cctv")) {
      Path key =
          Files.createFile(
              folder.resolve("key"),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(key, S3Server.ACCESS_KEY + ":" + S3Server.SECRET_KEY);
      assertRecordsTo(
          server.bucket("cctv").resolve("home"),
          "target: s3://cctv/home",
          "endpoint: " + server.uri(),
          "key-file: " + key);
    }
  }

  private void assertRecordsTo(Path footage, String... upload) throws Exception {
    Path spool = folder.resolve("spool");
    Path config = folder.resolve("camera.yml");
    Files.writeString(
        config,
        """
        camera:
          name: front
          source: "test://?size=320x240&fps=30"
        spool:
          folder: %s
        record:
          segment: 2s
        upload:
          %s
        """
            .formatted(spool, String.join("\n  ", upload)));
    try (Program camera = Program.start(logs, "camera", "--config", config.toString())) {
      Awaitility.await().atMost(LIMIT).until(() -> camera.isAlive() && gone(footage, spool) >= 3);
      camera.terminate();
      camera.await(LIMIT);
      assertThat(String.join("\n", camera.err())).doesNotContain(S3Server.SECRET_KEY);
    }
    // what was closed by the stop goes with the next start, whose own recording ends by itself
    Program.Result rest =
        Program.run(
            logs,
            LIMIT,
            "camera",
            "--config",
            config.toString(),
            "--set",
            "camera.source=test://?size=320x240&fps=30&frames=45");
    assertThat(rest.exit()).as("%s", rest.err()).isZero();
    UploadingCamera.uploadTheRest(logs, config, spool); // where the machine was too busy for it
    Program.Result check = Program.run(logs, LIMIT, "check", footage.toString());
    assertThat(check.exit()).as("%s %s", check.out(), check.err()).isZero();
  }

  /** How many segments are there, whole and vouched for, and no more here. */
  private static long gone(Path footage, Path spool) throws IOException {
    List<String> here = names(spool, ".mp4");
    List<String> videos = names(footage, ".mp4");
    return names(footage, ".json").stream()
        .map(name -> name.replace(".json", ".mp4"))
        .filter(name -> videos.contains(name) && !here.contains(name))
        .count();
  }

  private static List<String> names(Path folder, String ending) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(f -> f.getFileName().toString()).filter(n -> n.endsWith(ending)).toList();
    }
  }
}
