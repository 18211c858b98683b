package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class GateTest {

  private final Gate gate = new Gate();

  @Test
  void shutWaitsForWhatIsInsideAndLetsNothingIn() throws Exception {
    gate.enter();
    CompletableFuture<Boolean> shut =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return gate.shut(30);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    await().until(this::isShut);
    assertThat(shut).isNotDone();

    gate.leave();

    assertThat(shut.get()).isTrue();
    assertThatThrownBy(gate::enter)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CLOSING));
  }

  @Test
  void shutGivesUpOnWorkThatDoesNotEnd() throws Exception {
    gate.enter();

    assertThat(gate.shut(0)).isFalse();
  }

  private boolean isShut() {
    try {
      gate.enter();
      gate.leave();
      return false;
    } catch (StoreException e) {
      return true;
    }
  }
}
