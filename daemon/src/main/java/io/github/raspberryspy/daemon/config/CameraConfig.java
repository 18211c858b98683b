package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.camera.audio.AudioConfig;
import io.github.raspberryspy.camera.encode.EncoderConfig;
import io.github.raspberryspy.camera.overlay.OverlayConfig;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.camera.snapshot.TimeLapseConfig;
import io.github.raspberryspy.camera.supervise.SuperviseConfig;
import io.github.raspberryspy.daemon.gpio.PirConfig;
import io.github.raspberryspy.motion.MotionConfig;
import io.github.raspberryspy.motion.Schedule;
import io.github.raspberryspy.upload.UploaderConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * One camera with all that runs beside it.
 *
 * @param name of the camera
 * @param source its URI
 * @param encoder how video is encoded
 * @param recorder where and how segments are written
 * @param audio which sound is recorded, if any is
 * @param supervision what is watched, and how patiently
 * @param overlay what is burnt into the picture
 * @param timeLapse how still pictures are kept, if they are
 * @param motion how motion is looked for, if it is
 * @param motionDecode how much of an H.264 source is decoded for it
 * @param schedule when motion is looked for
 * @param tamper whether it is noticed that somebody puts hands on the camera
 * @param cooldown how long after an event nobody is told of another; 0 for no pause
 * @param pir the passive-infrared sensor, if there is one
 * @param upload where footage goes, and how the camera talks to its master, if there is either
 * @param away whom the camera tells that its master is away, if anybody
 */
public record CameraConfig(
    String name,
    String source,
    EncoderConfig encoder,
    RecorderConfig recorder,
    Optional<AudioConfig> audio,
    SuperviseConfig supervision,
    OverlayConfig overlay,
    Optional<TimeLapseConfig> timeLapse,
    Optional<MotionConfig> motion,
    MotionDecode motionDecode,
    Schedule schedule,
    boolean tamper,
    Duration cooldown,
    Optional<PirConfig> pir,
    Optional<UploaderConfig> upload,
    Optional<AwayConfig> away) {

  /** The same, whose footage goes there. */
  public CameraConfig withUpload(UploaderConfig there) {
    return new CameraConfig(
        name,
        source,
        encoder,
        recorder,
        audio,
        supervision,
        overlay,
        timeLapse,
        motion,
        motionDecode,
        schedule,
        tamper,
        cooldown,
        pir,
        Optional.of(there),
        away);
  }
}
