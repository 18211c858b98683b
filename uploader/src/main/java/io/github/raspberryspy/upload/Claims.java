package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.spool.SegmentFiles;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which segment is in whose hands: no two threads upload the same one. Thread-safe. */
final class Claims {

  private final Set<SegmentFiles> taken = ConcurrentHashMap.newKeySet();

  /** Takes it, unless somebody has it. */
  boolean take(SegmentFiles files) {
    return taken.add(files);
  }

  /** Gives it back. */
  void release(SegmentFiles files) {
    taken.remove(files);
  }
}
