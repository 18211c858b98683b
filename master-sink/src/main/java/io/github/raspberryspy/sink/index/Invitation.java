package io.github.raspberryspy.sink.index;

import java.time.Instant;

/**
 * A link by which somebody may join, once.
 *
 * @param hash SHA-256 of what the link holds, hexadecimal
 * @param role of who joins by it
 * @param inviter who made it
 * @param created when
 * @param expires when it ends unused
 */
public record Invitation(String hash, Role role, String inviter, Instant created, Instant expires) {

  private static final int ID_LENGTH = 24;

  /** What names it in addresses: it opens nothing. */
  public String id() {
    return hash.substring(0, ID_LENGTH);
  }
}
