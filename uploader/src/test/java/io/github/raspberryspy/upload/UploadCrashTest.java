package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.SealedSegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Each try fails, and whoever is told of it crashes: the uploads go on until the master is well.
 */
@Timeout(120)
class UploadCrashTest extends UploadFixture {

  private static final int CRASHES = 1_000;

  private static final List<Supplier<Throwable>> FAILURES =
      List.of(
          () -> new IllegalStateException("a bug"),
          () -> new StackOverflowError("too deep"),
          () -> new OutOfMemoryError("too much"));

  private final AtomicLong crashes = new AtomicLong();

  private void crash() {
    int n = (int) (crashes.getAndIncrement() % FAILURES.size());
    UploadCrashTest.<RuntimeException>raise(FAILURES.get(n).get());
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> void raise(Throwable failure) throws T {
    throw (T) failure;
  }

  @Test
  void uploadsThatCrashAThousandTimesGoOn() throws Exception {
    SealedSegment segment = seal(0, CHUNK);
    master.script =
        (method, path, request) ->
            crashes.get() < CRASHES
                ? Optional.of(new FakeMaster.Fault.Status(503, "not now"))
                : Optional.empty();
    UploadListener crashing =
        new UploadListener() {
          @Override
          public void verified(SegmentManifest done) {
            crash();
          }

          @Override
          public void failed(SegmentId id, UploadException problem) {
            crash();
          }
        };
    UploaderConfig config = quick().retry(Duration.ofMillis(1), Duration.ofMillis(1)).build();
    try (Uploader uploader = new Uploader(spool, config, crashing)) {
      uploader.start();
      assertThat(uploader.awaitEmpty(Duration.ofSeconds(100))).isTrue();
    }
    assertVerified(segment, CHUNK);
    assertThat(crashes).hasValue(CRASHES + 1);
  }
}
