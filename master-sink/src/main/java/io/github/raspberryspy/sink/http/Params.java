package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.sink.index.SegmentPosition;
import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Query parameters, checked: what is wrong is named, with the value and what is allowed. */
final class Params {

  /** What is allowed as a moment, in words. */
  static final String MOMENTS = "a moment such as 2026-11-23T14:00:00Z, of the years 1970 to 9999";

  private static final int FIRST_YEAR = 1970;
  private static final int LAST_YEAR = 9999;

  private final Context ctx;

  Params(Context ctx, String... known) {
    this.ctx = ctx;
    Set<String> unknown = new TreeSet<>(ctx.queryParamMap().keySet());
    unknown.removeAll(Set.of(known));
    if (!unknown.isEmpty()) {
      throw new Problem(
          400,
          "parameter "
              + String.join(", ", unknown)
              + " is unknown; known are "
              + String.join(", ", known));
    }
  }

  Optional<String> camera() {
    Optional<String> camera = text("camera");
    try {
      camera.ifPresent(SegmentId::requireCameraName);
    } catch (IllegalArgumentException e) {
      throw bad("camera", camera.get(), "the name of a camera");
    }
    return camera;
  }

  Optional<Instant> instant(String name) {
    Optional<String> text = text(name);
    try {
      return text.map(Params::moment);
    } catch (DateTimeException e) {
      throw bad(name, text.get(), MOMENTS);
    }
  }

  /**
   * A moment, in ISO 8601, that there could be footage of.
   *
   * @throws DateTimeException if it is none, or none of these years
   */
  static Instant moment(String text) {
    Instant moment = Instant.parse(text);
    int year = moment.atOffset(ZoneOffset.UTC).getYear();
    if (year < FIRST_YEAR || year > LAST_YEAR) {
      throw new DateTimeException("the year " + year);
    }
    return moment;
  }

  /** One that has to be there. */
  Instant requiredInstant(String name) {
    return instant(name).orElseThrow(() -> new Problem(400, "parameter " + name + " is missing"));
  }

  /** A time zone; that of this computer where none is named. */
  ZoneId zone() {
    Optional<String> text = text("zone");
    try {
      return text.map(ZoneId::of).orElseGet(ZoneId::systemDefault);
    } catch (DateTimeException e) {
      throw bad("zone", text.get(), "the name of a time zone such as Europe/Berlin");
    }
  }

  /** Any text is the name of some zone. */
  Optional<String> zoneOfPicture() {
    return text("zone");
  }

  Optional<SegmentPosition> position(String name) {
    Optional<String> text = text(name);
    try {
      return text.map(SegmentPosition::parse);
    } catch (IllegalArgumentException e) {
      throw bad(name, text.get(), "what an answer gave as \"next\"");
    }
  }

  Optional<Boolean> flag(String name) {
    return choice(name, "true", "false").map(Boolean::parseBoolean);
  }

  Optional<String> choice(String name, String... allowed) {
    Optional<String> text = text(name);
    if (text.isPresent() && !Arrays.asList(allowed).contains(text.get())) {
      throw bad(name, text.get(), String.join(" or ", allowed));
    }
    return text;
  }

  int number(String name, int ifAbsent, int least, int most) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return ifAbsent;
    }
    try {
      int value = Integer.parseInt(text.get());
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw bad(name, text.get(), "a number from " + least + " to " + most);
    }
    throw bad(name, text.get(), "a number from " + least + " to " + most);
  }

  private Optional<String> text(String name) {
    List<String> values = ctx.queryParams(name);
    if (values.size() > 1) {
      throw new Problem(400, "parameter " + name + " is given " + values.size() + " times");
    }
    return values.stream().findFirst();
  }

  private static Problem bad(String name, String value, String allowed) {
    return new Problem(400, "parameter " + name + " is \"" + value + "\"; allowed is " + allowed);
  }
}
