package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.natives.libc.KernelClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetClockTest {

  private static final Instant NOW = Instant.parse("2026-11-23T14:00:00Z");

  /** What a kernel says from its start on, until somebody synchronises its clock. */
  private static final KernelClock NEVER_SYNCHRONISED =
      new KernelClock(KernelClock.STA_UNSYNC, KernelClock.LARGEST_ERROR);

  @TempDir Path folder;

  private Optional<KernelClock> kernel = Optional.of(NEVER_SYNCHRONISED);

  private SetClock clock() {
    return new SetClock(
        () -> kernel, folder.resolve("synchronized"), folder.resolve("rtc"), () -> NOW);
  }

  private void hardwareClock(String hctosys, Instant time) throws IOException {
    Path rtc = Files.createDirectories(folder.resolve("rtc").resolve("rtc0"));
    Files.writeString(rtc.resolve("hctosys"), hctosys + "\n");
    Files.writeString(rtc.resolve("since_epoch"), time.getEpochSecond() + "\n");
  }

  @Test
  void aKernelThatNobodySynchronisedHasNoSetClock() {
    assertThat(clock().getAsBoolean()).isFalse();
  }

  @Test
  void onceSynchronisedItStaysSetThoughTheKernelForgetsWithoutNetwork() {
    SetClock clock = clock();
    assertThat(clock.getAsBoolean()).isFalse();
    kernel = Optional.of(new KernelClock(KernelClock.STA_UNSYNC, Duration.ofMillis(20)));
    assertThat(clock.getAsBoolean()).isTrue();
    kernel = Optional.of(NEVER_SYNCHRONISED);
    assertThat(clock.getAsBoolean()).isTrue();
  }

  @Test
  void theMarkOfTimesyncdOutlivesTheKernelsMemory() throws IOException {
    Files.createFile(folder.resolve("synchronized"));
    assertThat(clock().getAsBoolean()).isTrue();
  }

  @Test
  void aHardwareClockThatTheKernelWasSetByAndThatAgreesIsBelieved() throws IOException {
    hardwareClock("1", NOW.minusSeconds(3));
    assertThat(clock().getAsBoolean()).isTrue();
  }

  /** A board with the clock and without its battery. */
  @Test
  void aHardwareClockThatDisagreesIsNotBelieved() throws IOException {
    hardwareClock("1", Instant.EPOCH.plusSeconds(40));
    assertThat(clock().getAsBoolean()).isFalse();
  }

  @Test
  void aHardwareClockThatTheKernelWasNotSetBySaysNothing() throws IOException {
    hardwareClock("0", NOW);
    assertThat(clock().getAsBoolean()).isFalse();
    Files.writeString(folder.resolve("rtc").resolve("rtc0").resolve("hctosys"), "1");
    Files.writeString(folder.resolve("rtc").resolve("rtc0").resolve("since_epoch"), "soon");
    assertThat(clock().getAsBoolean()).isFalse();
  }

  @Test
  void whereTheKernelCannotBeAskedTheClockCountsAsSet() {
    kernel = Optional.empty();
    assertThat(clock().getAsBoolean()).isTrue();
  }
}
