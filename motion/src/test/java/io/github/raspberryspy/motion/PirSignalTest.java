package io.github.raspberryspy.motion;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PirSignalTest {

  private final PirSignal signal = new PirSignal();
  private final PirSignal.Reading reading = new PirSignal.Reading();

  @Test
  void nobodyHasReadItYet() {
    signal.read(5, reading);

    assertThat(reading.isLost).isTrue();
    assertThat(reading.hasBeenWarm).isFalse();
    assertThat(signal.isLost()).isTrue();
  }

  @Test
  void whatComesLaterDoesNotCountYet() {
    signal.cold(10);
    signal.warm(20);
    signal.cold(30);

    signal.read(15, reading);
    assertThat(reading.hasBeenWarm).isFalse();
    assertThat(reading.isLost).isFalse();
    signal.read(25, reading);
    assertThat(reading.sinceNanos).isEqualTo(20);
    assertThat(reading.untilNanos).isEqualTo(25);
    signal.read(40, reading);
    assertThat(reading.sinceNanos).isEqualTo(20);
    assertThat(reading.untilNanos).isEqualTo(30);
  }

  @Test
  void warmthEndsWhereItCannotBeReadAnyMore() {
    signal.warm(20);
    signal.lost(30);

    signal.read(50, reading);
    assertThat(reading.isLost).isTrue();
    assertThat(reading.untilNanos).isEqualTo(30);
    assertThat(signal.isWarm()).isFalse();
  }

  @Test
  void timeDoesNotRunBackwards() {
    signal.warm(20);
    signal.cold(10);

    signal.read(25, reading);
    assertThat(reading.untilNanos).isEqualTo(20);
  }

  @Test
  void ofManyChangesTheLatestAreRemembered() {
    for (int i = 0; i < 1000; i++) {
      signal.warm(20L * i);
      signal.cold(20L * i + 10);
    }

    signal.read(30_000, reading);
    assertThat(reading.sinceNanos).isEqualTo(19_980);
    signal.read(19_965, reading);
    assertThat(reading.sinceNanos).isEqualTo(19_960);
    signal.read(0, reading);
    assertThat(reading.isLost).as("too long ago").isTrue();
  }

  @Test
  void aSensorThatSeesNothingForADayWhileThePictureMovesIsDoubtedUntilItDoes() {
    long day = PirSignal.SILENCE.toNanos();
    signal.cold(0);
    for (int i = 1; i < 100; i++) {
      signal.moved(i * (day - 1) / 100);
    }
    assertThat(signal.isDoubted()).as("not for long enough").isFalse();

    signal.moved(day + 1);
    signal.read(day + 2, reading);
    assertThat(signal.isDoubted()).isTrue();
    assertThat(reading.isLost).isTrue();

    signal.warm(day + 10);
    signal.read(day + 11, reading);
    assertThat(signal.isDoubted()).isFalse();
    assertThat(reading.isLost).isFalse();
  }

  @Test
  void whereThePictureIsStillTooNobodyDoubtsTheSensor() {
    signal.cold(0);
    for (int i = 1; i < PirSignal.MOTIONS; i++) {
      signal.moved(i * PirSignal.SILENCE.toNanos());
    }

    assertThat(signal.isDoubted()).isFalse();
  }
}
