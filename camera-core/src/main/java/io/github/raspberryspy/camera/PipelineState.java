package io.github.raspberryspy.camera;

/** What a pipeline is doing. */
public enum PipelineState {
  /** Opening its source. */
  STARTING,
  /** Frames arrive. */
  RUNNING,
  /** The source or the encoder failed; it is opened again after a pause. */
  RETRYING,
  /** Ended: told to, at the end of its source, or because nothing would change by itself. */
  STOPPED
}
