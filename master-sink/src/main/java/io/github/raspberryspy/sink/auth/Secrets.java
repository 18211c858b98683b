package io.github.raspberryspy.sink.auth;

import io.github.raspberryspy.segments.DurableFiles;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** What only its holder knows: drawn, and kept as a hash only. Thread-safe. */
final class Secrets {

  private static final int BYTES = 24;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Secrets() {}

  /** 192 random bits, as text for an address or a cookie. */
  static String draw() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** SHA-256, hexadecimal. */
  static String hash(String secret) {
    return HexFormat.of()
        .formatHex(DurableFiles.sha256().digest(secret.getBytes(StandardCharsets.UTF_8)));
  }

  /** Whether the two are the same, in a time that does not tell where they differ. */
  static boolean isSame(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
