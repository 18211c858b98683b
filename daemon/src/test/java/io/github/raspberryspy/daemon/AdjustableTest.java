package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.raspberryspy.daemon.config.CameraKeys;
import io.github.raspberryspy.daemon.config.Settings;
import io.github.raspberryspy.segments.wire.LinkMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A camera's own word of what may be set, beside what its master says for it while it is away. */
class AdjustableTest {

  private static final Adjustable CAMERA =
      Adjustable.of(
          Settings.of(
              CameraKeys.ALL,
              List.of("camera.name=front", "camera.source=test://", "spool.folder=/tmp")));

  private static Optional<String> objectionOfMaster(Map<String, String> values) {
    return new LinkMessage.Settings(0, Optional.empty(), CAMERA.describe(Map.of()))
        .objection(values);
  }

  @ParameterizedTest
  @CsvSource({
    "camera.size, huge",
    "camera.fps, 241",
    "camera.fps, 240.5",
    "record.segment, 1ms",
    "record.mode, always",
    "record.pre-roll, 5",
    "encoder.bitrate, 1",
    "overlay.time, yes",
    "privacy.masks, '0,0,1'",
    "motion.sensitivity, 101",
    "motion.cooldown, never",
    "spool.folder, /home"
  })
  void theMasterRefusesWhatTheCameraRefusesInTheSameSentence(String key, String value) {
    Map<String, String> values = Map.of(key, value);
    Throwable ofCamera = catchThrowable(() -> CAMERA.with(values));
    assertThat(objectionOfMaster(values)).hasValue(ofCamera.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "camera.size, 640x480",
    "camera.size, ''",
    "camera.fps, 7.5",
    "camera.fps, 240",
    "camera.fps, ''",
    "record.segment, 24h",
    "record.mode, events",
    "encoder.gop, 100ms",
    "overlay.text, Haustür",
    "privacy.masks, '0,0,0.5,0.5;0.5,0.5,0.1,0.1'",
    "motion.schedule, 'mon-fri 08:00 to 18:00'",
    "motion.zones, 'door trigger:70 0.1,0.2 0.5,0.2 0.5,0.9'"
  })
  void theMasterRefusesNothingThatTheCameraTakes(String key, String value) {
    Map<String, String> values = Map.of(key, value);
    assertThat(CAMERA.with(values)).isNotNull();
    assertThat(objectionOfMaster(values)).isEmpty();
  }
}
