package io.github.raspberryspy.sink.auth;

import io.github.raspberryspy.segments.DurableFiles;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * People who signed in. The sign-in token is drawn when the process starts and is good while it
 * lives; each use of it opens a session of its own. Only hashes of session ids are kept, so neither
 * timing nor a memory dump gives one away. Thread-safe.
 */
public final class Sessions {

  /** How long a session lasts. */
  public static final Duration LIFE = Duration.ofDays(30);

  private static final int MOST = 10_000;
  private static final int TOKEN_BYTES = 24;

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Instant> expiries = new ConcurrentHashMap<>();
  private final String signInToken = draw();
  private final Clock clock;

  /** No sessions yet. */
  public Sessions(Clock clock) {
    this.clock = clock;
  }

  /** What the sign-in link carries: 192 random bits. A secret. */
  public String signInToken() {
    return signInToken;
  }

  /** Opens a session for who knows the token: its id, a secret; empty where the token is wrong. */
  public Optional<String> signIn(String token) {
    if (!MessageDigest.isEqual(
        token.getBytes(StandardCharsets.UTF_8), signInToken.getBytes(StandardCharsets.UTF_8))) {
      return Optional.empty();
    }
    if (expiries.size() >= MOST) {
      Instant now = clock.instant();
      expiries.values().removeIf(now::isAfter);
      expiries.keySet().stream().limit(MOST / 10).forEach(expiries::remove);
    }
    String session = draw();
    expiries.put(hash(session), clock.instant().plus(LIFE));
    return Optional.of(session);
  }

  /** Whether this session is open. */
  public boolean isSignedIn(String session) {
    Instant expiry = expiries.get(hash(session));
    return expiry != null && clock.instant().isBefore(expiry);
  }

  private String draw() {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String hash(String session) {
    return HexFormat.of()
        .formatHex(DurableFiles.sha256().digest(session.getBytes(StandardCharsets.UTF_8)));
  }
}
