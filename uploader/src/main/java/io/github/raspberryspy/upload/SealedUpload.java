package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.wire.Receipt;
import java.io.Closeable;

/**
 * One sealed segment on its way: {@link #send} brings the bytes, {@link #seal} the receipt. Two
 * steps, since it may take minutes to read a large segment again, in which the link is free for
 * another. For one thread at a time.
 */
interface SealedUpload extends Closeable {

  /**
   * Sends what the target lacks.
   *
   * @throws UploadException why not
   */
  void send() throws UploadException;

  /**
   * Has it verified, and sends what it turns out to lack. Whoever gets a receipt from here may
   * delete the segment: the target holds the id, the size and the hash of the camera's own
   * manifest, and the file is still the one that was sent.
   *
   * @throws UploadException why not
   */
  Receipt seal() throws UploadException;
}
