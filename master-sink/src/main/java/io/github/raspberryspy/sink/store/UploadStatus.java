package io.github.raspberryspy.sink.store;

import java.util.OptionalLong;

/**
 * How far an upload is.
 *
 * @param token names it
 * @param offset bytes that are here; all of them where the segment is verified
 * @param length bytes of the whole; empty while the segment still grows
 */
public record UploadStatus(String token, long offset, OptionalLong length) {

  /** Of an upload that is complete. */
  static UploadStatus complete(String token, long length) {
    return new UploadStatus(token, length, OptionalLong.of(length));
  }

  /** Whether all of it is here. */
  public boolean isComplete() {
    return length.isPresent() && offset == length.getAsLong();
  }

  /** How many bytes may still come. */
  long room() {
    return length.orElse(SegmentStore.MAX_BYTES) - offset;
  }
}
