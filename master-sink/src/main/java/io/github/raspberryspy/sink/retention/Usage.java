package io.github.raspberryspy.sink.retention;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * How things stand.
 *
 * @param usedBytes footage there is, saved segments included
 * @param usedByCamera the same of each camera
 * @param unsavedByCamera the same without saved segments
 * @param besideByCamera what manifests and rows of the index take of the disk beside that, or many
 *     small files would cost a camera nothing
 * @param missingBytes how much less is free on the disk than has to be; not above 0 where enough is
 * @param now by the master's clock
 */
record Usage(
    long usedBytes,
    Map<String, Long> usedByCamera,
    Map<String, Long> unsavedByCamera,
    Map<String, Long> besideByCamera,
    long missingBytes,
    Instant now) {

  /** All that each camera takes of the disk without saved segments. */
  Map<String, Long> unsavedOnDisk() {
    Map<String, Long> all = new TreeMap<>(unsavedByCamera);
    besideByCamera.forEach((camera, bytes) -> all.merge(camera, bytes, Long::sum));
    return all;
  }
}
