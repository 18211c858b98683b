package io.github.raspberryspy.upload;

/** Where segments are brought to: a master, or a store of files. Thread-safe. */
interface UploadTarget extends AutoCloseable {

  /** The way there for one of the uploader's threads, with its turn on the link. */
  TargetClient on(SharedLink.Lane lane);

  /** So many segments of the backlog are best on their way at once. */
  default int parallel() {
    return 1;
  }

  /** Breaks off what is in flight, for good. */
  void abort();

  @Override
  void close();
}
