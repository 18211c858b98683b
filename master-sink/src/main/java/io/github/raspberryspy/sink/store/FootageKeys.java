package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentName;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The keys of a segment: that of its video is what the index keeps, the others have the same name
 * with another ending.
 */
final class FootageKeys {

  /** Ending of the mark beside a segment that somebody deleted. */
  static final String TRASHED = ".trashed";

  /** Ending of the mark beside a saved segment. */
  static final String SAVED = ".saved";

  private FootageKeys() {}

  /** The manifest of a video. */
  static String manifest(String video) {
    return base(video, SegmentName.VIDEO) + SegmentName.MANIFEST;
  }

  /** The saved mark of a video. */
  static String savedMark(String video) {
    return base(video, SegmentName.VIDEO) + SAVED;
  }

  /** The mark of the video of a segment that somebody deleted. */
  static String trashMark(String video) {
    return base(video, SegmentName.VIDEO) + TRASHED;
  }

  /** The video of a manifest. */
  static String video(String manifest) {
    return base(manifest, SegmentName.MANIFEST) + SegmentName.VIDEO;
  }

  /** The video that something belongs to by its name; empty where it has no such name. */
  static Optional<String> videoBeside(String key) {
    return Stream.of(SegmentName.VIDEO, SegmentName.MANIFEST, SAVED, TRASHED)
        .filter(key::endsWith)
        .findFirst()
        .map(ending -> base(key, ending) + SegmentName.VIDEO);
  }

  /** Whether the name of a folder is one that a camera can have. */
  static boolean isCamera(String folder) {
    try {
      SegmentId.requireCameraName(folder);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String base(String key, String ending) {
    return key.substring(0, key.length() - ending.length());
  }
}
