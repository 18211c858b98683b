package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.s3.S3Parts;
import io.github.raspberryspy.segments.faults.FaultProxy;
import io.github.raspberryspy.segments.faults.Toxic;
import io.github.raspberryspy.segments.servers.S3Server;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.upload.UploadException.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a real server of S3. */
class S3TargetTest extends S3Fixture {

  private static final int SMALL = 300_000;
  private static final int LARGE = (int) S3Parts.LEAST_BYTES * 2 + 12_345;

  private FaultProxy network;

  @BeforeEach
  void standBetween() throws IOException {
    network = new FaultProxy(server.port(), 7);
  }

  @AfterEach
  void stepAside() throws IOException {
    network.close();
  }

  private S3Config target(String address, String secret) throws IOException {
    return target(address, URI.create("http://127.0.0.1:" + network.port()), secret, false);
  }

  private S3Config target() throws IOException {
    return target("s3://cctv/home", S3Server.SECRET_KEY);
  }

  @Test
  void bringsSmallAndLargeOnesAndDeletesThemHere() throws Exception {
    SealedSegment small = seal(1, SMALL);
    SealedSegment large = seal(2, LARGE);
    Uploader uploader = to(target());
    assertThat(empty(uploader)).isTrue();
    assertThere(footage, small, SMALL);
    assertThere(footage, large, LARGE);
    assertThat(uploader.acceptedBytes()).isEqualTo(SMALL + LARGE);
    assertThat(failures).isEmpty();
  }

  @Test
  void goesOnWithThePartsThatAreThere() throws Exception {
    SealedSegment large = seal(1, LARGE);
    network.upstream(new Toxic.LimitData(S3Parts.LEAST_BYTES + 1_000_000));
    Uploader uploader = to(target());
    eventually(() -> assertThat(failures).isNotEmpty());
    assertThat(kinds()).containsOnly(Kind.UNREACHABLE);
    assertThat(in(footage, large)).doesNotExist();
    assertKept(large);
    network.heal();
    assertThat(empty(uploader)).isTrue();
    assertThere(footage, large, LARGE);
    assertThat(uploader.acceptedBytes()).as("each part once").isEqualTo(LARGE);
  }

  @Test
  void aWrongSecretIsRefused() throws Exception {
    SealedSegment one = seal(1, SMALL);
    to(target("s3://cctv/home", "wrong"));
    eventually(() -> assertThat(failures).isNotEmpty());
    assertThat(kinds()).containsExactly(Kind.UNAUTHORIZED);
    assertThat(failures.get(0)).hasMessageContaining("refuses this camera's key");
    assertKept(one);
  }

  @Test
  void aMissingBucketIsWaitedFor() throws Exception {
    SealedSegment one = seal(1, SMALL);
    Uploader uploader = to(target("s3://absent", S3Server.SECRET_KEY));
    eventually(() -> assertThat(failures).isNotEmpty());
    assertThat(kinds()).containsExactly(Kind.UNREACHABLE);
    assertThat(failures.get(0)).hasMessageContaining("there is no bucket absent");
    assertKept(one);
    Files.createDirectories(server.bucket("absent"));
    assertThat(empty(uploader)).isTrue();
    assertThere(server.bucket("absent"), one, SMALL);
  }

  @Test
  void otherBytesUnderTheSameNameAreNotWrittenOver() throws Exception {
    SealedSegment one = seal(1, SMALL);
    SealedSegment two = seal(2, SMALL);
    Files.createDirectories(in(footage, one).getParent());
    Files.write(in(footage, one), new byte[SMALL]);
    to(target());
    eventually(() -> assertThat(verified).hasSize(1));
    eventually(() -> assertThat(kinds()).containsExactly(Kind.CONFLICT));
    assertThat(in(footage, one)).hasBinaryContent(new byte[SMALL]);
    assertThat(manifestIn(footage, one)).doesNotExist();
    assertKept(one);
    assertThere(footage, two, SMALL);
  }

  @Test
  void whatWasBroughtBeforeACrashIsNotSentAgain() throws Exception {
    SealedSegment one = seal(1, LARGE);
    Files.createDirectories(in(footage, one).getParent());
    Files.copy(one.files().video(), in(footage, one));
    Uploader uploader = to(target());
    assertThat(empty(uploader)).isTrue();
    assertThere(footage, one, LARGE);
    assertThat(uploader.acceptedBytes()).isZero();
  }

  @Test
  void aFileThatIsDamagedHereGoesIntoQuarantineAndLeavesNothingThere() throws Exception {
    SealedSegment one = seal(1, SMALL);
    byte[] bytes = Files.readAllBytes(one.files().video());
    bytes[SMALL / 2] ^= 1;
    Files.write(one.files().video(), bytes);
    assertThat(empty(to(target()))).isTrue();
    assertThat(kinds()).containsExactly(Kind.DAMAGED);
    assertThat(inQuarantine(one)).exists();
    assertNothingThere(server.bucket("cctv"));
  }

  @Test
  void anOpenSegmentWaitsForItsSeal() throws Exception {
    Growing growing = new Growing(1, SMALL, false);
    Uploader uploader = to(target());
    growing.grow(uploader, SMALL / 2);
    SealedSegment sealed = growing.seal(uploader);
    assertThat(empty(uploader)).isTrue();
    assertThere(footage, sealed, SMALL);
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
  void closingBreaksOffWhatIsUnderWay() throws Exception {
    SealedSegment large = seal(1, LARGE);
    network.upstream(new Toxic.Bandwidth(100_000));
    Uploader uploader = to(target());
    eventually(() -> assertThat(network.openConnections()).isPositive());
    long begin = System.nanoTime();
    uploader.close();
    assertThat(System.nanoTime() - begin).isLessThan(8_000_000_000L);
    assertKept(large);
  }
}
