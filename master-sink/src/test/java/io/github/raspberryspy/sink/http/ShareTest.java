package io.github.raspberryspy.sink.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.sink.index.KnownSession;
import io.github.raspberryspy.sink.index.Person;
import io.github.raspberryspy.sink.index.Role;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShareTest {

  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

  private final Share share = new Share();

  private static KnownSession session(String name, Role role, int number) {
    Person person = new Person(name, name, role, "", NOW);
    return new KnownSession(
        name + number, Optional.of(person), NOW, NOW, NOW.plusSeconds(60), "Test", "127.0.0.1");
  }

  private int enter(KnownSession session) {
    return enter(() -> share.of(session));
  }

  private static int enter(Runnable more) {
    for (int n = 0; n < 1000; n++) {
      try {
        more.run();
      } catch (Problem e) {
        assertThat(e.status()).isEqualTo(429);
        return n;
      }
    }
    throw new AssertionError("there is no bound");
  }

  @Test
  void aSessionAPersonAndAllViewersHaveTheirBoundsAndOwnersAReserve() {
    assertThat(enter(session("ann", Role.VIEWER, 1))).isEqualTo(16);
    assertThat(enter(session("ann", Role.VIEWER, 2))).isEqualTo(16);
    assertThat(enter(session("ann", Role.VIEWER, 3))).as("32 each").isZero();
    assertThat(enter(session("bob", Role.VIEWER, 1))).as("48 together").isEqualTo(16);
    assertThatThrownBy(() -> share.ofKnown("share x")).hasMessageStartingWith("people have 48 ");
    assertThat(enter(session("eve", Role.VIEWER, 1))).isZero();
    assertThat(enter(session("ola", Role.OWNER, 1))).isEqualTo(16);
    assertThat(enter(session("ola", Role.OWNER, 2))).isZero();
    share.ofCamera("front");
  }

  @Test
  void fourCamerasLeaveTheOthersTheirOwn() {
    assertThat(enter(() -> share.ofCamera("evil"))).as("8 of its own, 24 more").isEqualTo(32);
    assertThat(enter(() -> share.ofCamera("evil2"))).as("32 more of all").isEqualTo(16);
    assertThat(enter(() -> share.ofCamera("evil3"))).isEqualTo(8);
    assertThat(enter(() -> share.ofCamera("front"))).isEqualTo(8);
  }

  @Test
  void whoHasALinkLeavesRoomForThoseWithAnotherOne() {
    assertThat(enter(() -> share.ofLink("one"))).isEqualTo(6);
    assertThat(enter(() -> share.ofLink("two"))).isEqualTo(6);
    assertThat(enter(() -> share.ofLink("three"))).as("12 together").isZero();
    assertThat(enter(session("ann", Role.VIEWER, 1))).as("people have their own").isEqualTo(16);
  }

  @Test
  void whoLeavesMakesRoom() {
    KnownSession ann = session("ann", Role.VIEWER, 1);
    Share.Place place = share.of(ann);
    assertThat(enter(ann)).isEqualTo(15);
    place.close();
    assertThat(enter(ann)).isEqualTo(1);
  }
}
