package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Footage in memory lies where everybody may make folders. */
class OwnFolderTest {

  @TempDir Path everybodys;
  private Path folder;

  @BeforeEach
  void name() throws IOException {
    assumeTrue(Files.getFileStore(everybodys).supportsFileAttributeView("posix"), "not POSIX");
    folder = everybodys.resolve("above/spool");
  }

  @Test
  void nobodyElseMayLookIntoIt() throws Exception {
    OwnFolder.claim(folder);
    assertThat(permissions()).isEqualTo("rwx------");
  }

  @Test
  void whatAnEarlierStartMadeIsTakenAndClosedToOthers() throws Exception {
    OwnFolder.claim(folder);
    Files.writeString(folder.resolve("footage"), "kept");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    OwnFolder.claim(folder);
    assertThat(permissions()).isEqualTo("rwx------");
    assertThat(folder.resolve("footage")).hasContent("kept");
  }

  @Test
  void aLinkThatSomebodyLaidThereIsRefused() throws Exception {
    Path elsewhere = Files.createDirectory(everybodys.resolve("elsewhere"));
    Files.createDirectories(folder.getParent());
    Files.createSymbolicLink(folder, elsewhere);
    assertRefused();
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void aFolderOfAnotherUserIsRefused() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "only the superuser gives away");
    Files.createDirectories(folder);
    Files.setOwner(
        folder,
        folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    assertRefused();
  }

  private void assertRefused() {
    assertThatThrownBy(() -> OwnFolder.claim(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(folder + " is not this user's own folder");
  }

  private String permissions() throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
  }
}
