package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.faults.FaultProxy;
import io.github.raspberryspy.segments.faults.Toxic;
import io.github.raspberryspy.segments.servers.SshServer;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against OpenSSH's own server. */
class SftpTargetTest extends TargetFixture {

  private static final int SIZE = 300_000;

  @TempDir Path keys;
  @TempDir Path footage;
  private SshServer server;
  private FaultProxy network;

  @BeforeEach
  void startServer() throws IOException {
    server = SshServer.start(keys);
    network = new FaultProxy(server.port(), 7);
  }

  @AfterEach
  void stopServer() throws IOException {
    if (network != null) {
      network.close();
      server.close();
    }
  }

  private SftpConfig target(String hostKey, Path clientKey, Path folder) throws IOException {
    return SftpConfig.of(
        URI.create("sftp://" + server.user() + "@127.0.0.1:" + network.port() + folder),
        HostKey.parse(hostKey),
        SftpConfig.Identity.read(clientKey),
        false);
  }

  private SftpConfig target() throws IOException {
    return target(server.hostKey("ed25519"), server.clientKey(), footage);
  }

  @Test
  void bringsVideoAndManifestAndDeletesThemHere() throws Exception {
    SealedSegment one = seal(1, SIZE);
    SealedSegment empty = seal(2, 1);
    Uploader uploader = to(target());
    assertThat(empty(uploader)).isTrue();
    assertThere(footage, one, SIZE);
    assertThere(footage, empty, 1);
    assertThat(verified).hasSize(2);
    assertThat(uploader.acceptedBytes()).isEqualTo(SIZE + 1);
  }

  @Test
  void anyOfTheServersHostKeysMayBePinned() throws Exception {
    SealedSegment one = seal(1, SIZE);
    String line = "nas.lan " + server.hostKey("ecdsa");
    assertThat(empty(to(target(line, server.clientKey(), footage)))).isTrue();
    assertThere(footage, one, SIZE);
  }

  @Test
  void anotherHostKeyGetsNothing() throws Exception {
    SealedSegment one = seal(1, SIZE);
    String strangers = Files.readString(keys.resolve("stranger.pub"));
    to(target(strangers, server.clientKey(), footage));
    eventually(() -> assertThat(failures).hasSizeGreaterThan(1));
    assertThat(kinds()).containsExactly(Kind.UNAUTHORIZED);
    assertThat(failures.get(0))
        .hasMessageContaining("shows the host key ssh-ed25519 SHA256:")
        .hasMessageContaining("not the pinned one");
    assertKept(one);
    assertNothingThere(footage);
  }

  @Test
  void anotherKeyIsNotLetIn() throws Exception {
    SealedSegment one = seal(1, SIZE);
    to(target(server.hostKey("ed25519"), server.strangersKey(), footage));
    eventually(() -> assertThat(failures).isNotEmpty());
    assertThat(kinds()).containsExactly(Kind.UNAUTHORIZED);
    assertThat(failures.get(0)).hasMessageContaining("does not let " + server.user() + " in");
    assertKept(one);
  }

  @Test
  void aMissingFolderIsWaitedForAndNotMade() throws Exception {
    SealedSegment one = seal(1, SIZE);
    Path disk = footage.resolve("disk");
    Uploader uploader = to(target(server.hostKey("ed25519"), server.clientKey(), disk));
    eventually(() -> assertThat(failures).isNotEmpty());
    assertThat(kinds()).containsExactly(Kind.UNREACHABLE);
    assertThat(failures.get(0)).hasMessageContaining("there is no folder " + disk);
    assertThat(disk).doesNotExist();
    assertKept(one);
    Files.createDirectories(disk);
    assertThat(empty(uploader)).isTrue();
    assertThere(disk, one, SIZE);
  }

  @Test
  void goesOnWhereALinkBroke() throws Exception {
    int size = 3 << 20;
    SealedSegment one = seal(1, size);
    network.upstream(new Toxic.LimitData(1 << 20));
    Uploader uploader = to(target());
    eventually(() -> assertThat(uploader.acceptedBytes()).isGreaterThan(CHUNK));
    eventually(() -> assertThat(failures).isNotEmpty());
    assertThat(kinds()).containsOnly(Kind.UNREACHABLE);
    assertKept(one);
    assertThat(in(footage, one)).doesNotExist();
    network.heal();
    assertThat(empty(uploader)).isTrue();
    assertThere(footage, one, size);
    // chunks that were under way when a link broke may be sent twice; not what was there before
    assertThat(uploader.acceptedBytes()).isLessThanOrEqualTo(size);
  }

