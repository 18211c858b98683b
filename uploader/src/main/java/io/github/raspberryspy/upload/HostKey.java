package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.DurableFiles;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The public key by which an SSH server proves that it is the right one. Immutable.
 *
 * <p>Source: RFC 4253 section 6.6, RFC 8709, RFC 5656.
 */
public final class HostKey {

  /** The algorithms of signatures that a key of each type makes, as they are negotiated. */
  private static final Map<String, String> ALGORITHMS =
      Map.of(
          "ssh-ed25519", "ssh-ed25519",
          "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256",
          "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384",
          "ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521",
          "ssh-rsa", "rsa-sha2-512,rsa-sha2-256");

  private final String type;
  private final byte[] key;

  private HostKey(String type, byte[] key) {
    this.type = type;
    this.key = key;
  }

  /**
   * Reads a line as {@code ssh-keyscan} prints it, or as it stands in the server's {@code .pub}
   * file: the host's name may come before the type, and a comment behind the key.
   *
   * @throws IllegalArgumentException in one sentence, if there is no key in it
   */
  public static HostKey parse(String line) {
    List<String> words = Arrays.asList(line.strip().split("\\s+"));
    for (int i = 0; i < words.size() - 1 && i < 2; i++) {
      if (ALGORITHMS.containsKey(words.get(i))) {
        return of(words.get(i), words.get(i + 1));
      }
    }
    throw new IllegalArgumentException(
        "no host key such as \"ssh-ed25519 AAAA…\", of a type among "
            + String.join(", ", ALGORITHMS.keySet().stream().sorted().toList()));
  }

  private static HostKey of(String type, String base64) {
    try {
      byte[] key = Base64.getDecoder().decode(base64);
      if (type.equals(typeOf(key))) {
        return new HostKey(type, key);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the host key behind \"" + type + "\" is damaged", e);
    }
    throw new IllegalArgumentException("the host key behind \"" + type + "\" is of another type");
  }

  /** What it is. */
  String type() {
    return type;
  }

  /** What to negotiate, so that the server shows this very key. */
  String algorithms() {
    return ALGORITHMS.get(type);
  }

  /** Whether these are its bytes. */
  boolean matches(byte[] shown) {
    return Arrays.equals(key, shown);
  }

  /** As {@code ssh-keygen -l} says it. */
  public String fingerprint() {
    return fingerprint(key);
  }

  /** Type and fingerprint of any key, for sentences. */
  static String describe(byte[] key) {
    return typeOf(key) + " " + fingerprint(key);
  }

  private static String fingerprint(byte[] key) {
    return "SHA256:"
        + Base64.getEncoder().withoutPadding().encodeToString(DurableFiles.sha256().digest(key));
  }

  /** The name that a key begins with: 4 bytes of length, then ASCII. */
  private static String typeOf(byte[] key) {
    if (key.length < Integer.BYTES) {
      return "unknown";
    }
    int length = ByteBuffer.wrap(key).getInt();
    return length < 1 || length > key.length - Integer.BYTES
        ? "unknown"
        : new String(key, Integer.BYTES, length, StandardCharsets.US_ASCII)
            .toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HostKey k && type.equals(k.type) && Arrays.equals(key, k.key);
  }

  @Override
  public int hashCode() {
    return Objects.hash(type, Arrays.hashCode(key));
  }

  @Override
  public String toString() {
    return type + " " + fingerprint();
  }
}
