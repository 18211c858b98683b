package io.github.raspberryspy.daemon.board;

import io.github.raspberryspy.segments.wire.BoardHealth;
import io.github.raspberryspy.segments.wire.BoardHealth.Battery;
import io.github.raspberryspy.segments.wire.BoardHealth.Disk;
import io.github.raspberryspy.segments.wire.BoardHealth.Strain;
import io.github.raspberryspy.segments.wire.BoardHealth.Strains;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is wrong with a board, and when. Between bad and well it stays as it was, so that what
 * stands at a limit is not told again and again.
 *
 * @param kind of the fault
 * @param isAlert whether somebody should be told at once
 * @param begins after it was bad for so long
 * @param ends after it was well for so long
 * @param isBad whether it is; empty between, or where the board does not say
 * @param sentence for people, of what {@code isBad} has seen
 */
record BoardRule(
    String kind,
    boolean isAlert,
    Duration begins,
    Duration ends,
    Function<BoardHealth, Optional<Boolean>> isBad,
    Function<BoardHealth, String> sentence) {

  private static final double HOT = 80; // a Raspberry Pi slows down here
  private static final double COOL = 75;
  private static final int LOW_PERCENT = 20;
  private static final int CHARGED_PERCENT = 25;
  private static final int WEAK_DBM = -80;
  private static final int FAIR_DBM = -75;
  private static final int WORN_PERCENT = 90;

  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration A_WHILE = Duration.ofMinutes(1);
  private static final Duration LONG = Duration.ofMinutes(10);

  /** All that there are. */
  static List<BoardRule> all() {
    return List.of(
        new BoardRule(
            "board-hot",
            true,
            Duration.ofSeconds(10),
            A_WHILE,
            h ->
                between(
                    h.temperatureC().stream().boxed().findFirst(), t -> t >= HOT, t -> t < COOL),
            h ->
                String.format(
                    Locale.ROOT,
                    "the board is at %.0f °C: it slows down, and may end; give it air, or shade",
                    h.temperatureC().orElse(HOT))),
        new BoardRule(
            "under-voltage",
            true,
            AT_ONCE,
            LONG,
            h -> h.strains().map(s -> s.now().contains(Strain.UNDER_VOLTAGE)),
            h ->
                "the board gets too little voltage: it slows down, and may damage its card;"
                    + " give it a better supply, or a shorter cable"),
        new BoardRule(
            "throttled",
            true,
            Duration.ofSeconds(10),
            LONG,
            h -> h.strains().map(BoardRule::isThrottled),
            h -> "the board runs slower than it could, since it is hot or has too little voltage"),
        new BoardRule(
            "battery-low",
            true,
            AT_ONCE,
            AT_ONCE,
            h -> h.battery().flatMap(BoardRule::isLow),
            h ->
                "the battery is at "
                    + h.battery().map(Battery::percent).orElse(LOW_PERCENT)
                    + " %, and is not charged"),
        new BoardRule(
            "card-worn",
            false,
            AT_ONCE,
            AT_ONCE,
            h -> h.disk().map(BoardRule::isWorn),
            h -> h.disk().map(BoardRule::wear).orElse("the card is worn")),
        new BoardRule(
            "wifi-weak",
            false,
            A_WHILE,
            A_WHILE,
            h -> between(h.wifi().map(w -> w.signalDbm()), s -> s <= WEAK_DBM, s -> s >= FAIR_DBM),
            h ->
                "the Wi-Fi is weak ("
                    + h.wifi().map(w -> w.signalDbm()).orElse(WEAK_DBM)
                    + " dBm): what is filmed may reach the master late"),
        new BoardRule(
            "clock-unset",
            false,
            LONG,
            AT_ONCE,
            h -> h.clock().map(c -> !c.set()),
            h -> "the clock is not set: nobody tells it the time, and footage may be misdated"));
  }

  private static <T> Optional<Boolean> between(
      Optional<T> value, Function<T, Boolean> isBad, Function<T, Boolean> isWell) {
    return value.flatMap(
        v ->
            isBad.apply(v)
                ? Optional.of(true)
                : isWell.apply(v) ? Optional.of(false) : Optional.empty());
  }

  private static boolean isThrottled(Strains strains) {
    return strains.now().contains(Strain.THROTTLED)
        || strains.now().contains(Strain.SOFT_TEMPERATURE_LIMIT);
  }

  private static Optional<Boolean> isLow(Battery battery) {
    boolean isFed = battery.status().equals("charging") || battery.status().equals("full");
    return isFed
        ? Optional.of(false)
        : between(Optional.of(battery.percent()), p -> p <= LOW_PERCENT, p -> p >= CHARGED_PERCENT);
  }

  private static boolean isWorn(Disk disk) {
    return disk.errors().orElse(0) > 0 || disk.wornPercent().orElse(0) >= WORN_PERCENT;
  }

  private static String wear(Disk disk) {
    return disk.errors().orElse(0) > 0
        ? "the file system on "
            + disk.device()
            + " has counted errors ("
            + disk.errors().getAsLong()
            + "): check it, and have another card ready"
        : disk.device() + " has used " + disk.wornPercent().orElse(0) + " % of its life";
  }
}