  @Test
  void aServerThatRestartsIsFoundAgain() throws Exception {
    Uploader uploader = to(target());
    SealedSegment one = seal(1, SIZE);
    assertThat(empty(uploader)).isTrue();
    server.stop();
    SealedSegment two = seal(2, SIZE);
    uploader.poke();
    eventually(() -> assertThat(failures).isNotEmpty());
    assertKept(two);
    server.run();
    assertThat(empty(uploader)).isTrue();
    assertThere(footage, one, SIZE);
    assertThere(footage, two, SIZE);
  }

  @Test
  void otherBytesUnderTheSameNameAreNotWrittenOver() throws Exception {
    SealedSegment one = seal(1, SIZE);
    SealedSegment two = seal(2, SIZE);
    Files.createDirectories(in(footage, one).getParent());
    Files.write(in(footage, one), new byte[SIZE]);
    to(target());
    eventually(() -> assertThat(verified).hasSize(1));
    eventually(() -> assertThat(kinds()).containsExactly(Kind.CONFLICT));
    assertThat(in(footage, one)).hasBinaryContent(new byte[SIZE]);
    assertThat(manifestIn(footage, one)).doesNotExist();
    assertKept(one);
    assertThere(footage, two, SIZE);
  }

  @Test
  void whatWasBroughtBeforeACrashIsNotSentAgain() throws Exception {
    SealedSegment one = seal(1, SIZE);
    Files.createDirectories(in(footage, one).getParent());
    Files.copy(one.files().video(), in(footage, one));
    Uploader uploader = to(target());
    assertThat(empty(uploader)).isTrue();
    assertThere(footage, one, SIZE);
    assertThat(uploader.acceptedBytes()).isZero();
  }

  @Test
  void aPartThatHoldsOtherBytesIsSentAnew() throws Exception {
    SealedSegment one = seal(1, SIZE);
    Files.createDirectories(in(footage, one).getParent());
    Files.write(partIn(footage, one), new byte[SIZE / 2]);
    SealedSegment two = seal(2, SIZE);
    Files.write(partIn(footage, two), new byte[SIZE + 1]);
    assertThat(empty(to(target()))).isTrue();
    assertThere(footage, one, SIZE);
    assertThere(footage, two, SIZE);
  }

  @Test
  void aFileThatIsDamagedHereGoesIntoQuarantine() throws Exception {
    SealedSegment one = seal(1, SIZE);
    byte[] bytes = Files.readAllBytes(one.files().video());
    bytes[SIZE / 2] ^= 1;
    Files.write(one.files().video(), bytes);
    assertThat(empty(to(target()))).isTrue();
    assertThat(kinds()).containsExactly(Kind.DAMAGED);
    assertThat(inQuarantine(one)).exists();
    assertNothingThere(footage);
  }

  @Test
  void theOpenSegmentGrowsThereAndItsEndFollows() throws Exception {
    Growing growing = new Growing(1, SIZE, false);
    Uploader uploader = to(target());
    growing.grow(uploader, SIZE / 2);
    Path part =
        footage
            .resolve("front")
            .resolve(growing.manifest.name().day())
            .resolve(growing.manifest.name() + ".mp4.part");
    eventually(() -> assertThat(part).hasBinaryContent(Arrays.copyOf(growing.video, SIZE / 2)));
    SealedSegment sealed = growing.seal(uploader);
    assertThat(empty(uploader)).isTrue();
    assertThere(footage, sealed, SIZE);
    assertThat(uploader.acceptedBytes()).isEqualTo(SIZE);
  }

  @Test
  void keepsToTheBandwidth() throws Exception {
    seal(1, 40_000);
    UploadLimits limits =
        new UploadLimits(20_000, UploadLimits.none().window(), false, UploadLimits.none().clock());
    Uploader uploader = uploader(spool, quick(target()).limits(limits).build());
    long begin = System.nanoTime();
    uploader.start();
    assertThat(empty(uploader)).isTrue();
    assertThat(System.nanoTime() - begin).isGreaterThan(1_400_000_000L);
  }

  @Test
  void manySegmentsGoInTheirOrderOverOneConnection() throws Exception {
    for (int i = 1; i <= 20; i++) {
      seal(i, 1000);
    }
    assertThat(empty(to(target()))).isTrue();
    assertThat(verified).hasSize(20);
    assertThat(List.copyOf(verified).get(0)).endsWith("20");
    assertThat(network.connections()).isEqualTo(1);
  }
}
