package io.github.raspberryspy.motion;

import java.util.Optional;

/**
 * What a detector has beside the picture, and who looks at the view with it. One set serves all
 * detectors of a camera, one after the other.
 *
 * @param pir a passive-infrared sensor, if there is one
 * @param tamper who notices that somebody puts hands on the camera, if anybody is to
 */
public record MotionAids(Optional<PirFusion> pir, Optional<TamperWatch> tamper) {

  /** Nothing and nobody. */
  public static final MotionAids NONE = new MotionAids(Optional.empty(), Optional.empty());

  Analysis analysis(MotionConfig config) {
    Analysis picture = new MotionAnalyzer(config, tamper);
    return pir.isPresent() ? new FusedAnalysis(picture, pir.get()) : picture;
  }
}
