package io.github.raspberryspy.segments;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file name of a segment: {@code 2026-11-23T14-00-00Z_r17-000123}, with {@code u} in place of
 * the {@code Z} where the clock was not set. No colons, so that every file system takes it.
 *
 * @param start wall time of the first frame; the name keeps whole seconds
 * @param clock how far that time can be trusted
 * @param run number of the run
 * @param sequence number of the segment in its run
 */
public record SegmentName(Instant start, ClockState clock, long run, long sequence) {

  /** Ending of a video file that is still being written. */
  public static final String PART = ".mp4.part";

  /** Ending of a sealed video file. */
  public static final String VIDEO = ".mp4";

  /** Ending of a manifest. */
  public static final String MANIFEST = ".json";

  private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("+10000-01-01T00:00:00Z");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss", Locale.ROOT);
  private static final Pattern TEXT =
      Pattern.compile(
          "([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}-[0-9]{2}-[0-9]{2})([Zu])_r([0-9]{1,18})-([0-9]{6,18})");

  /** Cuts the time to whole seconds, and checks ranges: four digits of year, 18 of numbers. */
  public SegmentName {
    start = start.truncatedTo(ChronoUnit.SECONDS);
    Objects.requireNonNull(clock, "clock");
    requireYear("start", start);
    if (run < 0 || run > SegmentId.MAX_NUMBER || sequence < 0 || sequence > SegmentId.MAX_NUMBER) {
      throw new IllegalArgumentException(
          "run "
              + run
              + " or sequence "
              + sequence
              + " is not within 0 to "
              + SegmentId.MAX_NUMBER);
    }
  }

  /** Whether a time is not before the first one, and its year has at most four digits. */
  public static boolean isWithinYears(Instant time, Instant first) {
    return !time.isBefore(first) && time.isBefore(LAST);
  }

  /** Complains of a time whose year has not four digits: folders and files are named after it. */
  static void requireYear(String what, Instant time) {
    requireYear(what, time, FIRST);
  }

  /** Complains of a time before the first one or of a year with more than four digits. */
  static void requireYear(String what, Instant time, Instant first) {
    if (!isWithinYears(time, first)) {
      int year = first.atOffset(ZoneOffset.UTC).getYear();
      throw new IllegalArgumentException(
          what + " " + time + " is not within years " + year + " to 9999");
    }
  }

  /**
   * Reads a file name without its ending. Each name has exactly one text.
   *
   * @throws IllegalArgumentException if it is not the name of a segment
   */
  public static SegmentName parse(String text) {
    Matcher m = TEXT.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException("\"" + text + "\" is not the name of a segment");
    }
    SegmentName name;
    try {
      name =
          new SegmentName(
              LocalDateTime.parse(m.group(1), TIME).toInstant(ZoneOffset.UTC),
              m.group(2).equals("u") ? ClockState.UNSYNCED : ClockState.SYNCED,
              Long.parseLong(m.group(3)),
              Long.parseLong(m.group(4)));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("\"" + text + "\" carries no valid time", e);
    }
    if (!name.toString().equals(text)) {
      // "r017", February 30th: taken as another name, it would stand for another file
      throw new IllegalArgumentException("\"" + text + "\" should read " + name);
    }
    return name;
  }

  /** The folder of the day, in UTC: {@code 2026-11-23}. */
  public String day() {
    return start.toString().substring(0, 10);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s%s_r%d-%06d",
        TIME.format(start.atOffset(ZoneOffset.UTC)),
        clock == ClockState.UNSYNCED ? "u" : "Z",
        run,
        sequence);
  }
}
