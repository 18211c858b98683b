package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.DurableFiles;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunningHashTest {

  private final Random random = new Random(11);
  private final MessageDigest java = DurableFiles.sha256();
  private final RunningHash hash = new RunningHash();

  @Test
  void ofNothingIsThatOfNothing() {
    assertThat(hash.hex()).isEqualTo(hex(java.digest()));
  }

  /** Lengths on both sides of a block's, from buffers that do not begin at their first byte. */
  @Test
  void isJavasAfterEachPart() throws Exception {
    for (int i = 0; i < 300; i++) {
      byte[] part = new byte[random.nextInt(300)];
      random.nextBytes(part);
      int before = random.nextInt(9);
      ByteBuffer buffer = ByteBuffer.allocateDirect(before + part.length + random.nextInt(9));
      buffer.position(before).put(part).flip().position(before);

      hash.update(buffer);
      java.update(part);

      assertThat(buffer.remaining()).isEqualTo(part.length);
      assertThat(hash.hex()).isEqualTo(hex(((MessageDigest) java.clone()).digest()));
    }
  }

  private static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }
}
