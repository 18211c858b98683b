package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.FileFacts;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.Mp4Builder;
import io.github.raspberryspy.segments.SegmentHeader;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.faults.FaultProxy;
import io.github.raspberryspy.segments.faults.Toxic;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.sink.MasterConfig;
import io.github.raspberryspy.sink.MasterServer;
import io.github.raspberryspy.upload.UploadListener;
import io.github.raspberryspy.upload.Uploader;
import io.github.raspberryspy.upload.UploaderConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * F14 and F34: the uploads of a camera to a master, real on both sides, over a link that is slow,
 * or breaks again and again. {@code -Draspberryspy.bytes=4294967297 -Draspberryspy.rate=1250000}
 * sends a file of 4 GiB and a byte at 10 Mbit/s, which takes an hour; {@code
 * -Draspberryspy.flapping=3600} breaks the link for an hour, and by itself the same happens ten
 * times as fast. Both sides share a JVM that has no place for such a file.
 */
class SlowLinkTest {

  private static final long BYTES = Long.getLong("raspberryspy.bytes", (16L << 20) + 1);
  private static final long RATE = Long.getLong("raspberryspy.rate", 16_000_000);
  private static final long FLAPPING = Long.getLong("raspberryspy.flapping", 6);
  private static final long SEED = Long.getLong("raspberryspy.seed", 14);

  /** What takes seconds over a slow link takes less over a quick one. */
  private static final double HASTE = Math.max(1, 60.0 / FLAPPING);

  private static final long FLAPPING_RATE = (long) (1_250_000 * HASTE);
  private static final int SEGMENT = 4 << 20;
  private static final Instant START = Instant.parse("2026-11-23T14:00:00Z");

  @TempDir Path folder;

  private final Set<String> verified = ConcurrentHashMap.newKeySet();
  private MasterServer master;
  private FaultProxy network;
  private Spool spool;

  @BeforeEach
  void start() throws IOException {
    master =
        MasterServer.start(
            MasterConfig.into(folder.resolve("footage")).listen("127.0.0.1", 0).build());
    network = new FaultProxy(master.url().getPort(), SEED);
    spool = Spool.open(folder.resolve("spool"), "front");
  }

  @AfterEach
  void stop() throws IOException {
    network.close();
    master.close();
  }

  @Test
  void aFileOfAnySizeGoesOverASlowLinkOnce() throws Exception {
    SegmentManifest segment = film(0, BYTES);
    network.upstream(new Toxic.Bandwidth(RATE));
    try (Uploader uploader = uploader(1)) {
      uploader.start();
      await()
          .atMost(Duration.ofSeconds(120 + 3 * BYTES / RATE))
          .pollInterval(Duration.ofMillis(100))
          .until(() -> isThere(segment) && spool.sealed().isEmpty());
      assertThat(uploader.acceptedBytes()).isEqualTo(BYTES);
    }
    assertThat(onMaster()).hasSize(1);
    assertThat(DurableFiles.hash(onMaster().get(0))).isEqualTo(segment.content());
    assertThat(network.upstreamBytes()).as("each byte once").isBetween(BYTES, BYTES + BYTES / 100);
  }

  /** Up for 5 to 30 s, down for up to 5 s, or all of that ten times as fast. */
  @Test
  void aLinkThatFlapsSendsAtMostATwentiethAgain() throws Exception {
    Random random = new Random(SEED);
    network.upstream(new Toxic.Bandwidth(FLAPPING_RATE));
    long filmed = 0;
    long accepted = 0;
    int cuts = 0;
    try (Uploader uploader = uploader(HASTE)) {
      uploader.start();
      long end = System.nanoTime() + Duration.ofSeconds(FLAPPING).toNanos();
      while (System.nanoTime() < end) {
        filmed = filmAhead(filmed);
        rest(random.nextDouble(5, 30));
        network.refuse(true);
        network.cut();
        cuts++;
        rest(random.nextDouble(5));
        network.refuse(false);
        assertThat(uploader.acceptedBytes()).as("progress").isGreaterThanOrEqualTo(accepted);
        accepted = uploader.acceptedBytes();
      }
      await().atMost(Duration.ofMinutes(5)).until(() -> spool.sealed().isEmpty());
    }
    double sent = network.upstreamBytes() / (double) (filmed * SEGMENT);
    System.out.printf(
        "%d segments over a link that broke %d times: %.3f times their bytes were sent%n",
        filmed, cuts, sent);
    assertThat(onMaster()).hasSize((int) filmed);
    assertThat(onMaster().stream().map(SlowLinkTest::sha256)).doesNotHaveDuplicates();
    assertThat(verified).hasSize((int) filmed);
    assertThat(cuts).isPositive();
    assertThat(sent).as("of the bytes, seed %d", SEED).isBetween(1.0, 1.05);
  }

