package io.github.raspberryspy.sink.auth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.sink.index.KnownSession;
import io.github.raspberryspy.sink.index.Person;
import io.github.raspberryspy.sink.index.SessionLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Browsers that are signed in, in the index's database: a restart ends none, nor does another
 * replica that takes over. Only hashes of session ids are kept, so neither timing nor a copy of the
 * database gives one away. Thread-safe.
 */
public final class Sessions {

  /** How long a session lasts. */
  public static final Duration LIFE = Duration.ofDays(30);

  /**
   * How long what the database said of a session counts; its end by this process counts at once.
   */
  static final Duration FRESH = Duration.ofSeconds(2);

  private static final Duration NOTED_EACH = Duration.ofMinutes(1);
  private static final int MOST_REMEMBERED = 1000;
  private static final Logger log = LoggerFactory.getLogger(Sessions.class);

  private final SessionLog sessions;
  private final Clock clock;

  @GuardedBy("this")
  private final Map<String, Seen> seen = new LinkedHashMap<>();

  /** Those that the database had no room for, by hash: they last until this process ends. */
  @GuardedBy("this")
  private final Map<String, KnownSession> unnoted = new LinkedHashMap<>();

  /** Counts ends of sessions, so that what was read before one is not remembered after it. */
  @GuardedBy("this")
  private long ends;

  @GuardedBy("this")
  private Optional<String> signInToken = Optional.empty();

  /**
   * Those of this database.
   *
   * @param clock by which they end
   */
  public Sessions(SessionLog sessions, Clock clock) {
    this.sessions = sessions;
    this.clock = clock;
  }

  private record Seen(KnownSession session, Instant at) {}

  /**
   * What the sign-in link carries: 192 random bits, drawn when they are first asked for, and good
   * until the process ends or {@link #endLink}. A secret.
   */
  public synchronized String signInToken() {
    if (signInToken.isEmpty()) {
      signInToken = Optional.of(Secrets.draw());
    }
    return signInToken.get();
  }

  /** Opens a session for who knows the token: its id, a secret; empty where the token is wrong. */
  public Optional<String> signIn(String token, Device device) {
    Optional<String> right;
    synchronized (this) {
      right = signInToken;
    }
    return right.isPresent() && Secrets.isSame(token, right.get())
        ? Optional.of(open(Optional.empty(), device))
        : Optional.empty();
  }

  /** Ends the sign-in link, and the sessions of those who came by it. */
  public void endLink() {
    synchronized (this) {
      signInToken = Optional.empty();
    }
    sessions.endAll("", "");
    forget();
  }

  /**
   * Opens a session.
   *
   * @param person whose it is; empty for who came by the sign-in link
   * @return its id, a secret for the cookie
   */
  public String open(Optional<Person> person, Device device) {
    String id = Secrets.draw();
    Instant now = clock.instant();
    KnownSession session =
        new KnownSession(
            Secrets.hash(id), person, now, now, now.plus(LIFE), device.browser(), device.address());
    long endsBefore;
    synchronized (this) {
      endsBefore = ends;
    }
    try {
      sessions.opened(session);
    } catch (JdbiException e) { // whoever wants to make room on a full disk has to come in
      log.warn("a session lasts until the master stops, for it was not noted: {}", e.getMessage());
      keepUnnoted(session);
    }
    remember(new Seen(session, now), endsBefore); // the database may be away when it is first used
    return id;
  }

  private synchronized void keepUnnoted(KnownSession session) {
    if (unnoted.size() >= MOST_REMEMBERED) {
      unnoted.clear();
    }
    unnoted.put(session.hash(), session);
  }

  private synchronized Optional<KnownSession> unnoted(String hash) {
    return Optional.ofNullable(unnoted.get(hash));
  }

  /** The session of this cookie, if it is open; notes that it was used. */
  public Optional<KnownSession> use(String id, String address) {
    Optional<KnownSession> found = find(Secrets.hash(id));
    found.ifPresent(session -> note(session, address));
    return found;
  }

  /** Whether the session of this hash is open still. */
  public boolean isOpen(String hash) {
    return find(hash).isPresent();
  }

  /** The time by which sessions and invitations end. */
  Instant now() {
    return clock.instant();
  }

  /** All that are open, latest used first. */
  public List<KnownSession> all() {
    return sessions.open(clock.instant());
  }

  /** Ends one. */
  public void end(KnownSession session) {
    sessions.end(session.hash());
    forget();
  }

  /** Ends all others of the same person. */
  public void endOthers(KnownSession kept) {
    sessions.endAll(kept.personId(), kept.hash());
    forget();
  }

  /** What was known of sessions counts no longer. */
  synchronized void forget() {
    ends++;
    seen.clear();
    unnoted.clear();
  }

  private Optional<KnownSession> find(String hash) {
    Instant now = clock.instant();
    Optional<Seen> known;
    long endsBefore;
    synchronized (this) {
      known = Optional.ofNullable(seen.get(hash));
      endsBefore = ends;
    }
    Optional<KnownSession> session =
        known.filter(s -> isFresh(s, now)).map(Seen::session).or(() -> ask(hash, known));
    session.ifPresent(s -> remember(new Seen(s, now), endsBefore));
    return session.filter(s -> now.isBefore(s.expires()));
  }

  /** While the database cannot be asked, what it said last counts: nothing can be ended then. */
  private Optional<KnownSession> ask(String hash, Optional<Seen> known) {
    try {
      return sessions.find(hash).or(() -> unnoted(hash));
    } catch (JdbiException e) {
      if (known.isEmpty()) {
        throw e;
      }
      log.debug("a session was not asked for: {}", e.getMessage());
      return known.map(Seen::session);
    }
  }

  private static boolean isFresh(Seen seen, Instant now) {
    Duration age = Duration.between(seen.at(), now);
    return !age.isNegative() && age.compareTo(FRESH) < 0;
  }

  private synchronized void remember(Seen fresh, long endsBefore) {
    if (ends != endsBefore) {
      return;
    }
    Seen known = seen.get(fresh.session().hash());
    if (known != null && isFresh(known, fresh.at())) {
      return; // it keeps its age
    }
    if (seen.size() >= MOST_REMEMBERED) {
      seen.clear();
    }
    seen.put(fresh.session().hash(), fresh);
  }

  private void note(KnownSession session, String address) {
    Instant now = clock.instant();
    if (session.address().equals(address)
        && Duration.between(session.used(), now).abs().compareTo(NOTED_EACH) < 0) {
      return;
    }
    try {
      sessions.used(session.hash(), now, address);
      synchronized (this) {
        seen.remove(session.hash());
      }
    } catch (JdbiException e) {
      log.debug("the use of a session was not noted: {}", e.getMessage());
    }
  }
}
