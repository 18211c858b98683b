package io.github.raspberryspy.sink.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GuessesTest {

  private long now = 17;
  private final Guesses guesses = new Guesses(() -> now);

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private boolean mayTry(String account, String address) {
    return guesses.ask(account, address).isZero();
  }

  @Test
  void fiveTriesAMinuteThenPausesThatDouble() {
    for (int i = 0; i < 5; i++) {
      assertThat(mayTry("ada", "192.0.2.1")).isTrue();
    }
    for (int minutes = 1; minutes <= 32; minutes *= 2) {
      assertThat(mayTry("ada", "192.0.2.1")).isFalse();
      pass(Duration.ofMinutes(minutes).minusSeconds(1));
      assertThat(mayTry("ada", "192.0.2.1")).isFalse();
      pass(Duration.ofSeconds(1));
      assertThat(mayTry("ada", "192.0.2.1")).isTrue();
    }
    assertThat(guesses.ask("ada", "192.0.2.1")).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void theOwnerIsNotLockedOutFromElsewhereAndARightPasswordBeginsAnew() {
    for (int i = 0; i < 1000; i++) {
      guesses.ask("ada", "192.0.2.1");
    }
    assertThat(mayTry("ada", "192.0.2.2")).isTrue();
    guesses.right("ada", "192.0.2.2");
    for (int i = 0; i < 5; i++) {
      assertThat(mayTry("ada", "192.0.2.2")).isTrue();
    }
  }

  @Test
  void rightPasswordsAreNoGuesses() {
    for (int i = 0; i < 200; i++) {
      assertThat(mayTry("ada", "192.0.2.1")).isTrue();
      guesses.right("ada", "192.0.2.1");
    }
    int tried = 0;
    for (int i = 0; i < 1000; i++) {
      tried += mayTry("person-" + i, "192.0.2.1") ? 1 : 0;
      if (mayTry("ada", "192.0.2.1")) {
        guesses.right("ada", "192.0.2.1");
      }
    }
    assertThat(tried).as("and cover no wrong ones").isEqualTo(Guesses.FREE_FROM_ADDRESS);
  }

  @Test
  void whatWasNotLookedAtWasNoTry() {
    for (int i = 0; i < 200; i++) {
      assertThat(mayTry("ada", "192.0.2.1")).isTrue();
      guesses.untried("ada", "192.0.2.1");
    }
    int tried = 0;
    for (int i = 0; i < 100; i++) {
      tried += mayTry("ada", "192.0.2.1") ? 1 : 0;
    }
    assertThat(tried).as("but what was looked at counts").isEqualTo(Guesses.FREE);
  }

  @Test
  void manyAccountsFromOneAddressAreGuessingToo() {
    int tried = 0;
    for (int i = 0; i < 1000; i++) {
      tried += mayTry("person-" + i, "192.0.2.1") ? 1 : 0;
    }
    assertThat(tried).isEqualTo(Guesses.FREE_FROM_ADDRESS);
  }

  @Test
  void addressesOfOneIpv6NetworkAreOne() {
    int tried = 0;
    for (int i = 0; i < 1000; i++) {
      tried += mayTry("ada", "2001:db8:1:2::" + Integer.toHexString(i)) ? 1 : 0;
    }
    assertThat(tried).isEqualTo(Guesses.FREE);
    assertThat(mayTry("ada", "2001:db8:1:3::1")).isTrue();
  }

  /** A million guesses spread over a day, from one address. */
  @Test
  void ofAMillionGuessesADayHardlyAnyIsTried() {
    int tried = 0;
    for (int i = 0; i < 1_000_000; i++) {
      tried += mayTry("ada", "192.0.2.1") ? 1 : 0;
      pass(Duration.ofNanos(86_400_000));
    }
    assertThat(tried).isBetween(30, 40);
  }

  /** The same from a thousand addresses: the passwords' length does the rest. */
  @Test
  void aThousandAddressesTryFewEachAndTheTableStaysSmall() {
    int tried = 0;
    for (int i = 0; i < 1_000_000; i++) {
      tried += mayTry("ada", "10.0." + i % 1000 / 250 + "." + i % 250) ? 1 : 0;
      pass(Duration.ofNanos(86_400_000));
    }
    assertThat(tried).isLessThan(40_000);
    for (int i = 0; i < 100_000; i++) {
      guesses.ask("account-" + i, "10." + i % 200 + "." + i % 250 + "." + i % 240);
    }
    assertThat(guesses.remembered()).isLessThanOrEqualTo(20_000);
  }
}
