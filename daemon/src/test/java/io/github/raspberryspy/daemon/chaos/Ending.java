package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.segments.SegmentManifest;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is there when all is quiet.
 *
 * @param stored what lies in the footage folder, deleted by somebody or not
 * @param listed the ids of complete segments that the master lists, each as often as it does
 * @param saved those that it lists as saved
 * @param trashed the ids that it lists as deleted, each as often as it does
 * @param spooled the ids that are still sealed in a spool
 * @param quarantined the ids in a camera's quarantine
 * @param open bytes of segments that the master holds as open uploads still: they become segments
 *     when nobody has gone on with them for long enough
 */
record Ending(
    List<Stored> stored,
    List<String> listed,
    Set<String> saved,
    List<String> trashed,
    Set<String> spooled,
    Set<String> quarantined,
    Map<String, Long> open) {

  /**
   * A segment in the footage folder.
   *
   * @param manifest as it lies there
   * @param sha256 of the bytes as they were read again
   * @param plays whether they are a whole fragmented MP4 that starts with a keyframe
   */
  record Stored(SegmentManifest manifest, String sha256, boolean plays) {

    String id() {
      return manifest.id().toString();
    }
  }
}
