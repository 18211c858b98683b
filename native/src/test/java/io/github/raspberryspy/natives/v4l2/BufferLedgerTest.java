package io.github.raspberryspy.natives.v4l2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BufferLedgerTest {

  private final long now = System.nanoTime();
  private final BufferLedger ledger = new BufferLedger(3, 1000);

  @Test
  void whatIsMissingWithAnEmptyBufferAtTheCameraIsTheCamerasLoss() {
    ledger.taken(now, 0);
    ledger.taken(now + 1_000_000, 0);
    ledger.taken(now + 9_000_000, 7);
    assertThat(ledger.lost()).isEqualTo(7);
    assertThat(ledger.lostByReader()).isZero();
    assertThat(ledger).hasToString("7 lost, each with 1 of 3 buffers empty at least");
  }

  @Test
  void whatIsMissingWithAllBuffersAtTheReadersIsTheReadersLoss() {
    ledger.taken(now, 0);
    ledger.taken(now + 1_000_000, 0);
    ledger.taken(now + 2_000_000, 0);
    ledger.returned(); // and the hole may have begun before that
    ledger.taken(now + 9_000_000, 6);
    assertThat(ledger.lostByReader()).isEqualTo(6);
  }

  @Test
  void whatWasBackBeforeTheHoleIsEmpty() {
    ledger.taken(now, 0);
    ledger.taken(now + 1_000_000, 0);
    ledger.taken(now + 2_000_000, 0);
    ledger.returned();
    ledger.returned();
    long later = System.nanoTime() + 10_000_000;
    ledger.taken(later, 1);
    ledger.taken(later + 9_000_000, 8);
    assertThat(ledger.lostByReader()).isEqualTo(1);
    assertThat(ledger.lost()).isEqualTo(9);
  }
}
