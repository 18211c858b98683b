package io.github.raspberryspy.camera;

import java.util.Arrays;
import java.util.Random;

/**
 * Bytes as an attacker or a bad cable would have them, out of good ones. How many rounds a test
 * makes is the system property {@code raspberryspy.fuzz.rounds}: few by default, millions in a
 * soak.
 */
public final class Mutations {

  private static final byte[][] MEANINGFUL = {
    {0, 0, 1}, {0, 0, 0, 1}, {0, 0, 3}, {0, 0, 1, 0x67}, {0, 0, 1, 0x65, (byte) 0x88}, {0, 0, 1, 9}
  };

  private final Random random;

  /** The same seed makes the same bytes. */
  public Mutations(long seed) {
    this.random = new Random(seed);
  }

  /** How many rounds to make: the property, or else this many. */
  public static int rounds(int few) {
    return Integer.getInteger("raspberryspy.fuzz.rounds", few);
  }

  /** A changed copy: bits turned, bytes cut out, doubled or put in. */
  public byte[] mutate(byte[] good) {
    byte[] bytes = good.clone();
    for (int n = 1 + random.nextInt(8); n > 0 && bytes.length > 0; n--) {
      bytes = once(bytes);
    }
    return bytes;
  }

  private byte[] once(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    int length = Math.min(bytes.length - at, 1 + random.nextInt(64));
    return switch (random.nextInt(6)) {
      case 0 -> {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        yield bytes;
      }
      case 1 -> {
        bytes[at] = (byte) random.nextInt();
        yield bytes;
      }
      case 2 -> spliced(bytes, at, at + length, new byte[0]);
      case 3 -> spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
      case 4 -> spliced(bytes, at, at, MEANINGFUL[random.nextInt(MEANINGFUL.length)]);
      default -> Arrays.copyOf(bytes, at);
    };
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] instead) {
    byte[] result = new byte[bytes.length - (to - from) + instead.length];
    System.arraycopy(bytes, 0, result, 0, from);
    System.arraycopy(instead, 0, result, from, instead.length);
    System.arraycopy(bytes, to, result, from + instead.length, bytes.length - to);
    return result;
  }
}
