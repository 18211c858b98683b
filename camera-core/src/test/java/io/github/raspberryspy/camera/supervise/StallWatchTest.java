package io.github.raspberryspy.camera.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.camera.supervise.CameraFault.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StallWatchTest {

  private static final Duration STALL = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final RunProgress progress = new RunProgress();
  private StallWatch watch = new StallWatch(STALL, progress);
  private long now = 42;

  private static StreamInfo info(boolean isLive, double fps) {
    return new StreamInfo(false, isLive, 640, 480, fps, Optional.empty(), List.of());
  }

  private Optional<Kind> look(Duration step) {
    now += step.toNanos();
    return watch.look(now, false);
  }

  /** Looks ten times a second until something is found. Returns how long that took. */
  private Duration untilFound(Kind expected, Duration most) {
    for (Duration t = LOOK; t.compareTo(most) <= 0; t = t.plus(LOOK)) {
      Optional<Kind> found = look(LOOK);
      if (found.isPresent()) {
        assertThat(found).contains(expected);
        return t;
      }
    }
    return Duration.ZERO;
  }

  private void running(boolean isLive, double fps) {
    look(LOOK);
    progress.opened(info(isLive, fps));
    progress.delivered();
    look(LOOK);
  }

  @Test
  void aLiveSourceThatFallsSilentIsFoundAfterItsTime() {
    running(true, 30);
    assertThat(untilFound(Kind.CAPTURE_STALLED, Duration.ofMinutes(1))).isEqualTo(STALL);
  }

  @Test
  void aSourceThatDeliversIsLeftAlone() {
    running(true, 30);
    for (int i = 0; i < 600; i++) {
      progress.delivered();
      assertThat(look(LOOK)).isEmpty();
    }
  }

  @Test
  void aSlowCameraMayBeSilentForFiveOfItsIntervals() {
    running(true, 1);
    assertThat(untilFound(Kind.CAPTURE_STALLED, Duration.ofMinutes(1)))
        .isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void theFirstFrameMayTakeFiveTimesAsLong() {
    progress.opened(info(true, 30));
    look(LOOK);
    assertThat(untilFound(Kind.CAPTURE_STALLED, Duration.ofMinutes(1)))
        .isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void aFileThatWaitsForItsReadersIsNoStall() {
    running(false, 30);
    assertThat(untilFound(Kind.CAPTURE_STALLED, Duration.ofMinutes(5))).isZero();
  }

  @Test
  void openingIsGivenHalfAMinuteAndHardlyAnyOnceTheRunIsToEnd() {
    look(LOOK);
    assertThat(untilFound(Kind.CAPTURE_STALLED, Duration.ofMinutes(1)))
        .isEqualTo(Duration.ofSeconds(30));
    watch = new StallWatch(STALL, new RunProgress());
    watch.look(now, true);
    for (int i = 1; i < 20; i++) {
      now += LOOK.toNanos();
      assertThat(watch.look(now, true)).isEmpty();
    }
    now += LOOK.toNanos();
    assertThat(watch.look(now, true)).contains(Kind.CAPTURE_STALLED);
  }

  @Test
  void anEncoderThatDoesNotComeBackIsFound() {
    running(true, 30);
    progress.encoderTakes();
    assertThat(deliveringUntilFound(Kind.ENCODER_STALLED)).isEqualTo(STALL);
  }

  @Test
  void anEncoderThatComesBackWithNothingIsFound() {
    running(true, 30);
    Duration taken = Duration.ZERO;
    Optional<Kind> found = Optional.empty();
    while (found.isEmpty()) {
      progress.delivered();
      progress.encoderTakes();
      progress.encoderReturns();
      taken = taken.plus(LOOK);
      found = look(LOOK);
    }
    assertThat(found).contains(Kind.ENCODER_STALLED);
    assertThat(taken).isEqualTo(STALL);
  }

  @Test
  void anEncoderThatKeepsAFrameBackIsLeftAloneWhileItsSourceIsSlow() {
    running(true, 30);
    for (int i = 0; i < 10; i++) { // each frame brings the packet of the one before
      progress.delivered();
      progress.encoderTakes();
      if (i > 0) {
        progress.encoderGives();
        progress.encoderGoesOn();
      }
      progress.encoderReturns();
      look(LOOK);
    }
    for (int i = 0; i < 600; i++) {
      progress.delivered();
      assertThat(look(LOOK)).isEmpty();
    }
  }

  @Test
  void anEncoderThatWaitsForTheDiskIsNotToBlame() {
    running(false, 30);
    progress.encoderTakes();
    progress.encoderGives(); // and the packet is not taken from it
    assertThat(untilFound(Kind.ENCODER_STALLED, Duration.ofMinutes(5))).isZero();
    progress.encoderGoesOn();
    assertThat(untilFound(Kind.ENCODER_STALLED, Duration.ofMinutes(5))).isEqualTo(STALL);
  }

  @Test
  void sealingMayTakeLongOnceTheEncoderIsClosed() {
    running(true, 30);
    progress.encoderTakes();
    progress.encoderReturns();
    progress.draining();
    progress.encoderEnded();
    assertThat(untilFound(Kind.ENCODER_STALLED, Duration.ofMinutes(5))).isZero();
    progress.closing();
    assertThat(untilFound(Kind.CAPTURE_STALLED, Duration.ofMinutes(5)))
        .isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void timeInWhichNobodyCouldLookIsNoSilence() {
    running(true, 30);
    assertThat(look(Duration.ofHours(1))).as("the process was stopped").isEmpty();
    progress.delivered();
    assertThat(look(LOOK)).isEmpty();
  }

  @Test
  void aPatienceOfZeroNeverEnds() {
    watch = new StallWatch(Duration.ZERO, progress);
    running(true, 30);
    progress.encoderTakes();
    assertThat(untilFound(Kind.ENCODER_STALLED, Duration.ofMinutes(5))).isZero();
  }

  private Duration deliveringUntilFound(Kind expected) {
    for (Duration t = LOOK; ; t = t.plus(LOOK)) {
      progress.delivered();
      Optional<Kind> found = look(LOOK);
      if (found.isPresent()) {
        assertThat(found).contains(expected);
        return t;
      }
    }
  }
}
