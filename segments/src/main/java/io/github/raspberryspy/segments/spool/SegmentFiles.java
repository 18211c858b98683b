package io.github.raspberryspy.segments.spool;

import io.github.raspberryspy.segments.SegmentName;
import java.nio.file.Path;

/**
 * The paths of one segment's files: one folder, one name, an ending each.
 *
 * @param folder the folder of the day
 * @param name the name without ending
 */
public record SegmentFiles(Path folder, SegmentName name) {

  /** The video while it is being written. */
  public Path part() {
    return folder.resolve(name + SegmentName.PART);
  }

  /** The sealed video. */
  public Path video() {
    return folder.resolve(name + SegmentName.VIDEO);
  }

  /** The manifest; its existence is the commit. */
  public Path manifest() {
    return folder.resolve(name + SegmentName.MANIFEST);
  }

  /** The master's receipt. */
  public Path receipt() {
    return folder.resolve(name + ".ack");
  }
}
