package io.github.raspberryspy.segments;

/** Why a segment ended. */
public enum CloseReason {
  /** It reached the configured length. */
  TIME,
  /** Somebody asked for it: it is to be uploaded at once. */
  FLUSH,
  /** The recording stopped, its source ended or broke, or, in event mode, the event was over. */
  STOP,
  /** The camera's process died; the camera cut the file at its last whole fragment. */
  RECOVERED,
  /** The camera was lost; the master cut what it had at the last whole fragment. */
  SALVAGED
}
