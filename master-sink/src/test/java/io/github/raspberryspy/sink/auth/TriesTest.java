package io.github.raspberryspy.sink.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TriesTest {

  private final Tries tries = new Tries(5, 100, () -> 0);

  @Test
  void addressesOfOneIpv6NetworkAreOneAndBlockNobodyElse() {
    for (int i = 0; i < 1000; i++) {
      String address = "2001:db8:1:2::" + Integer.toHexString(i);
      if (tries.mayTry(address)) {
        tries.wasWrong(address);
        assertThat(i).isLessThan(5);
      }
    }
    assertThat(tries.mayTry("2001:db8:1:3::1")).isTrue();
  }
}
