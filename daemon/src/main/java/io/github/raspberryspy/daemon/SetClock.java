package io.github.raspberryspy.daemon;

import io.github.raspberryspy.natives.libc.KernelClock;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this computer's wall clock is set: once it was, it stays so. A computer without a clock
 * battery starts with the time at which it was switched off, which looks like any other.
 *
 * <p>It is set where the kernel says that somebody synchronised it; where systemd-timesyncd left
 * its mark since the start, for the kernel forgets after nine hours without network; or where a
 * hardware clock, which the kernel was set by at the start, still agrees. Where the kernel cannot
 * be asked, it counts as set.
 *
 * <p>Source: adjtimex(2); systemd-timesyncd(8), {@code /run/systemd/timesync/synchronized};
 * sysfs-class-rtc, {@code hctosys} and {@code since_epoch}. chronyd and ntpd tell the kernel.
 *
 * <p>Thread-safe.
 */
final class SetClock implements BooleanSupplier {

  private static final Logger log = LoggerFactory.getLogger(SetClock.class);
  private static final Path TIMESYNCD = Path.of("/run/systemd/timesync/synchronized");
  private static final Path HARDWARE_CLOCKS = Path.of("/sys/class/rtc");
  private static final Duration AGREEMENT = Duration.ofMinutes(5);

  private final Supplier<Optional<KernelClock>> kernel;
  private final Path timesyncd;
  private final Path hardwareClocks;
  private final InstantSource wall;
  private volatile boolean isSet; // by whichever thread asks

  SetClock(
      Supplier<Optional<KernelClock>> kernel,
      Path timesyncd,
      Path hardwareClocks,
      InstantSource wall) {
    this.kernel = kernel;
    this.timesyncd = timesyncd;
    this.hardwareClocks = hardwareClocks;
    this.wall = wall;
  }

  /** Of this computer. */
  static SetClock here() {
    return new SetClock(KernelClock::read, TIMESYNCD, HARDWARE_CLOCKS, InstantSource.system());
  }

  @Override
  public boolean getAsBoolean() {
    if (!isSet && look()) {
      isSet = true;
      log.info("the clock is set");
    }
    return isSet;
  }

  private boolean look() {
    Optional<KernelClock> clock = kernel.get();
    return clock.isEmpty()
        || clock.get().isSynchronised()
        || Files.exists(timesyncd)
        || hardwareAgrees();
  }

  private boolean hardwareAgrees() {
    if (!Files.isDirectory(hardwareClocks)) {
      return false;
    }
    try (DirectoryStream<Path> clocks = Files.newDirectoryStream(hardwareClocks)) {
      for (Path clock : clocks) {
        if (agrees(clock)) {
          return true;
        }
      }
    } catch (IOException | NumberFormatException e) {
      log.debug("the hardware clocks in {} do not tell", hardwareClocks, e);
    }
    return false;
  }

  private boolean agrees(Path clock) throws IOException {
    if (!Files.exists(clock.resolve("hctosys")) || !read(clock.resolve("hctosys")).equals("1")) {
      return false;
    }
    Instant time = Instant.ofEpochSecond(Long.parseLong(read(clock.resolve("since_epoch"))));
    return Duration.between(time, wall.instant()).abs().compareTo(AGREEMENT) < 0;
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file).strip();
  }
}
