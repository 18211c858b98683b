package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.raspberryspy.segments.faults.FaultProxy;
import io.github.raspberryspy.segments.faults.Toxic;
import io.github.raspberryspy.segments.spool.SealedSegment;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * F15: each toxic of a bad network in either direction. What gets through gets there once; what
 * does not fails by the timeout, and gets there when the network works again. {@code
 * -Draspberryspy.connections=10000} makes as many connections.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ToxicsTest extends UploadFixture {

  private static final int CONNECTIONS = Integer.getInteger("raspberryspy.connections", 300);
  private static final int SIZE = 10 * CHUNK + 17;
  private static final Toxic NOTHING = new Toxic.Latency(Duration.ZERO, Duration.ZERO);

  private FaultProxy network;

  @BeforeEach
  void setUpNetwork() throws IOException {
    network = new FaultProxy(master.uri().getPort(), 5);
  }

  @AfterEach
  void tearDownNetwork() throws IOException {
    network.close();
  }

  private Uploader startThroughIt() {
    UploaderConfig config =
        UploaderConfig.builder(URI.create("http://127.0.0.1:" + network.port()), CREDENTIAL)
            .chunkBytes(CHUNK)
            .connectTimeout(Duration.ofSeconds(2))
            .requestTimeout(Duration.ofSeconds(1))
            .sealTimeout(Duration.ofSeconds(1))
            .pollInterval(Duration.ofMillis(20))
            .retry(Duration.ofMillis(1), Duration.ofMillis(20))
            .random(() -> 0.5)
            .build();
    Uploader uploader = uploader(spool, config);
    uploader.start();
    return uploader;
  }

  static Stream<Arguments> passable() {
    return eitherWay(
        new Toxic.Latency(Duration.ofMillis(20), Duration.ofMillis(15)),
        new Toxic.Bandwidth(200_000),
        new Toxic.SlowClose(Duration.ofMillis(300)),
        new Toxic.Slicer(200, 150, Duration.ofNanos(50_000)),
        new Toxic.LimitData(12_000)); // of each connection: a chunk, and not two
  }

  static Stream<Arguments> impassable() {
    return eitherWay(
        new Toxic.Latency(Duration.ofSeconds(3), Duration.ZERO),
        new Toxic.Bandwidth(20),
        new Toxic.Timeout(Duration.ofMillis(100)),
        new Toxic.Timeout(Duration.ZERO),
        new Toxic.Slicer(1, 0, Duration.ofMillis(50)),
        new Toxic.LimitData(30));
  }

  private static Stream<Arguments> eitherWay(Toxic... toxics) {
    return Stream.of(toxics)
        .flatMap(t -> Stream.of(Arguments.of(t, NOTHING), Arguments.of(NOTHING, t)));
  }

  @ParameterizedTest
  @MethodSource("passable")
  void whatSlowsAndCutsDelaysTheUploadAlone(Toxic up, Toxic down) throws Exception {
    network.upstream(up);
    network.downstream(down);
    SealedSegment segment = seal(0, SIZE);
    assertThat(empty(startThroughIt())).isTrue();
    assertVerified(segment, SIZE);
    assertThat(master.sealOrder).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("impassable")
  void whatLetsNothingThroughFailsByTheTimeoutAndIsMadeGood(Toxic up, Toxic down) throws Exception {
    network.upstream(up);
    network.downstream(down);
    SealedSegment segment = seal(0, SIZE);
    Uploader uploader = startThroughIt();
    eventually(() -> assertThat(failures).isNotEmpty());
    assertKept(segment);
    network.heal();
    assertThat(empty(uploader)).isTrue();
    assertVerified(segment, SIZE);
    assertThat(kinds()).containsExactly(UploadException.Kind.UNREACHABLE);
  }

  @Test
  void thousandsOfConnectionsThatBreakLeaveNothingBehind() throws Exception {
    network.upstream(new Toxic.LimitData(2000)); // no chunk gets through
    SealedSegment segment = seal(0, SIZE);
    Uploader uploader = startThroughIt();
    eventually(() -> assertThat(network.connections()).isGreaterThan(20));
    int threads = threads();
    long files = openFiles();
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(9))
        .until(() -> network.connections() > CONNECTIONS);
    assertThat(threads()).as("threads").isLessThan(threads + 10);
    assertThat(openFiles()).as("open files").isLessThan(files + 40);
    network.heal();
    assertThat(empty(uploader)).isTrue();
    assertVerified(segment, SIZE);
  }

  /** All but those of the network itself. */
  private static int threads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(t -> !t.getName().startsWith("fault-proxy"))
            .count();
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }
}
