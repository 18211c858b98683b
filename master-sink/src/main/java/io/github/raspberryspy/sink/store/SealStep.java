package io.github.raspberryspy.sink.store;

/** Steps of a seal, in order: what is done when the probe is called. */
enum SealStep {
  /** The bytes were read again, have size and hash, and are a segment that plays. */
  VERIFIED,
  /** The manifest lies beside the partial: from here on the seal is finished at start. */
  INTENT_WRITTEN,
  /** The video's bytes are on disk. */
  SYNCED,
  /** The video has its final name, durably. */
  VIDEO_PLACED,
  /** So has the manifest. */
  MANIFEST_PLACED,
  /** The row is committed: the segment is the master's. */
  INDEXED,
  /** Nothing of the upload is left. */
  CLEANED;

  /** Told of every step; a test lets the process die there. */
  @FunctionalInterface
  interface Probe {
    /** Nobody listens. */
    Probe NONE = step -> {};

    void after(SealStep step);
  }
}
