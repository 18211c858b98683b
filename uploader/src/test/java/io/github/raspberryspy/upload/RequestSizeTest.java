package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.upload.FakeMaster.Body;
import io.github.raspberryspy.upload.FakeMaster.Fault;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How much goes into one request. */
class RequestSizeTest extends UploadFixture {

  private static final int SIZE = 100 * CHUNK;

  @Test
  void aQuickLinkGetsLongerRequestsWithoutChecksums() throws Exception {
    SealedSegment segment = seal(0, SIZE);
    assertThat(empty(start(c -> c.requestBytes(1 << 20)))).isTrue();
    assertVerified(segment, SIZE);
    assertThat(master.bodies.get(0)).isEqualTo(new Body(CHUNK, true));
    assertThat(master.bodies).contains(new Body(2 * CHUNK, false)).hasSizeLessThan(20);
  }

  @Test
  void afterABreakItIsACheckedChunkAgain() throws Exception {
    SealedSegment segment = seal(0, SIZE);
    AtomicInteger patches = new AtomicInteger();
    master.script =
        (method, path, request) ->
            method.equals("PATCH") && patches.incrementAndGet() == 4
                ? Optional.of(new Fault.CutBody(CHUNK))
                : Optional.empty();
    assertThat(empty(start(c -> c.requestBytes(1 << 20)))).isTrue();
    assertVerified(segment, SIZE);
    assertThat(master.bodies.get(3)).isEqualTo(new Body(CHUNK, true));
  }

  @Test
  void whatALongRequestBrokeIsSentAgainInCheckedChunks() throws Exception {
    SealedSegment segment = seal(0, SIZE);
    AtomicInteger longOnes = new AtomicInteger();
    master.script =
        (method, path, request) ->
            method.equals("PATCH")
                    && request.header("Upload-Checksum").isEmpty()
                    && longOnes.incrementAndGet() == 1
                ? Optional.of(new Fault.FlipBit())
                : Optional.empty();
    assertThat(empty(start(c -> c.requestBytes(1 << 20)))).isTrue();
    assertVerified(segment, SIZE);
    assertThat(master.count("PUT")).isEqualTo(2);
  }
}
