package io.github.raspberryspy.sink.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.DamagedVideoException;
import io.github.raspberryspy.segments.Mp4Playable;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where in segments which moment is, for players; of those that were played last it is kept in
 * memory. Thread-safe.
 */
public final class Playables {

  /** Most bytes that are kept: of some hundred hours of footage. */
  static final int MOST_BYTES = 4 << 20;

  /** In a bucket each fragment is a request: a longer file is played as it is. */
  static final long MOST_OF_A_BUCKET = 64L << 20;

  @GuardedBy("this")
  private final Map<String, Mp4Playable> latest = new LinkedHashMap<>(16, 0.75f, true);

  @GuardedBy("this")
  private long bytes;

  /**
   * How to play a video; empty where that cannot be told, so that players have to find their way in
   * the file itself.
   *
   * @param sha256 of its bytes
   * @throws java.nio.file.NoSuchFileException if it was deleted meanwhile
   */
  public Optional<Mp4Playable> of(String sha256, StoredVideo video) throws IOException {
    synchronized (this) {
      Mp4Playable known = latest.get(sha256);
      if (known != null) {
        return Optional.of(known);
      }
    }
    if (video.isInBucket() && video.bytes() > MOST_OF_A_BUCKET) {
      return Optional.empty();
    }
    try {
      Mp4Playable read = Mp4Playable.of(video);
      keep(sha256, read);
      return Optional.of(read);
    } catch (DamagedVideoException e) {
      return Optional.empty();
    }
  }

  private synchronized void keep(String sha256, Mp4Playable read) {
    if (latest.put(sha256, read) == null) {
      bytes += read.indexBytes();
    }
    for (Iterator<Mp4Playable> oldest = latest.values().iterator(); bytes > MOST_BYTES; ) {
      bytes -= oldest.next().indexBytes();
      oldest.remove();
    }
  }
}
