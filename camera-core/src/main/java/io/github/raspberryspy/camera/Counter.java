package io.github.raspberryspy.camera;

/** What a pipeline counts: every loss has one. */
public enum Counter {
  /** Frames that the source delivered. */
  FRAMES_CAPTURED,
  /** Frames that the source itself lost: no free slot, or a hole in the driver's sequence. */
  FRAMES_LOST_AT_SOURCE,
  /** Frames that the encoder's queue refused because the encoder was behind. */
  FRAMES_REFUSED_BY_ENCODER,
  /**
   * Frames whose pixels were copied once, because the encoder does not take the source's format.
   */
  FRAMES_CONVERTED,
  /** Frames that were copied before the encoder, to burn an overlay into the copy. */
  FRAMES_COPIED,
  /** Frames that went into the encoder. */
  FRAMES_ENCODED,
  /** Access units that were written to a segment. */
  FRAMES_RECORDED,
  /** Access units that the recorder never saw because it was behind by more than the window. */
  FRAMES_LOST_BY_RECORDER,
  /** Segments that were sealed. */
  SEGMENTS_SEALED,
  /** Bytes that were written to segments. */
  BYTES_RECORDED,
  /** Bytes that were written to the disk, so not to memory: what wears a card out. */
  BYTES_TO_DISK,
  /** Times that the source was opened. */
  RUNS,
  /** Times that an open source fell silent and was opened again. */
  CAPTURE_STALLS,
  /** Times that the encoder took frames, gave nothing, and was opened again. */
  ENCODER_STALLS,
  /** Times that the picture stood still, was dark, or was covered. */
  PICTURE_FAULTS,
  /** Times that sound was missing where it was to be recorded: silence stands there. */
  SOUND_FAULTS,
  /** Runs of which something hangs in native code: it is left as it is, memory included. */
  RUNS_ABANDONED,
  /** Times that a sink failed on a frame or a stream. */
  SINK_FAILURES,
  /** Times that a sink did not return, and was left out until it did. */
  SINK_STALLS,
  /**
   * Access units of an H.264 source that were decoded, once or more, to be shown to sinks or to the
   * watch over the picture. Where there is either, these and the next make up those that were
   * captured.
   */
  FRAMES_DECODED,
  /**
   * Access units of an H.264 source that were not decoded: nothing moved and no sink wanted them,
   * or the decoder was too late for them or had to wait for a keyframe.
   */
  FRAMES_NOT_DECODED,
  /**
   * Pictures of an H.264 source that got lost in decoding: damaged ones, and those for which there
   * was no room since sinks held too many.
   */
  FRAMES_LOST_BY_DECODER,
  /** Times that the decoder that shows frames of H.264 failed and was opened again. */
  DECODER_FAILURES
}
