package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.raspberryspy.segments.faults.MemoryDisk;
import io.github.raspberryspy.sink.Footage;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.auth.MasterSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * F20: bytes that changed anywhere between the camera's disk and the master's, one bit, a burst, a
 * page of zeros, a cut, are found before a receipt is given. {@code -Draspberryspy.flips=N} damages
 * as many uploads.
 */
@Timeout(3600)
class BitFlipsTest {

  private static final int FLIPS = Integer.getInteger("raspberryspy.flips", 1000);
  private static final Logger OURS = Logger.getLogger("io.github.raspberryspy");

  @TempDir Path real;

  private final MemoryDisk disk = new MemoryDisk();
  private final Random random = new Random(20261123);

  @BeforeEach
  void silence() {
    OURS.setLevel(Level.OFF); // each damage is told of in the log, which nobody reads
  }

  @AfterEach
  void speak() {
    OURS.setLevel(null);
  }

  @Test
  void eachDamageIsFoundBeforeAReceiptIsGiven() throws Exception {
    MasterSecret secret = MasterSecret.openOrCreate(real.resolve("secret"));
    Path root = disk.path("/footage");
    try (StoreLife life = new StoreLife(root, real.resolve("index.db"), secret)) {
      for (int i = 0; i < FLIPS; i++) {
        Clip clip = Footage.clip("front", i, 300);
        String token = life.fill(clip, clip.bytes().length);
        damage(root.resolve(".raspberryspy/incoming").resolve(token + ".part"), clip.bytes());
        StoreException told =
            catchThrowableOfType(
                StoreException.class, () -> life.store.seal("front", token, clip.manifest()));
        assertThat(told).as("damage %s is found", i).isNotNull();
        assertThat(told.kind()).isEqualTo(StoreException.Kind.CORRUPT);
        assertThat(life.index.find(clip.id())).isEmpty();
        if (i % 50 == 0) {
          life.requireTaken(clip);
        }
      }
    }
  }

  private void damage(Path part, byte[] good) throws IOException {
    byte[] bad = good.clone();
    int at = random.nextInt(bad.length);
    switch (random.nextInt(4)) {
      case 0 -> bad[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> {
        for (int i = at; i < Math.min(bad.length, at + 64); i++) {
          bad[i] ^= (byte) (1 + random.nextInt(255));
        }
      }
      case 2 -> Arrays.fill(bad, 0, Math.min(bad.length, 512), (byte) 0);
      default -> bad = Arrays.copyOf(bad, 1 + random.nextInt(bad.length - 1));
    }
    Files.write(part, bad);
  }
}
