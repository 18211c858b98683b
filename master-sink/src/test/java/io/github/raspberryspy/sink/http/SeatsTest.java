package io.github.raspberryspy.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.sink.index.KnownSession;
import io.github.raspberryspy.sink.index.Person;
import io.github.raspberryspy.sink.index.Role;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SeatsTest {

  private static final int MOST = 40;
  private final Seats seats = new Seats(MOST);
  private int connections;

  private static KnownSession session(String who, Role role, int number) {
    Instant then = Instant.EPOCH;
    Person person = new Person(who, who, role, "", then);
    String hash = String.format("%064d", number);
    return new KnownSession(hash, Optional.of(person), then, then, then, "", "");
  }

  /** How many seats somebody gets who asks for all, each time in another session. */
  private int takeAll(String who, Role role) {
    int taken = 0;
    for (int i = 0; i < MOST; i++) {
      taken += seats.take("connection " + connections++, session(who, role, i)) ? 1 : 0;
    }
    return taken;
  }

  @Test
  void onePersonHasAQuarterWhateverTheirSessions() {
    assertThat(takeAll("eve", Role.VIEWER)).isEqualTo(MOST / 4);
    assertThat(takeAll("bob", Role.VIEWER)).isEqualTo(MOST / 4);
  }

  @Test
  void aQuarterIsKeptForOwners() {
    int taken = 0;
    for (int i = 0; i < 10; i++) {
      taken += takeAll("viewer " + i, Role.VIEWER);
    }
    assertThat(taken).isEqualTo(MOST - MOST / 4);
    assertThat(takeAll("ada", Role.OWNER)).isEqualTo(MOST / 4);
  }

  @Test
  void whoLeavesMakesRoom() {
    assertThat(takeAll("eve", Role.VIEWER)).isEqualTo(MOST / 4);
    seats.leave("connection 0");
    assertThat(takeAll("eve", Role.VIEWER)).isEqualTo(1);
  }
}
