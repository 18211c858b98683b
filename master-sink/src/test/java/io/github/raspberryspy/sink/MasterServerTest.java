package io.github.raspberryspy.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.wire.CameraCredential;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterServerTest {

  @TempDir Path folder;

  @Test
  void portInUseIsSaidInOneSentence() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      MasterConfig config =
          MasterConfig.into(folder).listen("127.0.0.1", taken.getLocalPort()).build();

      assertThatThrownBy(() -> MasterServer.start(config))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
    }
    // and the folder is free again
    MasterServer.start(MasterConfig.into(folder).listen("127.0.0.1", 0).build()).close();
  }

  @Test
  void footageFolderThatIsAFileIsSaidInOneSentence() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(() -> MasterServer.start(MasterConfig.into(file).listen("::1", 0).build()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not a folder");
  }

  @Test
  void secondMasterOnTheSameFolderIsRefused() throws Exception {
    MasterConfig config = MasterConfig.into(folder).listen("127.0.0.1", 0).build();
    try (MasterServer first = MasterServer.start(config)) {
      assertThat(first.url().getPort()).isPositive();
      assertThatThrownBy(() -> MasterServer.start(config))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in use by another master");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "192.0.2.1", "::", ""})
  void otherThanLoopbackIsRefusedUntilThereIsTls(String host) {
    assertThatThrownBy(() -> MasterConfig.into(folder).listen(host, 0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("loopback");
  }

  @Test
  void credentialIsTheSameWithAndWithoutTheServerAndTheSecretIsPrivate() throws Exception {
    CameraCredential before =
        MasterServer.credentialFor(MasterConfig.into(folder).build(), "front");

    try (MasterServer master =
        MasterServer.start(MasterConfig.into(folder).listen("127.0.0.1", 0).build())) {
      assertThat(master.credentialFor("front")).isEqualTo(before);
      assertThat(MasterServer.credentialFor(MasterConfig.into(folder).build(), "front"))
          .isEqualTo(before);
      assertThat(master.credentialFor("back")).isNotEqualTo(before);
    }
    Path secret = folder.resolve(".raspberryspy/master.secret");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret.getParent())))
        .as("where the index is, with what passwords and sessions were made to")
        .isEqualTo("rwx------");
  }

  @Test
  void reserveLargerThanTheDiskIsRefused() {
    MasterConfig config =
        MasterConfig.into(folder).listen("127.0.0.1", 0).minFreeBytes(Long.MAX_VALUE).build();

    assertThatThrownBy(() -> MasterServer.start(config))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("minFreeBytes");
  }
}
