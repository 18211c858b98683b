package io.github.raspberryspy.sink.index;

import java.time.Instant;

/**
 * Footage that is shown to whoever has a link.
 *
 * @param hash SHA-256 of what the link holds, hexadecimal
 * @param camera whose footage
 * @param from its first moment
 * @param to the moment behind it
 * @param maker who made the link, for people; empty by the sign-in link
 * @param created when it was made
 * @param expires when it ends by itself
 * @param isRevoked whether somebody took it back
 * @param uses how often it was opened
 */
public record Share(
    String hash,
    String camera,
    Instant from,
    Instant to,
    String maker,
    Instant created,
    Instant expires,
    boolean isRevoked,
    int uses) {

  private static final int ID_LENGTH = 24;

  /** What names it in addresses: it opens nothing. */
  public String id() {
    return hash.substring(0, ID_LENGTH);
  }

  /** Whether it shows something at this moment; not if the clock was ahead when it was made. */
  public boolean isOpen(Instant now) {
    return !isRevoked && !now.isBefore(created) && now.isBefore(expires);
  }
}
