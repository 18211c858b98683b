package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.raspberryspy.segments.Needed;
import io.github.raspberryspy.segments.servers.SshServer;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is believed of an SSH server, and what is not: with OpenSSH's own, made odd. */
class SftpTrustTest extends TargetFixture {

  private static final int SIZE = 700_000;
  private static final Path ODD = Path.of("src/test/sftp/odd-server.py").toAbsolutePath();

  @TempDir Path keys;
  @TempDir Path footage;
  private SshServer server;

  @AfterEach
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  private SftpConfig odd(String manner, boolean rereads) throws IOException {
    Needed.require(Needed.isPresent("python3"), "python3");
    return target(
        "%s %s %s 2>>%s".formatted(ODD, SshServer.sftpServer(), manner, keys.resolve("asked")),
        footage,
        rereads);
  }

  private SftpConfig target(String subsystem, Path folder, boolean rereads) throws IOException {
    server = SshServer.start(keys, subsystem);
    return SftpConfig.of(
        URI.create("sftp://" + server.user() + "@127.0.0.1:" + server.port() + folder),
        HostKey.parse(server.hostKey("ed25519")),
        SftpConfig.Identity.read(server.clientKey()),
        rereads);
  }

  private boolean isAskedForHash() throws IOException {
    return Files.size(keys.resolve("asked")) > 0;
  }

  @Test
  void aHashThatTheServerOffersIsEnough() throws Exception {
    SealedSegment one = seal(1, SIZE);
    assertThat(empty(to(odd("hash", false)))).isTrue();
    assertThere(footage, one, SIZE);
    assertThat(isAskedForHash()).isTrue();
  }

  @Test
  void bytesAreReadAgainWhereTheOwnerWantsIt() throws Exception {
    SealedSegment one = seal(1, SIZE);
    assertThat(empty(to(odd("lie", true)))).isTrue();
    assertThere(footage, one, SIZE);
    assertThat(isAskedForHash()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lie", "corrupt"})
  void whatTheServerDoesNotProveIsNotDeleted(String manner) throws Exception {
    SealedSegment one = seal(1, SIZE);
    to(odd(manner, false));
    eventually(() -> assertThat(failures).isNotEmpty());
    assertThat(kinds()).containsExactly(Kind.REJECTED);
    assertThat(failures.get(0)).hasMessageContaining("does not hold");
    assertKept(one);
    assertNothingThere(footage);
  }

  @Test
  void bytesThatWentWrongOnceAreSentAgain() throws Exception {
    SealedSegment one = seal(1, SIZE);
    assertThat(empty(to(odd("once", false)))).isTrue();
    assertThere(footage, one, SIZE);
  }

  @Test
  void aServerThatFallsSilentIsNotWaitedForForEver() throws Exception {
    SealedSegment one = seal(1, SIZE);
    SftpConfig target = odd("stall", false);
    Uploader uploader =
        uploader(spool, quick(target).requestTimeout(Duration.ofSeconds(1)).build());
    uploader.start();
    eventually(() -> assertThat(failures).hasSizeGreaterThan(1));
    assertThat(kinds()).containsExactly(Kind.UNREACHABLE);
    assertThat(failures.get(0)).hasMessageContaining("broke");
    assertKept(one);
  }

  @Test
  void aServerThatTakesNothingIsNamed() throws Exception {
    SealedSegment one = seal(1, SIZE);
    to(target(SshServer.sftpServer() + " -R", footage, false));
    eventually(() -> assertThat(failures).isNotEmpty());
    assertThat(kinds()).containsExactly(Kind.UNAUTHORIZED);
    assertThat(failures.get(0)).hasMessageContaining("may not write to " + footage);
    assertKept(one);
  }

  @Test
  void aServerWithoutSftpIsNamed() throws Exception {
    SealedSegment one = seal(1, SIZE);
    to(target("/bin/false", footage, false));
    eventually(() -> assertThat(failures).isNotEmpty());
    assertThat(kinds()).containsExactly(Kind.UNREACHABLE);
    assertThat(failures.get(0)).hasMessageContaining("offers no SFTP");
    assertKept(one);
  }

  @Test
  void aFullDiskIsNamedAndGoneOnWithOnceThereIsRoom() throws Exception {
    Path disk = Files.createDirectory(footage.resolve("disk"));
    assumeTrue(mounts("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk), "no right to mount");
    try {
      Path filler = Files.write(disk.resolve("filler"), new byte[3_800_000]);
      SealedSegment one = seal(1, SIZE);
      Uploader uploader = to(target(SshServer.sftpServer(), disk, false));
      eventually(() -> assertThat(failures).isNotEmpty());
      assertThat(kinds()).containsExactly(Kind.UNREACHABLE);
      assertThat(failures.get(0))
          .hasMessageContaining("the disk of " + disk)
          .hasMessageEndingWith("is full");
      assertKept(one);
      Files.delete(filler);
      assertThat(empty(uploader)).isTrue();
      assertThere(disk, one, SIZE);
      uploader.close();
    } finally {
      stopServer();
      mounts("umount", disk);
    }
  }

  private static boolean mounts(Object... command) throws Exception {
    String[] words = Arrays.stream(command).map(Object::toString).toArray(String[]::new);
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.waitFor() == 0;
  }
}
