package io.github.raspberryspy.sink.auth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.sink.auth.AuthException.Kind;
import io.github.raspberryspy.sink.index.Invitation;
import io.github.raspberryspy.sink.index.KnownSession;
import io.github.raspberryspy.sink.index.PeopleLog;
import io.github.raspberryspy.sink.index.Person;
import io.github.raspberryspy.sink.index.Role;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * People who may sign in: an owner, who comes by a token that the master prints, and whom the owner
 * invites. Nobody has a password that they did not choose. Thread-safe. Refusals come as {@link
 * AuthException}.
 */
public final class Accounts {

  /** How long an invitation is good. */
  public static final Duration INVITED = Duration.ofDays(3);

  private static final Logger log = LoggerFactory.getLogger(Accounts.class);
  private static final int LONGEST_NAME = 64;
  private static final int MOST_PEOPLE = 100;
  private static final int MOST_INVITATIONS = 20;

  private final PeopleLog people;
  private final Sessions sessions;
  private final Clock clock;
  private final Audit audit;
  private final Guesses guesses;
  private final Passwords passwords = new Passwords(Passwords.Cost.NOW);

  /** A hash that no password has, so that a name that there is takes no longer than another. */
  private final Supplier<String> nobody = once(() -> passwords.hash(Secrets.draw()));

  @GuardedBy("this")
  private Optional<String> welcomeToken = Optional.empty();

  /**
   * Those of this database.
   *
   * @param clock wall time, of what people did
   * @param nanos the monotonic clock, as {@link System#nanoTime}
   */
  public Accounts(PeopleLog people, Sessions sessions, Clock clock, LongSupplier nanos) {
    this.people = people;
    this.sessions = sessions;
    this.clock = clock;
    this.audit = new Audit(people.audit(), clock);
    this.guesses = new Guesses(nanos);
  }

  /** Who is signed in. */
  public Sessions sessions() {
    return sessions;
  }

  /** Who did what. */
  public Audit audit() {
    return audit;
  }

  /** Whether an owner has set a password. */
  public boolean hasOwner() {
    return people.all().stream().anyMatch(p -> p.role() == Role.OWNER);
  }

  /**
   * What the link carries by which an owner sets name and password: 192 random bits, good once and
   * until the process ends; another one after that. A secret.
   */
  public synchronized String welcomeToken() {
    if (welcomeToken.isEmpty()) {
      welcomeToken = Optional.of(Secrets.draw());
    }
    return welcomeToken.get();
  }

  /**
   * Lets somebody in who has a link: the one that the master printed, or an invitation. The first
   * owner ends the sign-in link and its sessions.
   *
   * @return the id of a session, a secret
   */
  public String welcome(String token, String name, String password, Device device) {
    if (isWelcome(token)) {
      return welcomeOwner(token, named(name, password), password, device);
    }
    String hash = Secrets.hash(token);
    Invitation invitation =
        invitations().stream()
            .filter(i -> Secrets.isSame(i.hash(), hash))
            .findFirst()
            .orElseThrow(Accounts::badLink);
    if (sessions.now().isBefore(invitation.created())) { // by a clock that was ahead
      people.uninvite(hash); // else it would be good later
      throw badLink();
    }
    Person guest = person(named(name, password), invitation.role(), passwords.hash(password));
    try {
      if (!people.join(guest, hash)) {
        throw badLink();
      }
    } catch (PeopleLog.NameTakenException e) {
      throw taken(guest.name());
    }
    audit.note(guest.name(), device.address(), "join", "invited by " + invitation.inviter());
    return sessions.open(Optional.of(guest), device);
  }

  /** Lets somebody in by name and password. Returns the id of a session, a secret. */
  public String signIn(String name, String password, Device device) {
    if (name.length() > LONGEST_NAME || password.length() > 2 * Passwords.LONGEST) {
      throw wrong();
    }
    Optional<Person> known = people.named(name);
    check(name, known, password, device.address());
    Person person = known.orElseThrow(Accounts::wrong);
    strengthen(person, password);
    audit.tryNote(person.name(), device.address(), "sign-in", device.browser());
    return sessions.open(known, device);
  }

  /** Hashes anew what was hashed as was good once, now or another time. */
  private void strengthen(Person person, String password) {
    if (passwords.isOutdated(person.password())) {
      try {
        people.rehash(person.id(), person.password(), passwords.hash(password));
      } catch (JdbiException e) {
        log.warn("a password was not hashed anew: {}", e.getMessage());
      }
    }
  }

  /** Gives whoever asks another password, and ends their other sessions. */
  public void changePassword(KnownSession session, String current, String fresh, Device device) {
    Person person =
        session
            .person()
            .flatMap(p -> people.named(p.name()))
            .orElseThrow(
                () ->
                    new AuthException(
                        Kind.CONFLICT, "who came by the sign-in link has no password to change"));
    check(person.name(), Optional.of(person), current, device.address());
    requireStrong(person.name(), fresh);
    people.password(person.id(), passwords.hash(fresh), session.hash());
    sessions.forget();
  }

  /** All people, by name. */
  public List<Person> all() {
    return people.all();
  }

