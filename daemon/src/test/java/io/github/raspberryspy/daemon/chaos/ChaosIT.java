package io.github.raspberryspy.daemon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Some time of {@link Chaos}: what it finds stays, with its seed, for whoever looks for it. */
class ChaosIT {

  private static final long SEED = Long.getLong("raspberryspy.seed", 5);
  private static final Path JAR =
      Path.of(System.getProperty("raspberryspy.jar", "target/raspberryspy.jar"));

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void whateverIsBrokenNothingIsLostWithoutAWord() throws Exception {
    assertNothingFound(Chaos.run(folder, JAR, SEED, Duration.ofSeconds(25), 2, false));
  }

  @Test
  void whicheverReplicaIsBrokenOrWhatItStandsOnNothingIsLostWithoutAWord() throws Exception {
    assertNothingFound(Chaos.run(folder, JAR, SEED, Duration.ofSeconds(25), 2, true));
  }

  private static void assertNothingFound(Chaos.Outcome outcome) {
    System.out.println(outcome.summary());
    assertThat(outcome.problems()).as(outcome.summary()).isEmpty();
    assertThat(outcome.faults()).isPositive();
    assertThat(outcome.segments()).isPositive();
  }
}
