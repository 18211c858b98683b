package io.github.raspberryspy.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of a camera that was broken into, or of a card that forgets: changed from a fixed seed. */
@Timeout(1200)
class HostileMp4Test {

  private static final int ROUNDS = Integer.getInteger("raspberryspy.fuzz.rounds", 4_000);

  @TempDir Path folder;

  private static byte[] film() {
    SegmentHeader header =
        new SegmentHeader(
            SegmentId.parse("front-3f9a1c22-r17-000123"),
            Instant.parse("2026-11-23T14:00:00.123456Z"),
            ClockState.UNSYNCED,
            7_200_000_000L,
            29.97);
    return new Mp4Builder()
        .start(30_000, header)
        .fragment(0, 900, 40, 41)
        .fragment(3000, 901, 42)
        .fragment(5000, 902, 43, 44, 45)
        .bytes();
  }

  @Test
  void aDamagedFileIsRefusedOrReadAsFarAsItIsWhole() throws IOException {
    byte[] film = film();
    Random random = new Random(91);
    Path file = folder.resolve("x.mp4");
    int read = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = film.clone();
      for (int n = 1 + random.nextInt(5); n > 0; n--) {
        int at = random.nextInt(bytes.length - 4);
        switch (random.nextInt(5)) {
          case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
          case 1 -> bytes[at] = (byte) random.nextInt();
          case 2 -> Arrays.fill(bytes, at, at + 4, (byte) -random.nextInt(2));
          case 3 -> System.arraycopy(bytes, random.nextInt(bytes.length - 4), bytes, at, 4);
          default -> bytes = Arrays.copyOf(bytes, Math.max(8, at));
        }
      }
      Files.write(file, bytes);
      long begin = System.nanoTime();
      try {
        FragmentedMp4 mp4 = FragmentedMp4.scan(file);
        read++;
        assertThat(mp4.wholeBytes()).isBetween(0L, mp4.fileBytes());
        assertThat(mp4.fileBytes()).isEqualTo(bytes.length);
        assertThat(mp4.frames()).isNotNegative();
        assertThat(mp4.durationUs()).isNotNegative();
        assertThat(mp4.width()).isNotNegative();
      } catch (IOException e) {
        assertThat(e).hasMessageContaining(file.toString());
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }
    assertThat(read).isPositive();
  }
}
