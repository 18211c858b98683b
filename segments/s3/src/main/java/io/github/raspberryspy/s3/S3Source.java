package io.github.raspberryspy.s3;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes that are sent to an object store, and may be read more than once. Thread-safe. */
@FunctionalInterface
public interface S3Source {

  /**
   * Reads so many bytes from an offset on, all of which are there.
   *
   * @return a buffer of its own, ready to be read
   */
  ByteBuffer piece(long offset, int length) throws IOException;
}
