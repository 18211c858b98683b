package io.github.raspberryspy.sink.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Passwords and their Argon2id hashes, each with its parameters and salt beside it. No more than
 * {@value #MOST_AT_ONCE} are computed at once, so that guessing takes neither the memory nor the
 * processors of a master. Thread-safe. Source: RFC 9106; OWASP Password Storage Cheat Sheet.
 */
final class Passwords {

  /** Shortest password, in characters. */
  static final int SHORTEST = 12;

  /** Longest. */
  static final int LONGEST = 256;

  private static final int MOST_AT_ONCE = 2;
  private static final int MOST_WAITING = 8; // of the threads that answer everybody
  private static final int MOST_EXPECTED = 4; // beyond them
  private static final long WAIT_SECONDS = 5;
  private static final int BYTES = 32;
  private static final int SALT_BYTES = 16;
  private static final int FEWEST_DIFFERENT = 5;
  private static final Pattern STORED =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})\\$([\\w+/]+)\\$([\\w+/]+)");
  private static final List<String> ROWS =
      List.of(
          "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
          "01234567890123456789012345678901234567890",
          "98765432109876543210987654321098765432109876543210",
          "qwertyuiopasdfghjklzxcvbnm",
          "qwertzuiopasdfghjklyxcvbnm",
          "1qaz2wsx3edc4rfv5tgb6yhn");
  private static final List<String> KNOWN =
      List.of(
          "password", "passwort", "raspberryspy", "raspberry", "changeme", "letmein", "iloveyou");

  private final SecureRandom random = new SecureRandom();
  private final Semaphore turns = new Semaphore(MOST_AT_ONCE, true);
  private final Cost cost;

  Passwords(Cost cost) {
    this.cost = cost;
  }

  /**
   * What a hash costs.
   *
   * @param memoryKib KiB of memory
   * @param passes over it
   * @param lanes computed beside each other
   */
  record Cost(int memoryKib, int passes, int lanes) {
    /** OWASP's for Argon2id. */
    static final Cost NOW = new Cost(19 * 1024, 2, 1);
  }

  /** What speaks against a password that somebody wants, in one sentence. */
  static Optional<String> weakness(String name, String password) {
    String plain = plain(password);
    int length = plain.codePointCount(0, plain.length());
    if (length < SHORTEST || length > LONGEST) {
      return Optional.of(
          "a password has " + SHORTEST + " to " + LONGEST + " characters; this has " + length);
    }
    String low = plain.toLowerCase(Locale.ROOT);
    String who = name.strip().toLowerCase(Locale.ROOT);
    if (low.codePoints().distinct().count() < FEWEST_DIFFERENT
        || ROWS.stream().anyMatch(row -> row.contains(low))
        || isRepeated(low)
        || left(low, who).length() < SHORTEST / 2) {
      return Optional.of(
          "this password is among the first that anybody would try; a few words that do not belong"
              + " together are better");
    }
    return Optional.empty();
  }

  /** What is left of a password without what everybody knows. */
  private static String left(String password, String who) {
    String left = password;
    for (String known : KNOWN) {
      left = left.replace(known, "");
    }
    return who.length() < 3 ? left : left.replace(who, "");
  }

  private static boolean isRepeated(String text) {
    return (text + text).indexOf(text, 1) < Math.min(text.length(), SHORTEST / 2);
  }

  /**
   * The hash under which a password is kept.
   *
   * @throws AuthException if too many others are being checked
   */
  String hash(String password) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    Base64.Encoder text = Base64.getEncoder().withoutPadding();
    return parameters()
        + text.encodeToString(salt)
        + "$"
        + text.encodeToString(derive(password, salt, cost, BYTES, false));
  }

  /**
   * Whether this is the password of the hash; takes the same time whether it is or not.
   *
   * @throws AuthException if too many others are being checked
   */
  boolean matches(String password, String stored) {
    return matches(password, stored, false);
  }

  /**
   * Likewise.
   *
   * @param isExpected whether it comes from where the person is signed in: then there is a place to
   *     wait, however many others try
   */
  boolean matches(String password, String stored, boolean isExpected) {
    Matcher parts = STORED.matcher(stored);
    if (!parts.matches()) {
      throw new IllegalStateException("a password in the index is damaged");
    }
    Cost then = new Cost(number(parts, 1), number(parts, 2), number(parts, 3));
    byte[] salt = Base64.getDecoder().decode(parts.group(4));
    byte[] right = Base64.getDecoder().decode(parts.group(5));
    return MessageDigest.isEqual(derive(password, salt, then, right.length, isExpected), right);
  }

  /** Whether the hash was made with other parameters than are used now. */
  boolean isOutdated(String stored) {
    return !stored.startsWith(parameters());
  }

  private String parameters() {
    return "$argon2id$v=19$m="
        + cost.memoryKib()
        + ",t="
        + cost.passes()
        + ",p="
        + cost.lanes()
        + "$";
  }

  private byte[] derive(String password, byte[] salt, Cost with, int bytes, boolean isExpected) {
    takeTurn(isExpected ? MOST_WAITING + MOST_EXPECTED : MOST_WAITING);
    try {
      Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
      argon2.init(
          new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
              .withVersion(Argon2Parameters.ARGON2_VERSION_13)
              .withMemoryAsKB(with.memoryKib())
              .withIterations(with.passes())
              .withParallelism(with.lanes())
              .withSalt(salt)
              .build());
      byte[] hash = new byte[bytes];
      argon2.generateBytes(plain(password).getBytes(UTF_8), hash);
      return hash;
    } finally {
      turns.release();
    }
  }

  private void takeTurn(int mostWaiting) {
    try {
      if (turns.getQueueLength() < mostWaiting
          && turns.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new AuthException(
        AuthException.Kind.BUSY,
        "too many passwords are being checked; try again in a moment",
        Duration.ofSeconds(WAIT_SECONDS));
  }

  /** The same password from every keyboard. */
  private static String plain(String password) {
    return Normalizer.normalize(password, Normalizer.Form.NFKC);
  }

  private static int number(Matcher parts, int group) {
    return Integer.parseInt(parts.group(group));
  }
}
