package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.segments.Poster;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The poster of an open segment on its way into the file: it goes in front of the first fragment
 * that is written once it is made, with the same fsync. Nothing waits for it; a segment whose
 * poster does not come has none. For one thread.
 */
final class SegmentPoster {

  private static final Logger log = LoggerFactory.getLogger(SegmentPoster.class);

  private final CompletableFuture<byte[]> making;
  private int fragments; // that may still have it in front of them

  /** One that is being made. */
  SegmentPoster(CompletableFuture<byte[]> making) {
    this.making = making;
    this.fragments = Poster.LATEST_FRAGMENT;
  }

  /** None. */
  static SegmentPoster none() {
    SegmentPoster none = new SegmentPoster(new CompletableFuture<>());
    none.fragments = 0;
    return none;
  }

  /**
   * What is to be written: the fragment, a direct buffer, and the poster before it if it is due.
   */
  ByteBuffer inFrontOf(ByteBuffer fragment) {
    if (fragments == 0) {
      return fragment;
    }
    fragments--;
    if (!making.isDone()) {
      return fragment;
    }
    fragments = 0;
    byte[] box = box();
    return box.length == 0
        ? fragment
        : ByteBuffer.allocateDirect(box.length + fragment.remaining())
            .put(box)
            .put(fragment)
            .flip();
  }

  private byte[] box() {
    try {
      byte[] jpeg = making.join();
      if (Poster.fits(jpeg)) {
        return Poster.toBox(jpeg);
      }
      log.debug("a poster of {} bytes is too large", jpeg.length);
    } catch (CompletionException | CancellationException e) {
      log.debug("a segment has no poster", e);
    }
    return new byte[0];
  }
}
