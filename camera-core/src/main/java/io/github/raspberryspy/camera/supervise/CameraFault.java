package io.github.raspberryspy.camera.supervise;

import java.util.Locale;
import java.util.Objects;

/**
 * Something that a pipeline has noticed of its camera, or that is over.
 *
 * @param kind what
 * @param ended whether it is over
 * @param isAlert whether somebody should be told at once
 * @param sentence for people
 */
public record CameraFault(Kind kind, boolean ended, boolean isAlert, String sentence) {

  /** What is wrong. */
  public enum Kind {
    /** The source was tried three times and cannot be opened, or breaks at once; it is tried on. */
    SOURCE_MISSING,
    /** The source is open and delivers nothing; it is opened again. */
    CAPTURE_STALLED,
    /** Frames go into the encoder and no packet comes out; both are opened again. */
    ENCODER_STALLED,
    /** The picture has been the same to the bit for too long; it is recorded all the same. */
    PICTURE_FROZEN,
    /** The picture is black, or one even tone; it is recorded all the same. */
    PICTURE_DARK,
    /** The picture lost most of its light and detail at once; it is recorded all the same. */
    LENS_COVERED,
    /** A sink of the program does not return; it is shown nothing until it does. */
    SINK_STALLED,
    /** Sound is to be recorded and none comes; the pictures go on, with silence. */
    SOUND_MISSING,
    /** A sensor beside the camera cannot be read; the picture counts alone. */
    SENSOR_MISSING,
    /** The camera shows another view than usually, or the usual one elsewhere in the picture. */
    CAMERA_MOVED,
    /** The picture lost its detail at once, and not its light. */
    CAMERA_DEFOCUSED;

    /** As it stands in JSON and in logs. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Checks presence. */
  public CameraFault {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(sentence, "sentence");
  }
}
