package io.github.raspberryspy.motion;

import java.util.Optional;

/**
 * What a detector has beside the picture. One set serves all detectors of a camera, one after the
 * other.
 *
 * @param pir a passive-infrared sensor, if there is one
 */
public record MotionAids(Optional<PirFusion> pir) {

  /** Nothing beside the picture. */
  public static final MotionAids NONE = new MotionAids(Optional.empty());

  Analysis analysis(MotionConfig config) {
    Analysis picture = new MotionAnalyzer(config);
    return pir.isPresent() ? new FusedAnalysis(picture, pir.get()) : picture;
  }
}
