package io.github.raspberryspy.sink.index;

import java.time.Instant;
import java.util.Optional;

/**
 * A browser that is signed in.
 *
 * @param hash SHA-256 of what its cookie holds, hexadecimal
 * @param person whose it is; empty where it came by the sign-in link, and acts for the owner
 * @param created when it signed in
 * @param used when it last asked for something, to the minute
 * @param expires when it ends by itself
 * @param browser as people call it
 * @param address from which it last asked
 */
public record KnownSession(
    String hash,
    Optional<Person> person,
    Instant created,
    Instant used,
    Instant expires,
    String browser,
    String address) {

  private static final int ID_LENGTH = 24;

  /** What names it in addresses: it opens nothing. */
  public String id() {
    return hash.substring(0, ID_LENGTH);
  }

  /** What it may do. */
  public Role role() {
    return person.map(Person::role).orElse(Role.OWNER);
  }

  /** Whose it is, for people; empty by the sign-in link. */
  public String who() {
    return person.map(Person::name).orElse("");
  }

  /** The person's id; empty by the sign-in link. */
  public String personId() {
    return person.map(Person::id).orElse("");
  }
}
