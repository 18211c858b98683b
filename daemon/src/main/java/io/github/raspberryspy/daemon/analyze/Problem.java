package io.github.raspberryspy.daemon.analyze;

import io.github.raspberryspy.camera.CameraException;

/**
 * Why something that was asked for could not be done, while the rest goes on. Immutable.
 *
 * @param sentence names the file and what is wrong with it
 * @param isWrongUse whether it was no video in the first place, rather than a damaged one
 */
public record Problem(String sentence, boolean isWrongUse) {

  static Problem of(CameraException e) {
    return new Problem(e.getMessage(), e.kind() == CameraException.Kind.INVALID);
  }
}