  /** Removes a person and ends their sessions. Returns their name. */
  public String remove(String id) {
    Person person =
        all().stream().filter(p -> p.id().equals(id)).findFirst().orElseThrow(Accounts::missing);
    if (!people.remove(id)) {
      throw new AuthException(Kind.CONFLICT, person.name() + " is the only owner, and stays");
    }
    sessions.forget();
    return person.name();
  }

  /** Invites somebody. Returns what the link carries, a secret. */
  public String invite(Role role, String inviter) {
    if (all().size() >= MOST_PEOPLE || invitations().size() >= MOST_INVITATIONS) {
      throw new AuthException(
          Kind.CONFLICT,
          "there is room for "
              + MOST_PEOPLE
              + " people and "
              + MOST_INVITATIONS
              + " open invitations: take one back first");
    }
    String token = Secrets.draw();
    Instant now = sessions.now();
    people.invited(new Invitation(Secrets.hash(token), role, inviter, now, now.plus(INVITED)));
    return token;
  }

  /** Invitations that nobody has come by yet. */
  public List<Invitation> invitations() {
    return people.invitations(sessions.now());
  }

  /** Takes an invitation back. */
  public void uninvite(String id) {
    Invitation invitation =
        invitations().stream()
            .filter(i -> i.id().equals(id))
            .findFirst()
            .orElseThrow(Accounts::missing);
    people.uninvite(invitation.hash());
  }

  private void check(String name, Optional<Person> known, String password, String address) {
    String account = PeopleLog.key(name);
    Duration wait = guesses.ask(account, address);
    String who = known.map(Person::name).orElse("");
    if (!wait.isZero()) {
      audit.failed(who, address);
      throw new AuthException(
          Kind.TOO_MANY, "too many wrong passwords; try again in " + words(wait), wait);
    }
    boolean isRight;
    try {
      isRight =
          passwords.matches(
              password,
              known.map(Person::password).orElseGet(nobody),
              known.filter(person -> isSignedInAt(address, person)).isPresent());
    } catch (AuthException e) { // too many others are being checked
      guesses.untried(account, address);
      throw e;
    }
    if (!isRight || known.isEmpty()) {
      audit.failed(who, address);
      throw wrong();
    }
    guesses.right(account, address);
  }

  private boolean isSignedInAt(String address, Person person) {
    return sessions.all().stream()
        .filter(session -> session.personId().equals(person.id()))
        .anyMatch(session -> Household.of(session.address()).equals(Household.of(address)));
  }

  private synchronized boolean isWelcome(String token) {
    return welcomeToken.isPresent() && Secrets.isSame(token, welcomeToken.get());
  }

  private synchronized String welcomeOwner(
      String token, String name, String password, Device device) {
    if (!isWelcome(token)) {
      throw badLink();
    }
    boolean isFirst = !hasOwner();
    Optional<Person> known = people.named(name);
    if (known.filter(p -> p.role() != Role.OWNER).isPresent()) {
      throw taken(name);
    }
    String hash = passwords.hash(password);
    Person owner = known.orElseGet(() -> person(name, Role.OWNER, hash));
    if (known.isPresent()) {
      people.password(owner.id(), hash, "");
      sessions.forget();
    } else if (!people.add(owner)) {
      throw taken(name);
    }
    welcomeToken = Optional.empty();
    if (isFirst) {
      sessions.endLink();
    }
    audit.note(
        owner.name(), device.address(), known.isPresent() ? "reset-password" : "first-start", "");
    return sessions.open(Optional.of(owner), device);
  }

  private static String named(String name, String password) {
    String plain = name.strip();
    if (plain.isEmpty()
        || plain.length() > LONGEST_NAME
        || plain.chars().anyMatch(Character::isISOControl)) {
      throw new AuthException(
          Kind.INVALID, "a name has 1 to " + LONGEST_NAME + " characters, none of them a control");
    }
    requireStrong(plain, password);
    return plain;
  }

  private static void requireStrong(String name, String password) {
    Passwords.weakness(name, password)
        .ifPresent(
            why -> {
              throw new AuthException(Kind.INVALID, why);
            });
  }

  private Person person(String name, Role role, String hash) {
    return new Person(Secrets.draw().substring(0, 16), name, role, hash, clock.instant());
  }

  private static AuthException wrong() {
    return new AuthException(Kind.WRONG, "name or password is wrong");
  }

  private static AuthException badLink() {
    return new AuthException(Kind.WRONG, "this link is wrong, was used, or has ended");
  }

  private static AuthException missing() {
    return new AuthException(Kind.NOT_FOUND, "there is no such person or invitation");
  }

  private static AuthException taken(String name) {
    return new AuthException(Kind.CONFLICT, "somebody else is called " + name + " already");
  }

  private static String words(Duration wait) {
    long seconds = wait.toSeconds() + 1;
    return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
  }

  private static Supplier<String> once(Supplier<String> made) {
    return new Supplier<>() {
      private String value;

      @Override
      public synchronized String get() {
        if (value == null) {
          value = made.get();
        }
        return value;
      }
    };
  }
}
