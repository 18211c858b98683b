package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.VideoFormat;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.SegmentFiles;
import io.github.raspberryspy.segments.spool.Spool;
import io.github.raspberryspy.segments.wire.CameraCredential;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A spool, a master and uploaders between them. */
abstract class UploadFixture {

  static final int CHUNK = 4096;
  static final CameraCredential CREDENTIAL = CameraCredential.derive(FakeMaster.SECRET, "front");
  private static final Instant START = Instant.parse("2026-11-23T14:00:00Z");

  @TempDir Path root;

  final AtomicLong now = new AtomicLong();
  final List<UploadException> failures = Collections.synchronizedList(new ArrayList<>());
  final List<String> verified = Collections.synchronizedList(new ArrayList<>());
  private OptionalInt parallel = OptionalInt.empty();
  private final List<Uploader> uploaders = new ArrayList<>();
  FakeMaster master;
  Spool spool;

  @BeforeEach
  void setUp() throws IOException {
    master = new FakeMaster();
    spool = Spool.open(root, "front");
  }

  @AfterEach
  void tearDown() throws IOException {
    uploaders.forEach(Uploader::close);
    master.close();
    assertThat(master.problems).isEmpty();
  }

  static byte[] video(long sequence, int bytes) {
    byte[] video = new byte[bytes];
    new Random(sequence).nextBytes(video);
    return video;
  }

  SealedSegment seal(long sequence, int bytes) throws IOException {
    return seal(spool, sequence, bytes, false);
  }

  static SegmentManifest manifest(long sequence, int bytes, boolean motion) {
    return manifest(sequence, bytes, motion, CloseReason.TIME);
  }

  private static SegmentManifest manifest(
      long sequence, int bytes, boolean motion, CloseReason reason) {
    byte[] video = video(sequence, bytes);
    Instant start = START.plusSeconds(5 * sequence);
    Instant end = start.plusSeconds(5);
    List<EventSpan> spans =
        motion ? List.of(new EventSpan(start, end, 0.5, List.of(), List.of())) : List.of();
    String sha256 = HexFormat.of().formatHex(DurableFiles.sha256().digest(video));
    return new SegmentManifest(
        new SegmentId("front", "3f9a1c22", 1, sequence),
        start,
        end,
        ClockState.SYNCED,
        0,
        150,
        new VideoFormat("avc1.42c01f", 1280, 720, 30),
        new Content(bytes, sha256),
        spans,
        List.of(),
        reason);
  }

  static SealedSegment seal(Spool spool, long sequence, int bytes, boolean motion)
      throws IOException {
    return seal(spool, sequence, bytes, motion, CloseReason.TIME);
  }

  static SealedSegment seal(
      Spool spool, long sequence, int bytes, boolean motion, CloseReason reason)
      throws IOException {
    SegmentManifest manifest = manifest(sequence, bytes, motion, reason);
    SegmentFiles files = spool.files(manifest.name());
    Files.createDirectories(files.folder());
    Files.write(files.part(), video(sequence, bytes));
    return spool.seal(files, manifest);
  }

  /** A segment that is being written, fragment by fragment. */
  final class Growing {
    final SegmentManifest manifest;
    final byte[] video;

    Growing(long sequence, int bytes, boolean motion) throws IOException {
      manifest = manifest(sequence, bytes, motion);
      video = video(sequence, bytes);
      Files.createDirectories(spool.files(manifest.name()).folder());
    }

    void grow(Uploader uploader, int bytes) throws IOException {
      Files.write(spool.files(manifest.name()).part(), Arrays.copyOf(video, bytes));
      uploader.durable(spool.files(manifest.name()), manifest.id(), bytes);
    }

    SealedSegment seal(Uploader uploader) throws IOException {
      Files.write(spool.files(manifest.name()).part(), video);
      SealedSegment sealed = spool.seal(spool.files(manifest.name()), manifest);
      uploader.sealed(sealed);
      return sealed;
    }

    void assertOnMaster(int bytes) {
      eventually(
          () ->
              assertThat(Arrays.equals(master.bytesOf(manifest.id()), Arrays.copyOf(video, bytes)))
                  .as("the master has %d bytes", bytes)
                  .isTrue());
    }
  }

  UploaderConfig.Builder quick() {
    return quick(master.uri());
  }

  UploaderConfig.Builder quick(URI to) {
    return UploaderConfig.builder(to, CREDENTIAL)
        .chunkBytes(CHUNK)
        .requestBytes(CHUNK)
        .connectTimeout(Duration.ofSeconds(5))
        .requestTimeout(Duration.ofSeconds(5))
        .sealTimeout(Duration.ofSeconds(5))
        .pollInterval(Duration.ofMillis(20))
        .retry(Duration.ofMillis(1), Duration.ofMillis(20))
        .random(() -> 0.5)
        .nanoTime(now::get);
  }

  Uploader start() {
    return start(UnaryOperator.identity());
  }

  Uploader start(UnaryOperator<UploaderConfig.Builder> change) {
    Uploader uploader = uploader(spool, change.apply(quick()).build());
    uploader.start();
    return uploader;
  }

  Uploader uploader(Spool from, UploaderConfig config) {
    return uploader(from, config, new SharedLink(config));
  }

  /** Not several segments of the backlog at once: what happens has an order then. */
  void oneAtATime() {
    parallel = OptionalInt.of(1);
  }

  Uploader uploader(Spool from, UploaderConfig config, SharedLink link) {
    Uploader uploader =
        new Uploader(
            from,
            config,
            link,
            new UploadListener() {
              @Override
              public void verified(SegmentManifest segment) {
                verified.add(segment.id().toString());
              }

              @Override
              public void failed(SegmentId segment, UploadException problem) {
                failures.add(problem);
              }
            },
            parallel);
    uploaders.add(uploader);
    return uploader;
  }

  List<UploadException.Kind> kinds() {
    synchronized (failures) {
      return failures.stream().map(UploadException::kind).distinct().toList();
    }
  }

  static void eventually(org.awaitility.core.ThrowingRunnable condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(2))
        .untilAsserted(condition);
  }

  void assertVerified(SealedSegment segment, int bytes) {
    long sequence = segment.manifest().id().sequence();
    assertThat(master.sealed.get(segment.manifest().id().toString()))
        .isEqualTo(video(sequence, bytes));
    assertThat(segment.files().video()).doesNotExist();
    assertThat(segment.files().manifest()).doesNotExist();
    assertThat(segment.files().receipt()).doesNotExist();
  }

  void assertKept(SealedSegment segment) throws IOException {
    assertThat(segment.files().video()).exists();
    assertThat(DurableFiles.hash(segment.files().video())).isEqualTo(segment.manifest().content());
    assertThat(segment.files().manifest()).exists();
  }

  Path inQuarantine(SealedSegment segment) {
    return spool.folder().resolve("quarantine").resolve(segment.files().video().getFileName());
  }

  boolean empty(Uploader uploader) throws InterruptedException {
    return uploader.awaitEmpty(Duration.ofSeconds(20));
  }
}
