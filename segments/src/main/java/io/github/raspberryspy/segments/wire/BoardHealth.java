package io.github.raspberryspy.segments.wire;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How the board of a camera fares, as its kernel says. What it does not say is empty. Immutable.
 *
 * @param temperatureC of its hottest part, degrees Celsius
 * @param strains what the firmware of a Raspberry Pi holds back, or suffers
 * @param wifi its wireless link, where it has one
 * @param battery what it runs on, where that is a battery
 * @param memory of the board
 * @param disk the device that holds the spool
 * @param clock its wall clock
 * @param uptimeSeconds since its kernel started
 * @param warnings what somebody should look at, as kinds of {@link LinkMessage.Fault}
 */
public record BoardHealth(
    OptionalDouble temperatureC,
    Optional<Strains> strains,
    Optional<Wifi> wifi,
    Optional<Battery> battery,
    Optional<Memory> memory,
    Optional<Disk> disk,
    Optional<BoardClock> clock,
    OptionalLong uptimeSeconds,
    List<String> warnings) {

  /** Of a board that says nothing. */
  public static final BoardHealth UNKNOWN =
      new BoardHealth(
          OptionalDouble.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalLong.empty(),
          List.of());

  /** Checks presence, and that the temperature is one; copies the list. */
  public BoardHealth {
    Objects.requireNonNull(temperatureC, "temperatureC");
    Objects.requireNonNull(strains, "strains");
    Objects.requireNonNull(wifi, "wifi");
    Objects.requireNonNull(battery, "battery");
    Objects.requireNonNull(memory, "memory");
    Objects.requireNonNull(disk, "disk");
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(uptimeSeconds, "uptimeSeconds");
    warnings = List.copyOf(warnings);
    double degrees = temperatureC.orElse(0);
    if (!(degrees >= -100 && degrees <= 200)) {
      throw new IllegalArgumentException(degrees + " °C is not within -100 to 200");
    }
  }

  /** The same with these warnings. */
  public BoardHealth with(List<String> someWarnings) {
    return new BoardHealth(
        temperatureC, strains, wifi, battery, memory, disk, clock, uptimeSeconds, someWarnings);
  }

  /** What the firmware of a Raspberry Pi says of its power and its heat. */
  public enum Strain {
    /** The supply gives less than 4.63 V. */
    UNDER_VOLTAGE,
    /** The processor may not run at its full clock. */
    FREQUENCY_CAPPED,
    /** The processor runs slower. */
    THROTTLED,
    /** It is so hot that it runs slower. */
    SOFT_TEMPERATURE_LIMIT;

    /** As it stands in JSON. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Strains.
   *
   * @param now what is so now
   * @param sinceStart what was so at any time since the board started
   */
  public record Strains(Set<Strain> now, Set<Strain> sinceStart) {
    /** Copies the sets. */
    public Strains {
      now = Set.copyOf(now);
      sinceStart = Set.copyOf(sinceStart);
    }
  }

  /**
   * A wireless link.
   *
   * @param device its name
   * @param signalDbm how strong it hears its access point, dBm
   * @param qualityPercent 0 to 100, as the kernel rates it
   */
  public record Wifi(String device, int signalDbm, int qualityPercent) {
    /** Checks presence. */
    public Wifi {
      Objects.requireNonNull(device, "device");
    }
  }

  /**
   * A battery.
   *
   * @param percent of its charge, 0 to 100
   * @param status {@code charging}, {@code discharging}, {@code full} or {@code not charging};
   *     empty where it does not say
   */
  public record Battery(int percent, String status) {
    /** Checks presence. */
    public Battery {
      Objects.requireNonNull(status, "status");
    }
  }

  /**
   * Memory of the board.
   *
   * @param totalBytes all of it
   * @param availableBytes what programs may still have without swapping
   */
  public record Memory(long totalBytes, long availableBytes) {}

  /**
   * The device that holds the spool.
   *
   * @param device its name
   * @param sizeBytes of the file system on it
   * @param writtenBytesADay what everything on the board writes to it a day, measured over the last
   *     24 hours or since the start; empty within the first ten minutes
   * @param errors what its file system has counted since it was last checked
   * @param wornPercent how much of its life is used, to the next ten percent, as the device says
   */
  public record Disk(
      String device,
      long sizeBytes,
      OptionalLong writtenBytesADay,
      OptionalLong errors,
      OptionalInt wornPercent) {
    /** Checks presence. */
    public Disk {
      Objects.requireNonNull(device, "device");
      Objects.requireNonNull(writtenBytesADay, "writtenBytesADay");
      Objects.requireNonNull(errors, "errors");
      Objects.requireNonNull(wornPercent, "wornPercent");
    }
  }

  /**
   * A wall clock.
   *
   * @param set whether it can be believed: it was set since the board started
   * @param synchronised whether somebody keeps it right now
   * @param maxErrorMillis by how much it may be wrong, as the kernel reckons
   */
  public record BoardClock(boolean set, boolean synchronised, long maxErrorMillis) {}
}