  private Uploader uploader(double haste) {
    UploaderConfig config =
        UploaderConfig.builder(
                URI.create("http://127.0.0.1:" + network.port()), master.credentialFor("front"))
            .pollInterval(Duration.ofMillis(100))
            .retry(scaled(1, haste), scaled(60, haste))
            .build();
    return new Uploader(
        spool,
        config,
        new UploadListener() {
          @Override
          public void verified(SegmentManifest segment) {
            verified.add(segment.id().toString());
          }
        });
  }

  private static Duration scaled(double seconds, double haste) {
    return Duration.ofNanos((long) (seconds / haste * 1e9));
  }

  /** So that the link always has something to do: the next of so many segments. */
  private long filmAhead(long from) throws IOException {
    long next = from;
    long waiting = spool.sealed().size();
    double most = 30 * 1_250_000.0 / SEGMENT;
    for (; waiting < most; waiting++) {
      film(next++, SEGMENT);
    }
    return next;
  }

  /** Lets the link be as it is for a while: what is tested is a break at any moment. */
  private static void rest(double seconds) {
    long until = System.nanoTime() + scaled(seconds, HASTE).toNanos();
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> System.nanoTime() - until >= 0);
  }

  private boolean isThere(SegmentManifest segment) {
    return verified.contains(segment.id().toString());
  }

  private List<Path> onMaster() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("footage"))) {
      return files.filter(f -> f.toString().endsWith(SegmentName.VIDEO)).toList();
    }
  }

  private static String sha256(Path file) {
    try {
      return DurableFiles.hash(file).sha256();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Seals a segment of exactly so many bytes, no two blocks of which are the same. */
  private SegmentManifest film(long sequence, long bytes) throws IOException {
    Instant start = START.plusSeconds(5 * sequence);
    SegmentHeader header =
        new SegmentHeader(
            new SegmentId("front", "3f9a1c22", 1, sequence),
            start,
            ClockState.SYNCED,
            5_000_000 * sequence,
            30);
    SegmentFiles files = spool.files(new SegmentName(start, ClockState.SYNCED, 1, sequence));
    Files.createDirectories(files.folder());
    try (FileChannel part =
        FileChannel.open(files.part(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      write(part, new Mp4Builder().start(30_000, header).bytes());
      fragments(part, sequence, bytes);
    }
    FragmentedMp4 scanned = FragmentedMp4.scan(files.part());
    SegmentManifest manifest =
        FileFacts.of(scanned)
            .orElseThrow()
            .manifest(
                DurableFiles.hash(files.part()), List.of(), List.of(), List.of(), CloseReason.TIME);
    return spool.seal(files, manifest).manifest();
  }

  /** Fragments of one picture each; most of their bytes are holes in the file. */
  private static void fragments(FileChannel part, long sequence, long bytes) throws IOException {
    int most = 32 << 20;
    int head = Mp4Builder.moof(0, 1000, 1).length + 8;
    for (int i = 0; part.position() < bytes; i++) {
      long left = bytes - part.position();
      // what is left for the last one must have place for its head
      int media = (int) (left <= most ? left - head : Math.min(most, left - 2L * head) - head);
      write(part, Mp4Builder.moof(1000L * i, 1000, media));
      write(part, Mp4Builder.lyingBox("mdat", media + 8));
      long end = part.position() + media;
      for (long at = part.position(); at + Long.BYTES <= end; at += 64 << 10) {
        part.write(ByteBuffer.allocate(Long.BYTES).putLong(0, at << 20 | sequence), at);
      }
      part.write(ByteBuffer.wrap(new byte[] {1}), end - 1);
      part.position(end);
    }
  }

  private static void write(FileChannel to, byte[] bytes) throws IOException {
    DurableFiles.writeFully(to, ByteBuffer.wrap(bytes));
  }
}
