package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.servers.S3Server;
import io.github.raspberryspy.sink.MasterConfig;
import io.github.raspberryspy.sink.MasterServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code check} of a master: its sentences and exit codes. */
@Timeout(120)
class CheckMasterTest {

  @TempDir Path folder;

  private Path config(String more) throws IOException {
    return Files.writeString(
        folder.resolve("master.yml"),
        "footage: {folder: '" + folder.resolve("f") + "', id-folder: 'off'}\n" + more);
  }

  private static Outcome check(Object... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "check";
    for (int i = 0; i < arguments.length; i++) {
      all[i + 1] = arguments[i].toString();
    }
    return Outcome.of(all);
  }

  @Test
  void whatIsWrongWithTheCommandIsOneSentence() throws Exception {
    Path config = config("");
    check().assertRefused(2, "Error: Missing required argument (specify one of these)");
    check(folder, "--config", config).assertRefused(2, "Error: ");
    check(folder, "--set", "footage.folder=x")
        .assertRefused(2, "--set overrides a key of --config, and a folder has none");
    check("--config", folder.resolve("absent.yml")).assertRefused(2, "configuration file ");
    check("--config", config("shop: {url: s3://cctv}\n")).assertRefused(2, "key \"shop.url\"");
    check("--config", config("store: {url: 's3://cctv'}\n"))
        .assertRefused(2, "key \"store.key-file\"");
    check("--config", config(""))
        .assertRefused(2, "footage folder " + folder.resolve("f") + " does not exist");
  }

  @Test
  void aMasterWithoutFaultsIsFineAndOneFaultIsAFailure() throws Exception {
    Path config = config("");
    MasterServer.start(
            MasterConfig.into(folder.resolve("f")).listen("127.0.0.1", 0).minFreeBytes(0).build())
        .close();
    assertThat(check("--config", config, "--json"))
        .satisfies(outcome -> assertThat(outcome.exit()).isZero())
        .satisfies(
            outcome ->
                assertThat(outcome.out())
                    .containsExactly(
                        "{\"event\":\"summary\",\"segments\":0,\"bytes\":0,\"faults\":0}"));
    Files.writeString(folder.resolve("f/.raspberryspy/incoming/torn.part"), "x");
    Outcome outcome = check("--config", config);
    assertThat(outcome.exit()).isOne();
    assertThat(outcome.out())
        .containsExactly(
            ".raspberryspy/incoming/torn.part is what an upload left that has ended",
            "0 segments, 0 bytes, 1 faults");
    assertThat(check("--config", config, "--json").out().get(0))
        .startsWith("{\"event\":\"fault\",\"file\":\".raspberryspy/incoming/torn.part\"");
  }

  @Test
  void aBucketThatDoesNotLetItInIsWrongUseAndOneThatIsAwayIsAFailure() throws Exception {
    try (S3Server server = S3Server.start(Files.createDirectory(folder.resolve("s3")), "cctv")) {
      MasterServer.start(MasterConfig.into(folder.resolve("f")).listen("127.0.0.1", 0).build())
          .close();
      Files.writeString(folder.resolve("f/.raspberryspy/store"), "s3://cctv/home\n");
      Path key = folder.resolve("key");
      Files.writeString(key, S3Server.ACCESS_KEY + ":wrong\n");
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
      Path config =
          config(
              "store: {url: 's3://cctv/home', endpoint: '"
                  + server.uri()
                  + "', key-file: '"
                  + key
                  + "'}\n");
      String bucket = "bucket cctv of 127.0.0.1:" + server.port();
      check("--config", config).assertRefused(2, bucket + " refuses this master's key");
      Files.writeString(key, S3Server.ACCESS_KEY + ":" + S3Server.SECRET_KEY + "\n");
      check("--config", config)
          .assertRefused(2, bucket + " is the store of another footage folder");
      server.kill();
      check("--config", config).assertRefused(1, bucket + " cannot be reached");
    }
  }
}
