package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RetryPauseTest {

  private static final Duration LONGER_THAN_THE_TEST = Duration.ofMinutes(5);

  private final CountDownLatch stopSignal = new CountDownLatch(1);

  @TempDir Path folder;

  @Test
  void aDeviceThatIsBackEndsThePause() throws Exception {
    Path node = folder.resolve("video0");
    RetryPause pause = new RetryPause(stopSignal, LONGER_THAN_THE_TEST);
    CompletableFuture<Boolean> stopped = waiting(pause, Optional.of(node));
    await().pollDelay(Duration.ofMillis(600)).until(() -> !stopped.isDone());
    Files.createFile(node);
    assertThat(stopped.get(30, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void aDeviceThatGoesDuringThePauseAndComesBackEndsItToo() throws Exception {
    Path node = Files.createFile(folder.resolve("video0"));
    RetryPause pause = new RetryPause(stopSignal, LONGER_THAN_THE_TEST);
    CompletableFuture<Boolean> stopped = waiting(pause, Optional.of(node));
    Files.delete(node);
    await()
        .pollDelay(Duration.ofMillis(600)) // it looks twice a second
        .until(() -> !stopped.isDone());
    Files.createFile(node);
    assertThat(stopped.get(30, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void aDeviceThatWasThereAllTheTimeDoesNotEndThePauseAndAStopDoes() throws Exception {
    Path node = Files.createFile(folder.resolve("video0"));
    CompletableFuture<Boolean> present =
        waiting(new RetryPause(stopSignal, LONGER_THAN_THE_TEST), Optional.of(node));
    CompletableFuture<Boolean> none =
        waiting(new RetryPause(stopSignal, LONGER_THAN_THE_TEST), Optional.empty());
    await().pollDelay(Duration.ofMillis(600)).until(() -> !present.isDone() && !none.isDone());
    stopSignal.countDown();
    assertThat(present.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(none.get(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aPauseEndsByItselfAndTheNextIsTwiceAsLong() throws Exception {
    RetryPause pause = new RetryPause(stopSignal, Duration.ofMillis(20));
    long begin = System.nanoTime();
    assertThat(pause.await(Optional.empty())).isFalse();
    assertThat(pause.await(Optional.empty())).isFalse();
    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(60_000_000L);
  }

  private static CompletableFuture<Boolean> waiting(RetryPause pause, Optional<Path> node)
      throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Boolean> result =
        CompletableFuture.supplyAsync(
            () -> {
              begun.countDown();
              try {
                return pause.await(node);
              } catch (InterruptedException e) {
                throw new CompletionException(e);
              }
            });
    begun.await();
    return result;
  }
}
