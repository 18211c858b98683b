package io.github.raspberryspy.sink.auth;

import io.github.raspberryspy.sink.auth.AuthException.Kind;
import io.github.raspberryspy.sink.index.Share;
import io.github.raspberryspy.sink.index.ShareLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Links that show one stretch of footage to whoever has them, for a while. A link holds 192 random
 * bits, of which only the hash is kept. Thread-safe. Refusals come as {@link AuthException}.
 */
public final class Shares {

  /** Links that are good at one time. */
  static final int MOST = 200;

  private static final String ANY = "share";

  private final ShareLog log;
  private final Clock clock;
  private final Guesses guesses;

  /**
   * Those of this database.
   *
   * @param clock by which they end
   * @param nanos the monotonic clock, as {@link System#nanoTime}
   */
  public Shares(ShareLog log, Clock clock, LongSupplier nanos) {
    this.log = log;
    this.clock = clock;
    this.guesses = new Guesses(nanos);
  }

  /**
   * Makes a link.
   *
   * @param from the first moment that it shows
   * @param to the moment behind the last one
   * @param life how long it is good
   * @param maker who makes it, for people
   * @return what the link holds, a secret
   */
  public String make(String camera, Instant from, Instant to, Duration life, String maker) {
    if (all().size() >= MOST) {
      throw new AuthException(
          Kind.CONFLICT, MOST + " links are good already; take some back first");
    }
    String token = Secrets.draw();
    Instant now = clock.instant();
    log.add(new Share(Secrets.hash(token), camera, from, to, maker, now, now.plus(life), false, 0));
    return token;
  }

  /** Those that are good now, latest first. */
  public List<Share> all() {
    return log.open(clock.instant());
  }

  /** Takes one back, which shows nothing from then on. */
  public void revoke(String id) {
    Share share =
        all().stream()
            .filter(s -> s.id().equals(id))
            .findFirst()
            .orElseThrow(() -> new AuthException(Kind.NOT_FOUND, "there is no such link"));
    log.revoke(share.hash());
  }

  /**
   * What a link shows. Whoever tries links that there are not has to wait longer and longer.
   *
   * @param address from where somebody asks
   * @throws AuthException GONE if it has ended, NOT_FOUND or TOO_MANY if there is no such link
   */
  public Share open(String token, String address) {
    Share share = log.find(Secrets.hash(token)).orElseThrow(() -> wrong(address));
    if (!share.isRevoked() && clock.instant().isBefore(share.created())) {
      log.revoke(share.hash()); // else it would open again later
      throw new AuthException(
          Kind.GONE, "this link was made while the master's clock was ahead, and is good no more");
    }
    if (!share.isOpen(clock.instant())) {
      throw new AuthException(
          Kind.GONE, share.isRevoked() ? "this link was taken back" : "this link has expired");
    }
    return share;
  }

  /** Whether it shows something still, and was not taken back meanwhile. */
  public boolean isOpen(Share share) {
    return log.find(share.hash()).filter(now -> now.isOpen(clock.instant())).isPresent();
  }

  /** Counts that somebody looks. */
  public void used(Share share) {
    log.used(share.hash());
  }

  private AuthException wrong(String address) {
    Duration pause = guesses.ask(ANY, address);
    return pause.isZero()
        ? new AuthException(Kind.NOT_FOUND, "there is no such link")
        : new AuthException(Kind.TOO_MANY, "too many links were tried from here", pause);
  }
}
