package io.github.raspberryspy.sink.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.sink.ManualClock;
import io.github.raspberryspy.sink.auth.AuthException.Kind;
import io.github.raspberryspy.sink.index.AuditEntry;
import io.github.raspberryspy.sink.index.KnownSession;
import io.github.raspberryspy.sink.index.Person;
import io.github.raspberryspy.sink.index.Role;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountsTest {

  private static final Device HOME = new Device("Firefox on Linux", "192.0.2.1");
  private static final Device AWAY = new Device("Safari on iPhone", "198.51.100.7");
  private static final String PASSWORD = "seven wet herons";
  private static final String OTHER = "nine dry otters swim";

  @TempDir Path folder;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-23T12:00:00Z"));
  private long nanos;
  private SegmentIndex index;
  private Accounts accounts;

  /** A new index. */
  SegmentIndex openIndex() throws IOException {
    return SegmentIndex.open(folder.resolve("index.db"));
  }

  @BeforeEach
  void open() throws IOException {
    index = openIndex();
    accounts = begin();
  }

  @AfterEach
  void close() {
    index.close();
  }

  private Accounts begin() {
    Sessions sessions = new Sessions(index.people().sessions(), clock);
    return new Accounts(index.people(), sessions, clock, () -> nanos);
  }

  private KnownSession session(String id) {
    return accounts.sessions().use(id, HOME.address()).orElseThrow();
  }

  private KnownSession owner() {
    return session(accounts.welcome(accounts.welcomeToken(), "Ada", PASSWORD, HOME));
  }

  private List<String> audited() {
    return accounts.audit().entries(Long.MAX_VALUE, 100).stream().map(AuditEntry::action).toList();
  }

  private static void refused(Kind kind, ThrowingCallable attempt) {
    assertThatThrownBy(attempt)
        .isInstanceOfSatisfying(AuthException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  @Test
  void thereIsNobodyUntilAnOwnerComesByTheTokenWhichIsGoodOnce() {
    String token = accounts.welcomeToken();
    assertThat(accounts.hasOwner()).isFalse();
    assertThat(token).hasSizeGreaterThanOrEqualTo(22); // 128 bits in base64
    refused(Kind.WRONG, () -> accounts.signIn("admin", "admin", HOME));
    refused(Kind.WRONG, () -> accounts.welcome("guess", "Ada", PASSWORD, HOME));
    refused(Kind.INVALID, () -> accounts.welcome(token, "Ada", "short", HOME));

    assertThat(session(accounts.welcome(token, "Ada", PASSWORD, HOME)).role())
        .isEqualTo(Role.OWNER);

    refused(Kind.WRONG, () -> accounts.welcome(token, "Eve", PASSWORD, AWAY));
    assertThat(begin().hasOwner()).isTrue();
    assertThat(session(accounts.signIn(" ADA ", PASSWORD, AWAY)).who()).isEqualTo("Ada");
    refused(Kind.WRONG, () -> accounts.signIn("Ada", OTHER, AWAY));
  }

  @Test
  void aPasswordThatIsNotLookedAtSinceTooManyAreIsNoGuess() throws Exception {
    owner();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<Kind>> tries = new ArrayList<>();
      for (int i = 0; i < 400; i++) { // each from elsewhere: nobody has to wait for their guesses
        Device device = new Device("Firefox on Linux", "198.51." + i / 200 + "." + i % 200);
        tries.add(threads.submit(() -> refusal(OTHER, device)));
      }
      List<Kind> kinds = new ArrayList<>();
      for (Future<Kind> one : tries) {
        kinds.add(one.get(60, TimeUnit.SECONDS));
      }
      assertThat(kinds).contains(Kind.BUSY).containsOnly(Kind.BUSY, Kind.WRONG);
      for (int i = 0; i < kinds.size(); i++) {
        if (kinds.get(i) == Kind.BUSY) {
          Device device = new Device("Firefox on Linux", "198.51." + i / 200 + "." + i % 200);
          for (int guess = 0; guess < 5; guess++) {
            assertThat(refusal(OTHER, device)).as("guess " + guess).isEqualTo(Kind.WRONG);
          }
          assertThat(refusal(OTHER, device)).isEqualTo(Kind.TOO_MANY);
          return;
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void whoIsSignedInAtAnAddressSignsInThereHoweverManyTryElsewhere() throws Exception {
    owner();
    ExecutorService threads = Executors.newCachedThreadPool();
    AtomicBoolean isOver = new AtomicBoolean();
    AtomicInteger busy = new AtomicInteger();
    try {
      for (int i = 0; i < 40; i++) {
        int from = i;
        threads.execute(
            () -> {
              for (int n = 0; !isOver.get(); n++) {
                Device device = new Device("", "198." + from + "." + n / 250 % 250 + "." + n % 250);
                busy.addAndGet(refusal(OTHER, device) == Kind.BUSY ? 1 : 0);
              }
            });
      }
      await().until(() -> busy.get() > 100);
      for (int i = 0; i < 5; i++) {
        assertThat(session(accounts.signIn("Ada", PASSWORD, HOME)).who()).isEqualTo("Ada");
      }
    } finally {
      isOver.set(true);
      threads.shutdown();
      assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** Why nobody comes in by this password. */
  private Kind refusal(String password, Device device) {
    try {
      accounts.signIn("Ada", password, device);
      throw new AssertionError("the password is right");
    } catch (AuthException e) {
      return e.kind();
    }
  }

  @Test
  void theFirstOwnerEndsTheSignInLink() {
    String token = accounts.sessions().signInToken();
    String guest = accounts.sessions().signIn(token, HOME).orElseThrow();

    owner();

    assertThat(accounts.sessions().use(guest, HOME.address())).isEmpty();
    assertThat(accounts.sessions().signIn(token, HOME)).isEmpty();
  }

  @Test
  void whoForgotThePasswordSetsAnotherByANewToken() {
    KnownSession old = owner();
    accounts.welcome(accounts.welcomeToken(), "ada", OTHER, HOME);

    assertThat(accounts.sessions().isOpen(old.hash())).isFalse();
    assertThat(accounts.all()).hasSize(1);
    refused(Kind.WRONG, () -> accounts.signIn("Ada", PASSWORD, HOME));
    accounts.signIn("Ada", OTHER, HOME);
  }

  @Test
  void invitationIsGoodOnceAndForAWhile() {
    owner();
    String token = accounts.invite(Role.VIEWER, "Ada");
    refused(Kind.CONFLICT, () -> accounts.welcome(token, "ADA", OTHER, AWAY));
    assertThat(session(accounts.welcome(token, "Bob", OTHER, AWAY)).role()).isEqualTo(Role.VIEWER);
    refused(Kind.WRONG, () -> accounts.welcome(token, "Eve", OTHER, AWAY));

    String late = accounts.invite(Role.VIEWER, "Ada");
    clock.advance(Accounts.INVITED);
    refused(Kind.WRONG, () -> accounts.welcome(late, "Eve", OTHER, AWAY));

    String back = accounts.invite(Role.VIEWER, "Ada");
    accounts.uninvite(accounts.invitations().get(0).id());
    refused(Kind.WRONG, () -> accounts.welcome(back, "Eve", OTHER, AWAY));
  }

  @Test
  void anInvitationThatWasMadeWhileTheClockWasAheadIsNeverGood() {
    owner();
    Instant right = clock.instant();
    clock.set(right.plus(Duration.ofHours(1)));
    String ahead = accounts.invite(Role.VIEWER, "Ada");
    clock.set(right);
    assertThat(accounts.invitations()).as("can be taken back").hasSize(1);
    refused(Kind.WRONG, () -> accounts.welcome(ahead, "Eve", OTHER, AWAY));
    clock.set(right.plus(Duration.ofHours(2)));
    refused(Kind.WRONG, () -> accounts.welcome(ahead, "Eve", OTHER, AWAY));
  }

  @Test
  void whoIsRemovedIsSignedOutAndTheOnlyOwnerStays() {
    owner();
    String guest = accounts.welcome(accounts.invite(Role.VIEWER, "Ada"), "Bob", OTHER, AWAY);
    assertThat(accounts.sessions().use(guest, AWAY.address())).isPresent();
    Person ada = index.people().named("ada").orElseThrow();
    Person bob = index.people().named("bob").orElseThrow();

    accounts.remove(bob.id());

    assertThat(accounts.sessions().use(guest, AWAY.address())).isEmpty();
    refused(Kind.WRONG, () -> accounts.signIn("Bob", OTHER, AWAY));
    refused(Kind.CONFLICT, () -> accounts.remove(ada.id()));
    refused(Kind.NOT_FOUND, () -> accounts.remove("nobody"));
  }

  @Test
  void anotherPasswordEndsTheOtherSessions() {
    KnownSession here = owner();
    KnownSession there = session(accounts.signIn("Ada", PASSWORD, AWAY));

    refused(Kind.WRONG, () -> accounts.changePassword(here, "wrong", OTHER, HOME));
    accounts.changePassword(here, PASSWORD, OTHER, HOME);

    assertThat(accounts.sessions().isOpen(here.hash())).isTrue();
    assertThat(accounts.sessions().isOpen(there.hash())).isFalse();
    accounts.signIn("Ada", OTHER, AWAY);
  }

  @Test
  void guessingIsSlowedDownForWhoGuessesOnly() {
    owner();
    for (int i = 0; i < 5; i++) {
      refused(Kind.WRONG, () -> accounts.signIn("Ada", "a wrong password", AWAY));
    }
    refused(Kind.TOO_MANY, () -> accounts.signIn("Ada", PASSWORD, AWAY));
    accounts.signIn("Ada", PASSWORD, HOME);
    nanos += Duration.ofMinutes(1).toNanos();
    accounts.signIn("Ada", PASSWORD, AWAY);
  }

  @Test
  void failuresAreCountedRatherThanNotedOneByOne() {
    owner();
    for (int i = 0; i < 500; i++) {
      Device device = new Device("", "10.0.0." + i % 50);
      refusedAnyhow(() -> accounts.signIn("Ada", "a wrong password", device));
      clock.advance(Duration.ofSeconds(1));
    }
    List<AuditEntry> failed =
        accounts.audit().entries(Long.MAX_VALUE, 1000).stream()
            .filter(e -> e.action().equals("failed-sign-in"))
            .toList();
    assertThat(failed).hasSize(2 * (Audit.MOST_ADDRESSES + 1));
    long more =
        failed.stream()
            .map(AuditEntry::detail)
            .filter(detail -> detail.endsWith(" more"))
            .mapToLong(detail -> Long.parseLong(detail.replace(" more", "")))
            .sum();
    assertThat(more + Audit.MOST_ADDRESSES + 1).isEqualTo(500);
  }

  private static void refusedAnyhow(ThrowingCallable attempt) {
    assertThatThrownBy(attempt).isInstanceOf(AuthException.class);
  }

  @Test
  void theLogTellsWhatPeopleDidAndItsChainShowsTampering() {
    owner();
    accounts.welcome(accounts.invite(Role.VIEWER, "Ada"), "Bob", OTHER, AWAY);
    accounts.signIn("Bob", OTHER, AWAY);
    assertThat(audited()).containsExactly("sign-in", "join", "first-start");
    assertThat(index.people().audit().fault()).isEmpty();
    assertThat(accounts.audit().entries(3, 1))
        .singleElement()
        .satisfies(entry -> assertThat(entry.number()).isEqualTo(2));

    tamper("UPDATE audit SET address = '203.0.113.1' WHERE number = 2");
    assertThat(index.people().audit().fault().orElseThrow()).contains("entry 2");
    tamper("DELETE FROM audit WHERE number = 2");
    assertThat(index.people().audit().fault().orElseThrow()).contains("entry 2", "missing");
  }

  /** As somebody does who gets at the database. */
  void tamper(String sql) {
    try (var connection =
            java.sql.DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("index.db"));
        var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whoCameByTheLinkHasNoPassword() {
    KnownSession guest = session(accounts.sessions().open(Optional.empty(), HOME));
    assertThat(guest.role()).isEqualTo(Role.OWNER);
    refused(Kind.CONFLICT, () -> accounts.changePassword(guest, "", OTHER, HOME));
  }
}
