package io.github.raspberryspy.motion;

import java.util.Optional;

/**
 * What a detector has beside the picture, who looks at the view with it, and when. One set serves
 * all detectors of a camera, one after the other.
 *
 * @param pir a passive-infrared sensor, if there is one
 * @param tamper who notices that somebody puts hands on the camera, if anybody is to
 * @param schedule when motion is looked for; at other times nothing is flagged, and manifests say
 *     that nobody looked
 */
public record MotionAids(Optional<PirFusion> pir, Optional<TamperWatch> tamper, Schedule schedule) {

  /** Nothing and nobody, at all times. */
  public static final MotionAids NONE = new MotionAids(Optional.empty(), Optional.empty());

  /** At all times. */
  public MotionAids(Optional<PirFusion> pir, Optional<TamperWatch> tamper) {
    this(pir, tamper, Schedule.always());
  }

  Analysis analysis(MotionConfig config) {
    Analysis picture = new MotionAnalyzer(config, tamper);
    return pir.isPresent() ? new FusedAnalysis(picture, pir.get()) : picture;
  }
}
