package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.raspberryspy.motion.Schedule.Place;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Optional<Place> IN_BERLIN = Optional.of(new Place(52.52, 13.405));
  private static final Optional<Place> IN_TROMSO = Optional.of(new Place(69.65, 18.96));
  private static final Optional<Place> IN_QUITO = Optional.of(new Place(-0.18, -78.47));

  @Test
  void withoutRulesItIsAlwaysOn() {
    Schedule none = Schedule.of(List.of(), BERLIN, Optional.empty());
    assertThat(none.isAlways()).isTrue();
    assertThat(none.isOn(Instant.EPOCH)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    // 2026-11-23 is a Monday
    "mon-fri 18:00 to 07:00, 2026-11-23T17:59:59, false",
    "mon-fri 18:00 to 07:00, 2026-11-23T18:00, true",
    "mon-fri 18:00 to 07:00, 2026-11-23T06:59, false",
    "mon-fri 18:00 to 07:00, 2026-11-24T06:59:59, true",
    "mon-fri 18:00 to 07:00, 2026-11-24T07:00, false",
    "mon-fri 18:00 to 07:00, 2026-11-28T06:00, true",
    "mon-fri 18:00 to 07:00, 2026-11-28T18:00, false",
    "fri-mon 00:00 to 24:00, 2026-11-23T23:59:59, true",
    "fri-mon 00:00 to 24:00, 2026-11-24T00:00, false",
    "fri-mon 00:00 to 24:00, 2026-11-26T23:59, false",
    "fri-mon 00:00 to 24:00, 2026-11-29T12:00, true",
    "daily 08:00 to 08:00, 2026-11-29T07:59, true",
    "wed 08:00 to 08:00, 2026-11-26T07:59, true",
    "wed 08:00 to 08:00, 2026-11-26T08:00, false",
    "Daily 9:00 to 17:00, 2026-11-29T09:00, true",
  })
  void weekdaysAreThoseOnWhichItBegins(String rule, String local, boolean isOn) {
    assertThat(of(rule, Optional.empty()).isOn(at(local))).isEqualTo(isOn);
  }

  @Test
  void severalRulesAddUp() {
    Schedule schedule =
        Schedule.of(
            List.of("mon 08:00 to 09:00", "mon 08:30 to 10:00", "sun 23:00 to 01:00"),
            BERLIN,
            Optional.empty());
    assertThat(schedule.isOn(at("2026-11-23T00:30"))).isTrue();
    assertThat(schedule.isOn(at("2026-11-23T09:30"))).isTrue();
    assertThat(schedule.isOn(at("2026-11-23T10:00"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    // Berlin, almanac: 2026-06-21 rise 04:43, set 21:33; 2026-12-21 rise 08:15, set 15:54
    "daily sunset to sunrise, 2026-06-21T21:25, false",
    "daily sunset to sunrise, 2026-06-21T21:41, true",
    "daily sunset to sunrise, 2026-06-21T04:35, true",
    "daily sunset to sunrise, 2026-06-21T04:51, false",
    "daily sunrise to sunset, 2026-12-21T08:07, false",
    "daily sunrise to sunset, 2026-12-21T08:23, true",
    "daily sunrise to sunset, 2026-12-21T15:46, true",
    "daily sunrise to sunset, 2026-12-21T16:02, false",
    "daily sunset-1h to sunrise+30m, 2026-12-21T15:02, true",
    "daily sunset-1h to sunrise+30m, 2026-12-21T14:46, false",
    "daily sunset-1h to sunrise+30m, 2026-12-21T08:37, true",
    "daily sunset-1h to sunrise+30m, 2026-12-21T08:53, false",
    "daily sunset to 23:00, 2026-12-21T22:59, true",
    "daily sunset to 23:00, 2026-12-21T23:00, false",
    "daily sunset to 02:00, 2026-12-21T01:59, true",
    "daily 18:00 to sunset, 2026-06-21T20:00, true",
    "daily 18:00 to sunset, 2026-12-21T20:00, false",
    "daily 06:00 to sunrise, 2026-12-21T07:00, true",
    "daily 06:00 to sunrise, 2026-06-21T07:00, false",
    "daily 22:00 to sunrise, 2026-12-21T07:00, true",
    "sun sunset to sunrise, 2026-12-21T07:00, true", // a Monday
    "mon sunset to sunrise, 2026-12-21T07:00, false",
  })
  void sunIsWhereTheAlmanacHasIt(String rule, String local, boolean isOn) {
    assertThat(of(rule, IN_BERLIN).isOn(at(local))).isEqualTo(isOn);
  }

  @ParameterizedTest
  @CsvSource({
    // Tromsø: midnight sun from 18 May to 26 July, polar night from 27 November to 15 January
    "daily sunset to sunrise, 2026-06-21, 0",
    "daily sunrise to sunset, 2026-06-21, 24",
    "daily sunset to sunrise, 2026-12-21, 24",
    "daily sunrise to sunset, 2026-12-21, 0",
    "mon sunset to sunrise, 2026-12-21, 24",
    "tue sunset to sunrise, 2026-12-21, 0",
    "daily 18:00 to sunrise, 2026-12-21, 24",
    "daily 18:00 to sunrise, 2026-06-21, 6",
    "daily 12:00 to sunset, 2026-12-21, 0",
    "daily 12:00 to sunset, 2026-06-21, 12",
  })
  void polarNightIsAllNightAndPolarDayIsNone(String rule, String day, double hours) {
    Schedule schedule = of(rule, IN_TROMSO);
    Instant start = at(day + "T00:00");
    int on = 0;
    for (int minute = 0; minute < 1440; minute++) {
      on += schedule.isOn(start.plusSeconds(60L * minute)) ? 1 : 0;
    }
    assertThat(on / 60.0).isEqualTo(hours);
  }

  @Test
  void dayAndNightFillTheYearWithoutOverlapEverywhere() {
    for (Optional<Place> place : List.of(IN_BERLIN, IN_QUITO)) {
      ZoneId zone = place.equals(IN_QUITO) ? ZoneId.of("America/Guayaquil") : BERLIN;
      Schedule day = Schedule.of(List.of("daily sunrise to sunset"), zone, place);
      Schedule night = Schedule.of(List.of("daily sunset to sunrise"), zone, place);
      Instant start = at("2026-01-01T00:00");
      for (int i = 0; i < 365 * 24; i++) {
        Instant moment = start.plusSeconds(3600L * i + 17);
        assertThat(day.isOn(moment)).as("%s", moment).isNotEqualTo(night.isOn(moment));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // On 2026-03-29 it is 03:00 right after 01:59; on 2026-10-25 the hour from 02:00 comes twice.
    "daily 02:30 to 03:30, 2026-03-29T00:59:59Z, false",
    "daily 02:30 to 03:30, 2026-03-29T01:00:00Z, true",
    "daily 02:30 to 03:30, 2026-03-29T01:29:59Z, true",
    "daily 02:30 to 03:30, 2026-03-29T01:30:00Z, false",
    "daily 02:15 to 02:45, 2026-03-29T01:00:00Z, false",
    "daily 02:15 to 02:45, 2026-03-29T12:00:00Z, false",
    "daily 02:15 to 02:45, 2026-10-25T00:15:00Z, true",
    "daily 02:15 to 02:45, 2026-10-25T01:44:59Z, true",
    "daily 02:15 to 02:45, 2026-10-25T01:45:00Z, false",
    "sun 00:00 to 24:00, 2026-10-25T22:59:59Z, true",
    "sun 00:00 to 24:00, 2026-10-25T23:00:00Z, false",
    "sun 00:00 to 24:00, 2026-03-29T21:59:59Z, true",
    "sun 00:00 to 24:00, 2026-03-29T22:00:00Z, false",
  })
  void hoursThatAreSkippedOrComeTwiceAreWhatPeopleExpect(String rule, String moment, boolean isOn) {
    assertThat(of(rule, Optional.empty()).isOn(Instant.parse(moment))).isEqualTo(isOn);
  }

  @Test
  void answerThatIsKeptIsTheSameAsOneThatIsWorkedOut() {
    Random random = new Random(3);
    String rule = "mon-sat sunset-20m to 23:30";
    Schedule kept = of(rule, IN_BERLIN);
    Instant moment = at("2026-03-20T00:00");
    for (int i = 0; i < 3000; i++) {
      moment = moment.plus(Duration.ofSeconds(random.nextInt(3000) - 600L)); // clocks are set back
      assertThat(kept.isOn(moment)).isEqualTo(of(rule, IN_BERLIN).isOn(moment));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          18:00 to 07:00              | rule "18:00 to 07:00" is not understood; allowed is DAYS FROM to TO, with daily, mon, mon-fri or sat,sun as DAYS, as in mon-fri 18:00 to 07:00
          mon 18:00-07:00             | rule "mon 18:00-07:00" is not understood; allowed is DAYS FROM to TO, with daily, mon, mon-fri or sat,sun as DAYS, as in mon-fri 18:00 to 07:00
          monday 18:00 to 07:00       | rule "monday 18:00 to 07:00": "monday" are no days; allowed are daily, and mon, tue, wed, thu, fri, sat and sun, as in mon-fri or sat,sun
          mon-wed-fri 18:00 to 07:00  | rule "mon-wed-fri 18:00 to 07:00": "mon-wed-fri" are no days; allowed are daily, and mon, tue, wed, thu, fri, sat and sun, as in mon-fri or sat,sun
          daily 18:60 to 07:00        | rule "daily 18:60 to 07:00": "18:60" is no time of day; allowed is a time from 00:00 to 24:00, or sunrise or sunset, with up to 12h added or taken away, as in sunset-30m
          daily 18:00 to 24:01        | rule "daily 18:00 to 24:01": "24:01" is no time of day; allowed is a time from 00:00 to 24:00, or sunrise or sunset, with up to 12h added or taken away, as in sunset-30m
          daily noon to 18:00         | rule "daily noon to 18:00": "noon" is no time of day; allowed is a time from 00:00 to 24:00, or sunrise or sunset, with up to 12h added or taken away, as in sunset-30m
          daily sunset-13h to 18:00   | rule "daily sunset-13h to 18:00": "sunset-13h" is no time of day; allowed is a time from 00:00 to 24:00, or sunrise or sunset, with up to 12h added or taken away, as in sunset-30m
          daily sunset to 23:00       | rule "daily sunset to 23:00" goes by the sun, which needs motion.place; allowed is LATITUDE,LONGITUDE in degrees
          """)
  void badRulesAreRefusedInOneSentence(String rule, String sentence) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(rule, Optional.empty()))
        .withMessage(sentence);
  }

  @Test
  void tooManyRulesAndPlacesOffTheEarthAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Schedule.of(
                    Collections.nCopies(33, "daily 01:00 to 02:00"), BERLIN, Optional.empty()))
        .withMessage("there are 33 rules; allowed are at most 32");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Place(91, 0))
        .withMessage(
            "place 91.0,0.0 is not on earth; allowed are a latitude from -90 to 90 and a longitude"
                + " from -180 to 180");
  }

  private static Schedule of(String rule, Optional<Place> place) {
    return Schedule.of(List.of(rule), BERLIN, place);
  }

  private static Instant at(String local) {
    return LocalDateTime.parse(local).atZone(BERLIN).toInstant();
  }
}
