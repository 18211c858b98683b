package io.github.raspberryspy.daemon.board;

import io.github.raspberryspy.natives.libc.KernelClock;
import io.github.raspberryspy.segments.wire.BoardHealth;
import io.github.raspberryspy.segments.wire.BoardHealth.Battery;
import io.github.raspberryspy.segments.wire.BoardHealth.BoardClock;
import io.github.raspberryspy.segments.wire.BoardHealth.Memory;
import io.github.raspberryspy.segments.wire.BoardHealth.Strain;
import io.github.raspberryspy.segments.wire.BoardHealth.Strains;
import io.github.raspberryspy.segments.wire.BoardHealth.Wifi;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads how a board fares. A sensor that hangs holds up whoever reads. Not thread-safe.
 *
 * <p>Source: Documentation/ABI/testing of Linux: sysfs-class-thermal, sysfs-class-power, proc of
 * wireless extensions ({@code level} in dBm is negative); the firmware driver of the Raspberry Pi
 * writes the bits of {@code vcgencmd get_throttled} in hexadecimal, and {@code rpi_volt} of hwmon
 * says under-voltage alone.
 */
final class BoardReader {

  private static final Pattern WIRELESS =
      Pattern.compile("\\s*(\\S+):\\s+\\S+\\s+(\\d+)\\.?\\s+(-\\d+)\\.?\\s.*");
  private static final Pattern MEMORY = Pattern.compile("(?m)^(\\w+):\\s+(\\d+) kB$");
  private static final List<Strain> BITS =
      List.of(
          Strain.UNDER_VOLTAGE,
          Strain.FREQUENCY_CAPPED,
          Strain.THROTTLED,
          Strain.SOFT_TEMPERATURE_LIMIT);
  private static final int BEST_QUALITY = 70; // of cfg80211, where the level is in dBm

  /**
   * What it asks.
   *
   * @param files of the kernel
   * @param disk that holds the spool
   * @param clockIsSet whether the wall clock can be believed
   * @param kernelClock what the kernel says of it
   */
  record Sources(
      KernelFiles files,
      SpoolDisk disk,
      BooleanSupplier clockIsSet,
      Supplier<Optional<KernelClock>> kernelClock) {}

  private final Sources sources;
  private final KernelFiles files;

  BoardReader(Sources sources) {
    this.sources = sources;
    this.files = sources.files();
  }

  BoardHealth read() {
    return new BoardHealth(
        temperature(),
        strains(),
        wifi(),
        battery(),
        memory(),
        sources.disk().read(),
        sources.kernelClock().get().map(this::clock),
        uptime(),
        List.of());
  }

  private OptionalDouble temperature() {
    return files.list("sys/class/thermal", "thermal_zone*").stream()
        .map(zone -> files.number(zone.resolve("temp")))
        .flatMapToLong(OptionalLong::stream)
        .mapToDouble(thousandths -> thousandths / 1000.0)
        .filter(degrees -> degrees > -50 && degrees < 150) // a sensor that is off says the rest
        .max();
  }

  private Optional<Strains> strains() {
    return Stream.of(
            files.list("sys/devices/platform", "*firmware*").stream(),
            files.list("sys/devices/platform", "soc*").stream()
                .flatMap(
                    soc ->
                        files
                            .list("sys/devices/platform/" + soc.getFileName(), "*firmware*")
                            .stream()))
        .flatMap(firmwares -> firmwares)
        .flatMap(firmware -> files.text(firmware.resolve("get_throttled")).stream())
        .flatMap(BoardReader::strains)
        .findFirst()
        .or(this::underVoltage);
  }

  private static Stream<Strains> strains(String hexadecimal) {
    try {
      int bits = Integer.parseUnsignedInt(hexadecimal.replaceFirst("^0x", ""), 16);
      return Stream.of(new Strains(ofBits(bits), ofBits(bits | (bits >>> 16))));
    } catch (NumberFormatException e) {
      return Stream.empty();
    }
  }

  private static Set<Strain> ofBits(int bits) {
    Set<Strain> strains = EnumSet.noneOf(Strain.class);
    for (int i = 0; i < BITS.size(); i++) {
      if (((bits >>> i) & 1) != 0) {
        strains.add(BITS.get(i));
      }
    }
    return strains;
  }

  private Optional<Strains> underVoltage() {
    return files.list("sys/class/hwmon", "hwmon*").stream()
        .filter(sensor -> files.text(sensor.resolve("name")).orElse("").equals("rpi_volt"))
        .map(sensor -> files.number(sensor.resolve("in0_lcrit_alarm")))
        .flatMapToLong(OptionalLong::stream)
        .mapToObj(alarm -> alarm == 0 ? Set.<Strain>of() : Set.of(Strain.UNDER_VOLTAGE))
        .map(now -> new Strains(now, now))
        .findFirst();
  }

  /** The link with the best signal. */
  private Optional<Wifi> wifi() {
    return files.text("proc/net/wireless").stream()
        .flatMap(String::lines)
        .map(WIRELESS::matcher)
        .filter(Matcher::matches)
        .map(
            m ->
                new Wifi(
                    m.group(1),
                    Integer.parseInt(m.group(3)),
                    Math.min(100, Integer.parseInt(m.group(2)) * 100 / BEST_QUALITY)))
        .max(Comparator.comparingInt(Wifi::signalDbm));
  }

  /** The battery that is emptiest; those of mice and keyboards do not count. */
  private Optional<Battery> battery() {
    return files.list("sys/class/power_supply", "*").stream()
        .filter(supply -> files.text(supply.resolve("type")).orElse("").equals("Battery"))
        .filter(supply -> !files.text(supply.resolve("scope")).orElse("").equals("Device"))
        .flatMap(supply -> battery(supply).stream())
        .min(Comparator.comparingInt(Battery::percent));
  }

  private Optional<Battery> battery(Path supply) {
    OptionalLong percent = files.number(supply.resolve("capacity"));
    if (percent.isEmpty() || percent.getAsLong() < 0 || percent.getAsLong() > 100) {
      return Optional.empty();
    }
    String status = files.text(supply.resolve("status")).orElse("").toLowerCase(Locale.ROOT);
    return Optional.of(
        new Battery((int) percent.getAsLong(), status.equals("unknown") ? "" : status));
  }

  private Optional<Memory> memory() {
    String text = files.text("proc/meminfo").orElse("");
    OptionalLong total = OptionalLong.empty();
    OptionalLong available = OptionalLong.empty();
    for (Matcher m = MEMORY.matcher(text); m.find(); ) {
      OptionalLong bytes = OptionalLong.of(Long.parseLong(m.group(2)) * 1024);
      total = m.group(1).equals("MemTotal") ? bytes : total;
      available = m.group(1).equals("MemAvailable") ? bytes : available;
    }
    return total.isEmpty() || available.isEmpty()
        ? Optional.empty()
        : Optional.of(new Memory(total.getAsLong(), available.getAsLong()));
  }

  private BoardClock clock(KernelClock clock) {
    return new BoardClock(
        sources.clockIsSet().getAsBoolean(), clock.isSynchronised(), clock.maxError().toMillis());
  }

  private OptionalLong uptime() {
    try {
      return files
          .text("proc/uptime")
          .map(text -> OptionalLong.of(Long.parseLong(text.split("[. ]", 2)[0])))
          .orElseGet(OptionalLong::empty);
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
